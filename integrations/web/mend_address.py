"""Where the one button of a problem leads: the page that mends it, at the field that is at fault."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from freightbridge.access.permissions import Permission
from freightbridge.tenancy.models import Tenant
from freightbridge.ui.page_address import page_address
from integrations.mapping.problems import Problem
from integrations.problem_catalogue.causes import cause_of_problem
from integrations.problem_catalogue.codes import CATALOGUE, MendPage

# The word of a problem that its page looks the row up by; the page marks that row as picked.
LOOKED_UP_BY = {
    MendPage.CUSTOMERS: "customer",
    MendPage.CHARGES: "charge_code",
    MendPage.TAXES: "tax_code",
    MendPage.CURRENCIES: "currency",
    MendPage.ITEMS: "charge_code",
}
NEEDED = {
    MendPage.CUSTOMERS: Permission.MANAGE_MAPPINGS,
    MendPage.CUSTOMER: Permission.EDIT_FREIGHT,
    MendPage.CHARGES: Permission.MANAGE_MAPPINGS,
    MendPage.TAXES: Permission.MANAGE_MAPPINGS,
    MendPage.CURRENCIES: Permission.VIEW_SETTINGS,
    MendPage.LINES: Permission.MANAGE_MAPPINGS,
    MendPage.TRACKING: Permission.MANAGE_MAPPINGS,
    MendPage.ITEMS: Permission.MANAGE_MAPPINGS,
    MendPage.RULES: Permission.MANAGE_SENDING_RULES,
    MendPage.ORGANISATIONS: Permission.MANAGE_SENDING_RULES,
    MendPage.NUMBERS: Permission.MANAGE_SENDING_RULES,
    MendPage.CONNECTION: Permission.VIEW_SETTINGS,
    MendPage.SHIPMENT: Permission.EDIT_FREIGHT,
    MendPage.DOCUMENT: Permission.SEND_TO_ACCOUNTING,
    MendPage.RECONCILIATION: Permission.SEND_TO_ACCOUNTING,
}
# What is chosen once for many shipments is chosen on the page of its cause, which sends them on too.
MENDED_WITH_CAUSE = {MendPage.CUSTOMERS, MendPage.CHARGES, MendPage.TAXES}
PICKED, SEVERAL = "picked", ", "
MISSING_FIELD, PAYMENT_TERMS = "FB-401", "due_date"
# The id of the field, the button or the part of the page; other pages mark the row that was looked up.
FIELDS = {
    "FB-101": "connect",
    "FB-102": "connect",
    "FB-204": "div_id_name",
    "FB-206": "div_id_email",
    "FB-309": "div_id_tax_type",
    "FB-310": "div_id_pair",
    "FB-403": "refresh",
    "FB-405": "charges",
    "FB-407": "div_id_supplier_number",
    "FB-409": "billers",
    "FB-410": "series",
    "FB-503": "div_id_target_status",
    "FB-505": "div_id_target_status",
    "FB-510": "breaks",
    "FB-511": "send-anyway-button",
    "FB-601": "pdf",
}
SEND_AGAIN = "send-again"
# What the button says on the page of the document itself, by the place that it leads to.
HERE = {SEND_AGAIN: "Go to Send again", "send-anyway-button": "Go to Send anyway", "pdf": "Go to the PDF"}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a problem is told of, by public ids; None where it is of several, or of none."""

    shipment_id: UUID | None = None
    invoice_id: UUID | None = None


def mend_address(problem: Problem, tenant: Tenant, about: About) -> str:
    """Empty where nobody but us can mend it, or where nothing says which shipment it is about."""
    page = CATALOGUE[problem.code].page
    if page == MendPage.NONE:
        return ""
    if problem.code == MISSING_FIELD and problem.subject == PAYMENT_TERMS and "customer" in problem.named_words:
        return _customer(problem, tenant, "div_id_payment_terms_days")
    if page == MendPage.CUSTOMER:
        return _customer(problem, tenant, FIELDS[problem.code])
    if page in {MendPage.SHIPMENT, MendPage.DOCUMENT}:
        return _own_page(problem, tenant, about)
    word = problem.named_words.get(LOOKED_UP_BY.get(page, ""), "")
    return page_address(tenant, page) + (f"?{urlencode({'q': word})}" if word else "") + _place(problem, word)


def mend_address_in_list(problem: Problem, tenant: Tenant, about: About, *, side: str) -> str:
    """As `mend_address`, where the others that the same cause stops are near. `side`: of the document that has it."""
    if CATALOGUE[problem.code].page in MENDED_WITH_CAUSE:
        return page_address(tenant, "attention_cause", cause_of_problem(problem, side=side).public_id)
    return mend_address(problem, tenant, about)


def label_on_document(problem: Problem) -> str:
    """Empty for what is not mended on the page of the document."""
    return HERE[_place_on_document(problem)] if CATALOGUE[problem.code].page == MendPage.DOCUMENT else ""


def _customer(problem: Problem, tenant: Tenant, field: str) -> str:
    code = urlencode({"code": problem.named_words.get("customer", problem.subject)})
    return f"{page_address(tenant, MendPage.CUSTOMER)}?{code}#{field}"


def _own_page(problem: Problem, tenant: Tenant, about: About) -> str:
    """A document that nobody named stands on the page of its shipment, with a button of its own."""
    if CATALOGUE[problem.code].page == MendPage.SHIPMENT:
        field = f"div_id_{problem.subject}" if problem.code == MISSING_FIELD else FIELDS[problem.code]
        return f"{page_address(tenant, 'shipment_edit', about.shipment_id)}#{field}" if about.shipment_id else ""
    if about.invoice_id is not None:
        return f"{page_address(tenant, 'invoice', about.invoice_id)}#{_place_on_document(problem)}"
    return page_address(tenant, "shipment", about.shipment_id) if about.shipment_id else ""


def _place_on_document(problem: Problem) -> str:
    return FIELDS.get(problem.code, SEND_AGAIN)


def _place(problem: Problem, word: str) -> str:
    field = FIELDS.get(problem.code, "")
    if field:
        return f"#{field}"
    # Of several codes, as in a refusal of Xero's that names none, no single row is meant.
    if not word or SEVERAL in word:
        return ""
    side = problem.named_words.get("side", "")
    is_sided = CATALOGUE[problem.code].page in {MendPage.CHARGES, MendPage.TAXES} and side
    return f"#{PICKED}-{side}" if is_sided else f"#{PICKED}"
