"""Works out what is paid and credited on a document, and whether that closes or reopens it."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.books.document_records import ZERO, Allocation, CreditNote, Invoice, Payment
from integrations.xero_sandbox.wire.wire_dates import whole_millisecond


def payments_of(books: CompanyBooks, document_id: str) -> list[Payment]:
    """The payments that stand; deleted ones are kept in the books but count for nothing."""
    payments = books.store.table(Payment).all("document", document_id)
    return [payment for payment in payments if payment.status == "AUTHORISED"]


def allocations_to(books: CompanyBooks, invoice_id: str) -> list[Allocation]:
    return books.store.table(Allocation).all("invoice", invoice_id)


def allocations_from(books: CompanyBooks, credit_note_id: str) -> list[Allocation]:
    return books.store.table(Allocation).all("credit_note", credit_note_id)


def settle_invoice(books: CompanyBooks, invoice: Invoice, *, now: datetime) -> Invoice:
    """PAID when nothing is due any more; AUTHORISED again when money is taken back."""
    payments = payments_of(books, invoice.document_id)
    allocations = allocations_to(books, invoice.document_id)
    paid = sum((payment.amount for payment in payments), ZERO)
    credited = sum((allocation.amount for allocation in allocations), ZERO)
    days = [payment.payment_date for payment in payments]
    days += [allocation.allocation_date for allocation in allocations]
    status, closed_on = _standing(invoice.status, invoice.total - paid - credited, days)
    settled = replace(
        invoice,
        amount_paid=paid,
        amount_credited=credited,
        status=status,
        fully_paid_on_date=closed_on,
        updated_at=whole_millisecond(now),
    )
    books.store.save(settled)
    return settled


def settle_credit_note(books: CompanyBooks, note: CreditNote, *, now: datetime) -> CreditNote:
    payments = payments_of(books, note.document_id)
    allocations = allocations_from(books, note.document_id)
    refunded = sum((payment.amount for payment in payments), ZERO)
    allocated = sum((allocation.amount for allocation in allocations), ZERO)
    days = [payment.payment_date for payment in payments]
    days += [allocation.allocation_date for allocation in allocations]
    status, closed_on = _standing(note.status, note.total - refunded - allocated, days)
    settled = replace(
        note,
        amount_refunded=refunded,
        amount_allocated=allocated,
        status=status,
        fully_paid_on_date=closed_on,
        updated_at=whole_millisecond(now),
    )
    books.store.save(settled)
    return settled


def _standing(status: str, still_open: Decimal, days: list[date]) -> tuple[str, date | None]:
    if status not in {"AUTHORISED", "PAID"}:
        return status, None
    if still_open <= 0:
        return "PAID", max(days, default=None)
    return "AUTHORISED", None
