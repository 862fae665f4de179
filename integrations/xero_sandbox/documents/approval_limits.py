"""The monthly limits of Xero's old starter plans. Told by integrators (unconfirmed); off unless an act sets them."""

from datetime import date

from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.books.document_records import Invoice

APPROVED = ("AUTHORISED", "PAID", "VOIDED")
PLACES = {"ACCREC": 0, "ACCPAY": 1}


def is_limit_reached(document_type: str, *, books: CompanyBooks, today: date) -> bool:
    limits = books.organisation.approval_limits
    if limits is None or document_type not in PLACES:
        return False
    table = books.store.table(Invoice)
    approved = sum(
        (document.created_at.year, document.created_at.month) == (today.year, today.month)
        for status in APPROVED
        for document in table.all("type_status", books.organisation_id, document_type, status)
    )
    return approved >= limits[PLACES[document_type]]
