"""/Payments. Source: developer.xero.com/documentation/api/accounting/payments. A payment is deleted by a POST."""

from typing import Any

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.document_lists import payment_shape
from integrations.xero_sandbox.accounting_api.document_rendering import EMPTY_INVOICE
from integrations.xero_sandbox.accounting_api.element_writes import ElementKind, write_elements
from integrations.xero_sandbox.accounting_api.envelopes import enveloped
from integrations.xero_sandbox.accounting_api.error_responses import not_found
from integrations.xero_sandbox.accounting_api.list_reading import Selection, Wanted, asked_page, select
from integrations.xero_sandbox.accounting_api.unchanged_lists import unless_unchanged
from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.document_records import CreditNote, Invoice, Payment
from integrations.xero_sandbox.books.organisation_records import Account
from integrations.xero_sandbox.contacts.contact_rendering import contact_in_document_list
from integrations.xero_sandbox.documents.take_payment import (
    PaymentWish,
    delete_payment,
    paid_document,
    take_payment,
)
from integrations.xero_sandbox.rules.findings import Findings
from integrations.xero_sandbox.wire.http_messages import Answer
from integrations.xero_sandbox.wire.sent_fields import Sent
from integrations.xero_sandbox.wire.wire_dates import moment_text, with_offset

Json = dict[str, Any]


def list_payments(call: ApiCall) -> Answer:
    shape = payment_shape(lambda payment: paid_document(payment, call.desk))
    selection = select(call, shape, Wanted())
    return unless_unchanged(call, selection.count, lambda: _listed(call, selection))


def get_payment(call: ApiCall) -> Answer:
    payment = _named(call)
    return not_found() if payment is None else enveloped(call, "Payments", [_as_json(payment, call)])


def create_payments(call: ApiCall) -> Answer:
    return write_elements(call, _kind(call), lambda sent, findings: _create(call, sent, findings))


def save_payment(call: ApiCall) -> Answer:
    """The only change a payment knows is Status DELETED."""
    held = _named(call)
    if held is None:
        return not_found()

    def write(sent: Sent, findings: Findings) -> Payment | None:
        if sent.text("Status") != "DELETED":
            findings.refuse("Payments can only be updated to status DELETED.")
            return None
        return delete_payment(held, context=call.desk, findings=findings)

    return write_elements(call, _kind(call), write)


def _create(call: ApiCall, sent: Sent, findings: Findings) -> Payment | None:
    document = _document(call, sent)
    amount = sent.decimal("Amount")
    if document is None:
        findings.refuse("An existing Invoice or Credit Note must be specified for a payment.")
        return None
    if amount is None:
        findings.refuse("Payment amount must be greater than zero")
        return None
    wish = PaymentWish(
        document=document,
        account=_account(call, sent),
        amount=amount,
        payment_date=sent.date("Date") or call.desk.today,
        reference=sent.text("Reference") or "",
        currency_rate=sent.decimal("CurrencyRate"),
    )
    return take_payment(wish, context=call.desk, findings=findings)


def _document(call: ApiCall, sent: Sent) -> Invoice | CreditNote | None:
    ways = (
        (Invoice, "Invoice", "InvoiceID", "InvoiceNumber"),
        (CreditNote, "CreditNote", "CreditNoteID", "CreditNoteNumber"),
    )
    for kind, word, id_name, number_name in ways:
        named = sent.object(word) or sent
        found = call.books.find(kind, named.identifier(id_name))
        if found is None and (number := named.text(number_name)):
            numbered = call.books.numbered(kind, number)
            found = numbered[-1] if numbered else None
        if found is not None:
            document: Invoice | CreditNote = found
            return document
    return None


def _account(call: ApiCall, sent: Sent) -> Account | None:
    named = sent.object("Account") or Sent({})
    if account_id := named.identifier("AccountID"):
        account: Account | None = call.books.find(Account, account_id)
        return account
    code = named.text("Code") or sent.text("Code")
    return call.books.account_with_code(code) if code else None


def _named(call: ApiCall) -> Payment | None:
    payment: Payment | None = call.books.find(Payment, call.parameters["owner"].lower())
    return payment


def _listed(call: ApiCall, selection: Selection) -> Answer:
    is_paged = bool(call.query("page"))
    page = asked_page(call)
    payments = page.cut(selection) if is_paged else selection.all()
    block = page.block(selection.count) if is_paged else None
    return enveloped(call, "Payments", [_as_json(payment, call) for payment in payments], pagination=block)


def _kind(call: ApiCall) -> ElementKind:
    return ElementKind(
        collection="Payments",
        word="Payment",
        id_name="PaymentID",
        error_flag="HasValidationErrors",
        render=lambda payment: _as_json(payment, call),
    )


def _as_json(payment: Payment, call: ApiCall) -> Json:
    account: Account = call.books.find(Account, payment.account_id)
    code = {"Code": account.code} if account.code else {}
    return {
        "PaymentID": payment.payment_id,
        "Date": with_offset(payment.payment_date),
        "BankAmount": payment.amount,
        "Amount": payment.amount,
        "Reference": payment.reference,
        "CurrencyRate": payment.currency_rate,
        "PaymentType": payment.payment_type,
        "Status": payment.status,
        "UpdatedDateUTC": with_offset(payment.updated_at),
        "UpdatedDateUTCString": f"{moment_text(payment.updated_at)}Z",
        "HasAccount": True,
        "IsReconciled": payment.is_reconciled,
        "Account": {"AccountID": account.account_id, **code, "Name": account.name},
        **_document_as_json(payment, call),
        "HasValidationErrors": False,
    }


def _document_as_json(payment: Payment, call: ApiCall) -> Json:
    document = paid_document(payment, call.desk)
    contact: Contact = call.books.find(Contact, document.contact_id)
    shared = {
        "Type": document.type,
        "Contact": contact_in_document_list(contact),
        "CurrencyCode": document.currency_code,
    }
    if isinstance(document, Invoice):
        head = {"InvoiceID": document.document_id, "InvoiceNumber": document.number}
        return {"Invoice": {**head, **EMPTY_INVOICE, **shared}}
    head = {"CreditNoteID": document.document_id, "CreditNoteNumber": document.number}
    return {"CreditNote": {**head, "ID": document.document_id, "HasErrors": False, "LineItems": [], **shared}}
