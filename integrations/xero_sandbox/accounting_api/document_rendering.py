"""Invoices and credit notes as Xero writes them: in a list, alone, and as the answer to a write.

Shapes: recorded answers of a live demo company.
"""

from typing import Any

from integrations.xero_sandbox.accounting_api.line_rendering import line_in_full, line_in_list
from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.document_records import Allocation, CreditNote, Document, Invoice, Payment
from integrations.xero_sandbox.contacts.contact_rendering import contact_as_written, contact_in_document_list
from integrations.xero_sandbox.documents.settle_documents import allocations_from, allocations_to, payments_of
from integrations.xero_sandbox.wire.wire_dates import day_text, moment_text, with_offset

Json = dict[str, Any]
ENDED = frozenset({"VOIDED", "DELETED"})
NOTHING = 0.0
EMPTY_INVOICE: Json = {
    "Payments": [],
    "CreditNotes": [],
    "Prepayments": [],
    "Overpayments": [],
    "IsDiscounted": False,
    "InvoiceAddresses": [],
    "HasErrors": False,
    "InvoicePaymentServices": [],
    "LineItems": [],
}


def invoice_in_list(invoice: Invoice, books: CompanyBooks, *, unit_places: int, with_lines: bool) -> Json:
    return {
        **_invoice_head(invoice),
        "Payments": _payments(books, invoice.document_id),
        "CreditNotes": _credit_notes(invoice, books, with_rate=False),
        "Prepayments": [],
        "Overpayments": [],
        "AmountDue": NOTHING if invoice.status in ENDED else invoice.amount_due,
        "AmountPaid": invoice.amount_paid,
        "AmountCredited": invoice.amount_credited,
        **_sent(invoice),
        "CurrencyRate": invoice.currency_rate,
        "IsDiscounted": bool(invoice.total_discount),
        "HasAttachments": invoice.has_attachments,
        "InvoiceAddresses": [],
        "HasErrors": False,
        "InvoicePaymentServices": [],
        "UpdatedDateUTCString": f"{moment_text(invoice.updated_at)}Z",
        "Contact": contact_in_document_list(_contact(invoice, books)),
        **_dates(invoice, invoice.due_date),
        **_tail(invoice, _lines_in_list(invoice, books, unit_places) if with_lines else []),
        **_closed(invoice.fully_paid_on_date),
    }


def invoice_in_summary(invoice: Invoice, books: CompanyBooks) -> Json:
    """summaryOnly=true: without payments, attachments and lines."""
    full = invoice_in_list(invoice, books, unit_places=2, with_lines=False)
    return {name: value for name, value in full.items() if name not in {"Payments", "HasAttachments", "LineItems"}}


def invoice_alone(invoice: Invoice, books: CompanyBooks, *, unit_places: int, attachments: list[Json]) -> Json:
    return {
        **_invoice_head(invoice),
        **_unless_empty("Payments", _payments(books, invoice.document_id)),
        **_unless_empty("CreditNotes", _credit_notes(invoice, books, with_rate=True)),
        "Prepayments": [],
        "Overpayments": [],
        "AmountDue": NOTHING if invoice.status in ENDED else invoice.amount_due,
        "AmountPaid": invoice.amount_paid,
        "AmountCredited": invoice.amount_credited,
        **_sent(invoice),
        "CurrencyRate": invoice.currency_rate,
        "IsDiscounted": bool(invoice.total_discount),
        "HasAttachments": invoice.has_attachments,
        "HasErrors": False,
        "Attachments": attachments,
        "InvoicePaymentServices": [],
        "UpdatedDateUTCString": f"{moment_text(invoice.updated_at)}Z",
        "Contact": contact_as_written(_contact(invoice, books)),
        **_dates(invoice, invoice.due_date),
        **_tail(invoice, _lines_in_full(invoice, books, unit_places)),
        **_rounding(invoice, books),
        **_closed(invoice.fully_paid_on_date),
    }


def invoice_as_written(invoice: Invoice, books: CompanyBooks, *, unit_places: int) -> Json:
    """AmountDue stays as it was even when the write voided the invoice: seen live, so never decide on it."""
    return {
        **_invoice_head(invoice),
        **_unless_empty("Payments", _payments(books, invoice.document_id)),
        **_unless_empty("CreditNotes", _credit_notes(invoice, books, with_rate=True)),
        "Prepayments": [],
        "Overpayments": [],
        "AmountDue": invoice.amount_due,
        "AmountPaid": invoice.amount_paid,
        **({"AmountCredited": invoice.amount_credited} if invoice.amount_credited else {}),
        **_sent(invoice),
        "CurrencyRate": invoice.currency_rate,
        "IsDiscounted": bool(invoice.total_discount),
        "HasErrors": False,
        "InvoicePaymentServices": [],
        "UpdatedDateUTCString": f"{moment_text(invoice.updated_at)}Z",
        "Contact": contact_as_written(_contact(invoice, books)),
        **_dates(invoice, invoice.due_date),
        **_tail(invoice, _lines_in_full(invoice, books, unit_places)),
        **_rounding(invoice, books),
        **_closed(invoice.fully_paid_on_date),
    }


def credit_note_in_list(note: CreditNote, books: CompanyBooks, *, unit_places: int, with_lines: bool) -> Json:
    return _credit_note(
        note,
        books,
        contact=contact_in_document_list(_contact(note, books)),
        lines=_lines_in_list(note, books, unit_places) if with_lines else [],
    )


def credit_note_in_full(note: CreditNote, books: CompanyBooks, *, unit_places: int) -> Json:
    return _credit_note(
        note,
        books,
        contact=contact_as_written(_contact(note, books)),
        lines=_lines_in_full(note, books, unit_places),
    )


def allocation_as_json(allocation: Allocation, books: CompanyBooks) -> Json:
    invoice: Invoice = books.find(Invoice, allocation.invoice_id)
    shown = {"InvoiceID": invoice.document_id, "InvoiceNumber": invoice.number, **EMPTY_INVOICE}
    return {
        "AllocationID": allocation.allocation_id,
        "Amount": allocation.amount,
        "Date": with_offset(allocation.allocation_date),
        "Invoice": shown,
    }


def _credit_note(note: CreditNote, books: CompanyBooks, *, contact: Json, lines: list[Json]) -> Json:
    return {
        "CreditNoteID": note.document_id,
        "CreditNoteNumber": note.number,
        **({"SentToContact": True} if note.sent_to_contact else {}),
        "Payments": _payments(books, note.document_id),
        "ID": note.document_id,
        "HasErrors": False,
        "InvoiceAddresses": [],
        "CurrencyRate": note.currency_rate,
        "Type": note.type,
        "Reference": note.reference,
        "RemainingCredit": NOTHING if note.status in ENDED else note.remaining_credit,
        "Allocations": [
            allocation_as_json(allocation, books) for allocation in allocations_from(books, note.document_id)
        ],
        "HasAttachments": note.has_attachments,
        "UpdatedDateUTCString": f"{moment_text(note.updated_at)}Z",
        "Contact": contact,
        **_dates(note, note.due_date),
        **_tail(note, lines),
        **_closed(note.fully_paid_on_date),
    }


def _invoice_head(invoice: Invoice) -> Json:
    head = {
        "Type": invoice.type,
        "InvoiceID": invoice.document_id,
        "InvoiceNumber": invoice.number,
        "Reference": invoice.reference,
    }
    return head | {"Url": invoice.url} if invoice.url else head


def _sent(invoice: Invoice) -> Json:
    return {"SentToContact": invoice.sent_to_contact} if invoice.type == "ACCREC" else {}


def _dates(document: Document, due_date: Any) -> Json:
    shown = {"DateString": day_text(document.document_date), "Date": with_offset(document.document_date)}
    if due_date:
        shown |= {"DueDateString": day_text(due_date), "DueDate": with_offset(due_date)}
    for name, field in (
        ("ExpectedPaymentDate", "expected_payment_date"),
        ("PlannedPaymentDate", "planned_payment_date"),
    ):
        if value := getattr(document, field, None):
            shown[name] = with_offset(value)
    return shown


def _tail(document: Document, lines: list[Json]) -> Json:
    theme = {"BrandingThemeID": document.branding_theme_id} if document.branding_theme_id else {}
    discount = {"TotalDiscount": document.total_discount} if document.total_discount else {}
    return {
        **theme,
        "Status": document.status,
        "LineAmountTypes": document.line_amount_types,
        "LineItems": lines,
        "SubTotal": document.sub_total,
        "TotalTax": document.total_tax,
        "Total": document.total,
        **discount,
        "UpdatedDateUTC": with_offset(document.updated_at),
        "CurrencyCode": document.currency_code,
    }


def _rounding(invoice: Invoice, books: CompanyBooks) -> Json:
    """Shown only to organisations that opted in, and never in lists."""
    return {"RoundingAmount": invoice.rounding_amount} if books.organisation.takes_rounding_amount else {}


def _closed(day: Any) -> Json:
    return {"FullyPaidOnDate": with_offset(day)} if day else {}


def _lines_in_list(document: Document, books: CompanyBooks, unit_places: int) -> list[Json]:
    return [line_in_list(line, books, unit_places=unit_places) for line in document.lines]


def _lines_in_full(document: Document, books: CompanyBooks, unit_places: int) -> list[Json]:
    return [line_in_full(line, books, unit_places=unit_places) for line in document.lines]


def _payments(books: CompanyBooks, document_id: str) -> list[Json]:
    return [_payment(payment) for payment in payments_of(books, document_id)]


def _payment(payment: Payment) -> Json:
    return {
        "PaymentID": payment.payment_id,
        "Date": with_offset(payment.payment_date),
        "Amount": payment.amount,
        "Reference": payment.reference,
        "CurrencyRate": payment.currency_rate,
        "HasAccount": False,
        "HasValidationErrors": False,
    }


def _credit_notes(invoice: Invoice, books: CompanyBooks, *, with_rate: bool) -> list[Json]:
    return [
        _applied_note(allocation, books.find(CreditNote, allocation.credit_note_id), with_rate=with_rate)
        for allocation in allocations_to(books, invoice.document_id)
    ]


def _applied_note(allocation: Allocation, note: CreditNote, *, with_rate: bool) -> Json:
    return {
        "CreditNoteID": note.document_id,
        "CreditNoteNumber": note.number,
        "ID": note.document_id,
        "HasErrors": False,
        "InvoiceAddresses": [],
        **({"CurrencyRate": note.currency_rate} if with_rate else {}),
        "AppliedAmount": allocation.amount,
        "DateString": day_text(allocation.allocation_date),
        "Date": with_offset(allocation.allocation_date),
        "LineItems": [],
        "Total": note.total,
    }


def _unless_empty(name: str, values: list[Json]) -> Json:
    return {name: values} if values else {}


def _contact(document: Document, books: CompanyBooks) -> Contact:
    contact: Contact = books.find(Contact, document.contact_id)
    return contact
