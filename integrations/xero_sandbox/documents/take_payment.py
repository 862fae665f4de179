"""Payments of invoices and refunds of credit notes.

Source: developer.xero.com/documentation/api/accounting/payments.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

from integrations.xero_sandbox.books.document_records import CreditNote, Invoice, Payment
from integrations.xero_sandbox.books.organisation_records import Account
from integrations.xero_sandbox.documents.desk_context import DeskContext
from integrations.xero_sandbox.documents.document_header import check_period
from integrations.xero_sandbox.documents.settle_documents import settle_credit_note, settle_invoice
from integrations.xero_sandbox.rules.findings import Findings
from integrations.xero_sandbox.rules.line_arithmetic import CENT
from integrations.xero_sandbox.wire.wire_dates import whole_millisecond

PAYMENT_TYPES = {
    "ACCREC": "ACCRECPAYMENT",
    "ACCPAY": "ACCPAYPAYMENT",
    "ACCRECCREDIT": "ARCREDITPAYMENT",
    "ACCPAYCREDIT": "APCREDITPAYMENT",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentWish:
    document: Invoice | CreditNote
    account: Account | None
    amount: Decimal
    payment_date: date
    reference: str = ""
    currency_rate: Decimal | None = None


def take_payment(wish: PaymentWish, *, context: DeskContext, findings: Findings) -> Payment | None:
    """Saves the payment and settles its document, or refuses in `findings`."""
    _check(wish, context, findings)
    if findings.errors or wish.account is None:
        return None
    document = wish.document
    payment = Payment(
        organisation_id=document.organisation_id,
        payment_id=str(uuid4()),
        document_id=document.document_id,
        account_id=wish.account.account_id,
        payment_date=wish.payment_date,
        amount=wish.amount.quantize(CENT),
        currency_rate=wish.currency_rate or document.currency_rate,
        payment_type=PAYMENT_TYPES[document.type],
        updated_at=whole_millisecond(context.now),
        reference=wish.reference,
    )
    context.books.store.save(payment)
    settle_document(document, context)
    words = "Paid" if isinstance(document, Invoice) else "Refunded"
    _note(document, words, f"{payment.amount:.2f} on {payment.payment_date.isoformat()}", context)
    return payment


def delete_payment(payment: Payment, *, context: DeskContext, findings: Findings) -> Payment | None:
    """The payment stays in the books as DELETED; its document opens again (unconfirmed)."""
    if payment.status == "DELETED":
        findings.refuse("Payment has already been deleted.")
        return None
    check_period(payment.payment_date, context=context, findings=findings)
    if findings.errors:
        return None
    deleted = replace(payment, status="DELETED", updated_at=whole_millisecond(context.now))
    context.books.store.save(deleted)
    document = paid_document(payment, context)
    settle_document(document, context)
    _note(document, "Payment removed", f"{payment.amount:.2f}", context)
    return deleted


def paid_document(payment: Payment, context: DeskContext) -> Invoice | CreditNote:
    document: Invoice | CreditNote = context.books.find(Invoice, payment.document_id) or context.books.find(
        CreditNote, payment.document_id
    )
    return document


def settle_document(document: Invoice | CreditNote, context: DeskContext) -> None:
    if isinstance(document, Invoice):
        settle_invoice(context.books, document, now=context.now)
    else:
        settle_credit_note(context.books, document, now=context.now)


def open_amount(document: Invoice | CreditNote) -> Decimal:
    return document.amount_due if isinstance(document, Invoice) else document.remaining_credit


def _check(wish: PaymentWish, context: DeskContext, findings: Findings) -> None:
    document, account = wish.document, wish.account
    if document.status not in {"AUTHORISED", "PAID"}:
        findings.refuse(f"{type(document).__name__} must be approved before a payment can be made.")
    elif wish.amount > open_amount(document):
        findings.refuse("Payment amount exceeds the amount outstanding on this document")
    if wish.amount <= 0:
        findings.refuse("Payment amount must be greater than zero")
    if account is None or account.status != "ACTIVE":
        findings.refuse("Account must be valid.")
    elif account.type != "BANK" and not account.enable_payments:
        findings.refuse(f"Account code '{account.code}' is not a valid code for this document.")
    check_period(wish.payment_date, context=context, findings=findings)


def _note(document: Invoice | CreditNote, changes: str, details: str, context: DeskContext) -> None:
    context.books.note(document.document_id, changes=changes, details=details, user=context.user, now=context.now)
