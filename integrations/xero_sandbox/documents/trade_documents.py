"""Creates and updates invoices, bills and credit notes.

Source: developer.xero.com/documentation/api/accounting/invoices and …/creditnotes.
"""

from dataclasses import fields, replace
from typing import Any
from uuid import uuid4

from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.document_records import Invoice, Line
from integrations.xero_sandbox.documents.approval_limits import is_limit_reached
from integrations.xero_sandbox.documents.desk_context import DeskContext
from integrations.xero_sandbox.documents.document_family import DocumentFamily
from integrations.xero_sandbox.documents.document_header import (
    check_period,
    read_branding_theme,
    read_currency,
    read_number,
)
from integrations.xero_sandbox.documents.line_accounts import check_approved_line
from integrations.xero_sandbox.documents.line_context import LineContext
from integrations.xero_sandbox.documents.line_reading import read_lines, retaxed_lines
from integrations.xero_sandbox.documents.own_fields import own_fields
from integrations.xero_sandbox.documents.rounding_amount import read_rounding_amount
from integrations.xero_sandbox.rules.findings import Findings
from integrations.xero_sandbox.rules.line_arithmetic import sum_up
from integrations.xero_sandbox.rules.status_machines import (
    EDIT_WITH_MONEY,
    TERMINAL,
    refusal_of_new,
    refusal_of_step,
)
from integrations.xero_sandbox.wire.sent_fields import Sent
from integrations.xero_sandbox.wire.wire_dates import whole_millisecond

LINE_AMOUNT_TYPES = {"exclusive": "Exclusive", "inclusive": "Inclusive", "notax": "NoTax"}
LONGEST_REFERENCE = 255
QUIET_FIELDS = frozenset({"due_date", "sent_to_contact", "updated_at"})
LINE_MONEY = ("quantity", "unit_amount", "line_amount", "tax_type", "tax_amount", "discount_rate", "discount_amount")
DOCUMENT_MONEY = ("document_date", "currency_code", "currency_rate", "line_amount_types", "total", "total_tax")
HISTORY_WORDS = {
    "DRAFT": "Edited", "SUBMITTED": "Submitted", "AUTHORISED": "Approved", "PAID": "Edited",
    "VOIDED": "Voided", "DELETED": "Deleted",
}  # fmt: skip


class TradeDocumentDesk:
    """Writes the documents of one family within one request. Every method saves, or refuses in `findings`."""

    def __init__(self, context: DeskContext, family: DocumentFamily) -> None:
        self._context = context
        self._books = context.books
        self._family = family
        self._moment = whole_millisecond(context.now)

    def create(self, sent: Sent, findings: Findings) -> Any:
        kind = sent.text("Type") or ""
        if kind not in self._family.types:
            findings.refuse(f"{self._family.word} Type must be one of {', '.join(self._family.types)}.")
            return None
        status = sent.text("Status") or "DRAFT"
        findings.refuse(refusal_of_new(status))
        if not sent.objects("LineItems"):
            findings.refuse("One or more line items must be specified")
        values = self._values(None, sent, kind, status, findings)
        self._check_approval_limit(kind, status, findings)
        if findings.errors:
            return None
        document = self._family.record(
            organisation_id=self._books.organisation_id,
            document_id=str(uuid4()),
            created_at=self._moment,
            created_by=self._context.client_id,
            type=kind,
            **values,
        )
        return self._saved(document, "Created")

    def update(self, held: Any, sent: Sent, findings: Findings) -> Any:
        wanted = sent.text("Status") or held.status
        refusal = refusal_of_step(status=held.status, wanted=wanted, has_money_applied=held.has_money_applied)
        if refusal:
            findings.refuse(refusal)
            return None
        if wanted in TERMINAL:
            return self._ended(held, wanted, findings)
        status = held.status if held.status == "PAID" else wanted
        document = replace(held, **self._values(held, sent, held.type, status, findings))
        self._check_money_untouched(held, document, findings)
        if status != held.status:
            self._check_approval_limit(held.type, status, findings)
        if findings.errors:
            return None
        changed = {field.name for field in fields(held) if getattr(held, field.name) != getattr(document, field.name)}
        if held.has_money_applied and changed <= QUIET_FIELDS:
            document = replace(document, updated_at=held.updated_at)
        is_edit = status == held.status
        return self._saved(document, "Edited" if is_edit else HISTORY_WORDS[status])

    def _ended(self, held: Any, status: str, findings: Findings) -> Any:
        if status == "VOIDED":
            check_period(held.document_date, context=self._context, findings=findings)
            if findings.errors:
                return None
        return self._saved(replace(held, status=status, updated_at=self._moment), HISTORY_WORDS[status])

    def _values(self, held: Any, sent: Sent, kind: str, status: str, findings: Findings) -> dict[str, Any]:
        """All that a client may set, read and checked."""
        document_date = sent.date("Date") or (held.document_date if held else self._context.today)
        check_period(document_date, context=self._context, findings=findings)
        currency_code, currency_rate = read_currency(
            sent, held, document_date=document_date, context=self._context, findings=findings
        )
        line_amount_types = _line_amount_types(sent, held, findings)
        lines = self._lines(held, sent, kind, status, line_amount_types, findings)
        values: dict[str, Any] = {
            "contact_id": self._contact_id(held, sent, findings),
            "document_date": document_date,
            "status": status,
            "line_amount_types": line_amount_types,
            "lines": lines,
            "currency_code": currency_code,
            "currency_rate": currency_rate,
            "reference": self._reference(held, sent, kind, findings),
            "branding_theme_id": read_branding_theme(
                sent,
                held.branding_theme_id if held else None,
                is_sale=self._family.types[kind],
                context=self._context,
                findings=findings,
            ),
            "number": read_number(
                sent, held, document_type=kind, family=self._family, context=self._context, findings=findings
            ),
            "updated_at": self._moment,
        }
        values |= self._totals(held, sent, lines, line_amount_types, status, findings)
        return values | own_fields(
            sent,
            held,
            record=self._family.record,
            status=status,
            document_date=document_date,
            terms=self._terms(kind),
            must_have_due_date=self._context.switches.missing_due_date == "refuse",
            findings=findings,
        )

    def _contact_id(self, held: Any, sent: Sent, findings: Findings) -> str:
        if held is not None and not sent.has("Contact"):
            return str(held.contact_id)
        contact = self._context.contacts.for_document(sent.object("Contact"), findings)
        return contact.contact_id if contact else ""

    def _lines(
        self, held: Any, sent: Sent, kind: str, status: str, line_amount_types: str, findings: Findings
    ) -> tuple[Line, ...]:
        context = LineContext(
            books=self._books,
            findings=findings,
            rounding=self._context.rounding,
            unit_places=self._context.unit_places,
            line_amount_types=line_amount_types,
            is_sale=self._family.types[kind],
            is_draft=status == "DRAFT",
            allows_discount=self._family.allows_discount and self._family.types[kind],
        )
        sent_lines = sent.objects("LineItems")
        held_lines: tuple[Line, ...] = held.lines if held else ()
        errors_before = len(findings.errors)
        if sent_lines is not None:
            lines = read_lines(sent_lines, held_lines, context)
        elif held is not None and line_amount_types != held.line_amount_types:
            lines = retaxed_lines(held_lines, context)
        else:
            lines = held_lines
        if held is not None and not lines:
            findings.refuse("One or more line items must be specified")
        if status != "DRAFT" and len(findings.errors) == errors_before:
            for line in lines:
                check_approved_line(line, context)
        return lines

    def _totals(
        self,
        held: Any,
        sent: Sent,
        lines: tuple[Line, ...],
        line_amount_types: str,
        status: str,
        findings: Findings,
    ) -> dict[str, Any]:
        totals = sum_up(lines, line_amount_types=line_amount_types, rounding=self._context.rounding)
        if totals.total < 0:
            findings.refuse(f"The total of the {self._family.word.lower()} cannot be negative.")
        values: dict[str, Any] = {
            "sub_total": totals.sub_total,
            "total_tax": totals.total_tax,
            "total": totals.total,
            "total_discount": totals.total_discount,
        }
        if self._family.record is not Invoice:
            return values
        rounding_amount = read_rounding_amount(
            sent,
            held,
            totals,
            is_person=not self._context.client_id,
            is_opted_in=self._books.organisation.takes_rounding_amount,
            is_draft=status == "DRAFT",
            findings=findings,
        )
        return values | {"total": totals.total + rounding_amount, "rounding_amount": rounding_amount}

    def _reference(self, held: Any, sent: Sent, kind: str, findings: Findings) -> str:
        """Only sales keep a Reference; Xero leaves a supplier's empty."""
        reference = sent.text("Reference")
        if not self._family.types[kind]:
            return ""
        if reference is None:
            return held.reference if held else ""
        if len(reference) > LONGEST_REFERENCE:
            findings.refuse("Reference must not exceed 255 characters.")
        return reference

    def _terms(self, kind: str) -> tuple[int, str] | None:
        organisation = self._books.organisation
        return organisation.sales_terms if self._family.types[kind] else organisation.bill_terms

    def _check_money_untouched(self, held: Any, document: Any, findings: Findings) -> None:
        """With a payment or credit on it, only a document's words may change."""
        if not held.has_money_applied:
            return
        is_same = _money_of(held) == _money_of(document)
        has_moved = held.contact_id != document.contact_id and getattr(held, "amount_credited", 0)
        if not is_same or has_moved:
            findings.refuse(EDIT_WITH_MONEY)

    def _check_approval_limit(self, kind: str, status: str, findings: Findings) -> None:
        if status == "AUTHORISED" and is_limit_reached(kind, books=self._books, today=self._context.today):
            findings.refuse("You have reached the limit of invoices you can approve")

    def _saved(self, document: Any, changes: str) -> Any:
        if document.status in {"AUTHORISED", "PAID"}:
            document = self._closed_if_nothing_is_due(document)
        self._books.store.save(document)
        self._mark_contact(document)
        self._books.note(
            document.document_id,
            changes=changes,
            details=f"{document.number or self._family.word} for {document.total:.2f} {document.currency_code}",
            user=self._context.user,
            now=self._moment,
        )
        return document

    def _closed_if_nothing_is_due(self, document: Any) -> Any:
        """An approved document over nothing is paid at once (unconfirmed)."""
        if document.total or document.status == "PAID":
            return document
        return replace(document, status="PAID", fully_paid_on_date=document.document_date)

    def _mark_contact(self, document: Any) -> None:
        """Xero sets IsCustomer and IsSupplier itself, without touching UpdatedDateUTC."""
        contact: Contact = self._books.find(Contact, document.contact_id)
        flag = "is_customer" if self._family.types[document.type] else "is_supplier"
        if not getattr(contact, flag):
            marked: dict[str, Any] = {flag: True}
            self._books.store.save(replace(contact, **marked))


def _line_amount_types(sent: Sent, held: Any, findings: Findings) -> str:
    given = sent.text("LineAmountTypes")
    if given is None:
        return held.line_amount_types if held else "Exclusive"
    known = LINE_AMOUNT_TYPES.get(given.lower())
    if known is None:
        findings.refuse(f"LineAmountTypes '{given}' is not valid.")
    return known or "Exclusive"


def _money_of(document: Any) -> tuple[Any, ...]:
    lines = tuple(tuple(getattr(line, name) for name in LINE_MONEY) for line in document.lines)
    return (*(getattr(document, name) for name in DOCUMENT_MONEY), lines)
