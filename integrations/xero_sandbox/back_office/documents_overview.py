"""Every document of an organisation in one flat list, for checkers."""

import hashlib
from typing import Any

from integrations.xero_sandbox.back_office.finding_records import all_documents
from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.document_records import Attachment, CreditNote, Invoice, Quote

Json = dict[str, Any]
COLLECTIONS = {Invoice: "Invoices", CreditNote: "CreditNotes", Quote: "Quotes"}


def documents_overview(books: CompanyBooks, *, filters: dict[str, str]) -> list[Json]:
    """Ordered by creation. `filters` are equalities on the fields of the answer."""
    documents = sorted(all_documents(books), key=lambda document: (document.created_at, document.number))
    shown = (_as_json(document, books) for document in documents)
    return [each for each in shown if all(str(each.get(name, "")) == value for name, value in filters.items())]


def _as_json(document: Any, books: CompanyBooks) -> Json:
    contact: Contact = books.find(Contact, document.contact_id)
    return {
        "organisation": books.organisation_id,
        "collection": COLLECTIONS[type(document)],
        "id": document.document_id,
        "type": document.type,
        "status": document.status,
        "number": document.number,
        "reference": document.reference,
        "url": getattr(document, "url", ""),
        "contact_id": contact.contact_id,
        "contact_name": contact.name,
        "contact_account_number": contact.account_number,
        "contact_number": contact.contact_number,
        "date": document.document_date.isoformat(),
        "due_date": _day(getattr(document, "due_date", None)),
        "currency": document.currency_code,
        "currency_rate": str(document.currency_rate),
        "line_amount_types": document.line_amount_types,
        "sub_total": str(document.sub_total),
        "tax": str(document.total_tax),
        "total": str(document.total),
        **_money(document),
        "line_count": len(document.lines),
        "lines": [_line(line) for line in document.lines],
        "attachments": [_file(each) for each in books.attachments_of(document.document_id)],
        "created_by": document.created_by,
        "created_at": document.created_at.isoformat(),
        "updated_at": document.updated_at.isoformat(),
    }


def _money(document: Any) -> Json:
    if isinstance(document, Invoice):
        return {
            "amount_paid": str(document.amount_paid),
            "amount_credited": str(document.amount_credited),
            "amount_due": str(document.amount_due),
        }
    if isinstance(document, CreditNote):
        return {
            "amount_allocated": str(document.amount_allocated),
            "amount_refunded": str(document.amount_refunded),
            "remaining_credit": str(document.remaining_credit),
        }
    return {}


def _line(line: Any) -> Json:
    return {
        "description": line.description,
        "quantity": _text(line.quantity),
        "unit_amount": _text(line.unit_amount),
        "line_amount": _text(line.line_amount),
        "account_code": line.account_code,
        "tax_type": line.tax_type,
        "tax_amount": _text(line.tax_amount),
        "item_code": line.item_code,
        "tracking": [choice.option_id for choice in line.tracking],
    }


def _file(attachment: Attachment) -> Json:
    return {
        "id": attachment.attachment_id,
        "file_name": attachment.file_name,
        "mime_type": attachment.mime_type,
        "size": len(attachment.content),
        "sha256": hashlib.sha256(attachment.content).hexdigest(),
        "include_online": attachment.include_online,
    }


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None
