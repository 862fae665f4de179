"""Sets a credit note against invoices.

Source: developer.xero.com/documentation/api/accounting/creditnotes ("PUT Allocations"). Wording: unconfirmed.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import uuid4

from integrations.xero_sandbox.books.document_records import Allocation, CreditNote, Invoice
from integrations.xero_sandbox.documents.desk_context import DeskContext
from integrations.xero_sandbox.documents.document_header import check_period
from integrations.xero_sandbox.documents.settle_documents import settle_credit_note, settle_invoice
from integrations.xero_sandbox.rules.findings import Findings
from integrations.xero_sandbox.rules.line_arithmetic import CENT

PARTNERS = {"ACCRECCREDIT": "ACCREC", "ACCPAYCREDIT": "ACCPAY"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationWish:
    note: CreditNote
    invoice: Invoice | None
    amount: Decimal
    allocation_date: date


def allocate_credit(wish: AllocationWish, *, context: DeskContext, findings: Findings) -> Allocation | None:
    _check(wish, context, findings)
    if findings.errors or wish.invoice is None:
        return None
    allocation = Allocation(
        organisation_id=wish.note.organisation_id,
        allocation_id=str(uuid4()),
        credit_note_id=wish.note.document_id,
        invoice_id=wish.invoice.document_id,
        amount=wish.amount.quantize(CENT),
        allocation_date=wish.allocation_date,
    )
    context.books.store.save(allocation)
    _settle_both(allocation, context)
    return allocation


def remove_allocation(allocation: Allocation, *, context: DeskContext) -> None:
    context.books.store.remove(allocation)
    _settle_both(allocation, context)


def _check(wish: AllocationWish, context: DeskContext, findings: Findings) -> None:
    note, invoice = wish.note, wish.invoice
    if note.status not in {"AUTHORISED", "PAID"}:
        findings.refuse("Credit note must be authorised before it can be allocated.")
    if invoice is None:
        findings.refuse("An existing Invoice with the specified InvoiceID could not be found")
        return
    if invoice.status not in {"AUTHORISED", "PAID"} or PARTNERS[note.type] != invoice.type:
        findings.refuse("Invoice not of valid status or type for a credit note to be allocated to it.")
    if invoice.contact_id != note.contact_id or invoice.currency_code != note.currency_code:
        findings.refuse("Invoice and credit note must have the same contact and currency.")
    if wish.amount <= 0:
        findings.refuse("Allocation amount must be greater than zero.")
    if wish.amount > note.remaining_credit or wish.amount > invoice.amount_due:
        findings.refuse("Allocation amount exceeds the amount outstanding on this document")
    check_period(wish.allocation_date, context=context, findings=findings)


def _settle_both(allocation: Allocation, context: DeskContext) -> None:
    books = context.books
    settle_invoice(books, books.find(Invoice, allocation.invoice_id), now=context.now)
    settle_credit_note(books, books.find(CreditNote, allocation.credit_note_id), now=context.now)
    for owner, words in ((allocation.credit_note_id, "Allocated"), (allocation.invoice_id, "Credited")):
        books.note(owner, changes=words, details=f"{allocation.amount:.2f}", user=context.user, now=context.now)
