"""A problem as a page shows it: the sentence, whose turn it is, and the one link that mends it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from freightbridge.access.permissions import Permission
from freightbridge.tenancy.models import Tenant
from freightbridge.ui.page_address import page_address
from integrations.mapping.problems import Problem
from integrations.problem_catalogue.codes import MendedBy, MendPage
from integrations.problem_catalogue.describe import Description, describe, from_json

# The word of a problem that its page looks the row up by.
LOOKED_UP_BY = {MendPage.CUSTOMERS: "customer", MendPage.CHARGES: "charge_code", MendPage.TAXES: "tax_code"}
NEEDED = {
    MendPage.CUSTOMERS: Permission.MANAGE_MAPPINGS,
    MendPage.CHARGES: Permission.MANAGE_MAPPINGS,
    MendPage.TAXES: Permission.MANAGE_MAPPINGS,
    MendPage.RULES: Permission.MANAGE_SENDING_RULES,
    MendPage.CONNECTION: Permission.VIEW_SETTINGS,
    MendPage.SHIPMENT: Permission.EDIT_FREIGHT,
}
FIELD_IS_SUBJECT = "FB-401"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemView:
    """`alias`: ImpexDocs' text. `mend_address` is empty where nobody but us can mend it."""

    code: str
    title: str
    text: str
    alias: str
    xero_text: str
    mended_by: MendedBy
    mend: str
    mend_address: str
    needs: str


@dataclass(frozen=True, slots=True)
class SupportText:
    """`code` is quoted on the telephone; `text` goes into a ticket."""

    code: str
    text: str


def support_text(problems: Iterable[ProblemView], *, number: str, code: str) -> SupportText:
    """All that support needs to find it, in a few lines (F47)."""
    lines = [f"Document {number}, support code {code}"]
    for problem in problems:
        lines.append(f"{problem.code} {problem.title}: {problem.text}")
        if problem.xero_text:
            lines.append(f"Xero: {problem.xero_text}")
    return SupportText(code, "\n".join(lines))


def problem_views(
    problems: Iterable[dict[str, Any]], *, tenant: Tenant, shipment_id: UUID | None = None
) -> list[ProblemView]:
    """`shipment_id`: the public id of the shipment whose page it is, or that it is about."""
    return [_view(from_json(data), tenant, shipment_id) for data in problems]


def problem_sentence(problems: list[dict[str, Any]]) -> str:
    """The first one, and how many more there are: what fits into a row of a list."""
    if not problems:
        return ""
    first = describe(from_json(problems[0])).text
    return f"{first} (and {len(problems) - 1} more)" if len(problems) > 1 else first


def _view(problem: Problem, tenant: Tenant, shipment_id: UUID | None) -> ProblemView:
    described = describe(problem)
    page = described.entry.page
    return ProblemView(
        code=described.code,
        title=described.entry.title,
        text=described.text,
        alias=described.alias,
        xero_text=described.xero_text,
        mended_by=described.entry.mended_by,
        mend="Edit the shipment" if page == MendPage.SHIPMENT else described.entry.mend,
        mend_address=_address(problem, described, tenant, shipment_id),
        needs=NEEDED[page].name.lower() if page in NEEDED else "",
    )


def _address(problem: Problem, described: Description, tenant: Tenant, shipment_id: UUID | None) -> str:
    page = described.entry.page
    if page == MendPage.NONE:
        return ""
    if page == MendPage.SHIPMENT:
        if shipment_id is None:
            return ""
        field = f"#div_id_{problem.subject}" if problem.code == FIELD_IS_SUBJECT else ""
        return page_address(tenant, "shipment_edit", shipment_id) + field
    word = problem.named_words.get(LOOKED_UP_BY.get(page, ""), "")
    return page_address(tenant, page) + (f"?{urlencode({'q': word})}" if word else "")
