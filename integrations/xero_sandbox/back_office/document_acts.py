"""What a person does to documents in Xero's own screens."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from integrations.xero_sandbox.back_office.act_context import ActContext
from integrations.xero_sandbox.back_office.finding_records import ActRefusedError
from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.document_records import CreditNote, Invoice, Payment, Quote
from integrations.xero_sandbox.books.organisation_records import Account
from integrations.xero_sandbox.contacts.contact_rules import check_name
from integrations.xero_sandbox.documents.allocate_credit import AllocationWish, allocate_credit
from integrations.xero_sandbox.documents.document_family import CREDIT_NOTES, INVOICES
from integrations.xero_sandbox.documents.quotes_desk import QuotesDesk
from integrations.xero_sandbox.documents.settle_documents import payments_of
from integrations.xero_sandbox.documents.take_payment import (
    PaymentWish,
    delete_payment,
    open_amount,
    take_payment,
)
from integrations.xero_sandbox.documents.trade_documents import TradeDocumentDesk
from integrations.xero_sandbox.rules.findings import Findings
from integrations.xero_sandbox.wire.sent_fields import Sent
from integrations.xero_sandbox.wire.wire_dates import whole_millisecond

Json = dict[str, Any]
FAMILIES = {Invoice: INVOICES, CreditNote: CREDIT_NOTES}
QUOTE_STATUSES = {"send": "SENT", "accept": "ACCEPTED", "decline": "DECLINED", "invoice": "INVOICED"}
DOCUMENT_TYPES = {**dict.fromkeys(INVOICES.types, Invoice), **dict.fromkeys(CREDIT_NOTES.types, CreditNote)}


def approve(act: ActContext) -> Json:
    return _to_status(act, "AUTHORISED")


def void(act: ActContext) -> Json:
    return _to_status(act, "VOIDED")


def delete(act: ActContext) -> Json:
    return _to_status(act, "DELETED")


def move_quote(act: ActContext) -> Json:
    """`to`: send, accept, decline or invoice."""
    wanted = QUOTE_STATUSES.get(act.text("to"))
    if wanted is None:
        raise ActRefusedError(f"A quote can be moved to {', '.join(QUOTE_STATUSES)}.")
    return _to_status(act, wanted)


def edit(act: ActContext) -> Json:
    """`fields`: what the API would take, by Xero's names; LineItems replace the lines as they do there."""
    return _updated(act, act.document, dict(act.wish.get("fields") or {}))


def edit_line(act: ActContext) -> Json:
    """`line` counts from 0; `account`, `amount` (the unit price), `description` or `tax_type` change it."""
    document = act.document
    names = {
        "account": "AccountCode",
        "amount": "UnitAmount",
        "description": "Description",
        "tax_type": "TaxType",
        "quantity": "Quantity",
    }
    lines: list[Json] = [{"LineItemID": line.line_item_id} for line in document.lines]
    number = int(act.text_or("line", "0"))
    if number >= len(lines):
        raise ActRefusedError(f"The document has {len(lines)} lines; they count from 0.")
    lines[number] |= {field: act.wish[name] for name, field in names.items() if act.wish.get(name) is not None}
    return _updated(act, document, {"LineItems": lines})


def nudge_total(act: ActContext) -> Json:
    """`by` at most ten cents either way: the total then differs from the sum of its lines."""
    return _updated(act, act.document, {"RoundingAmount": act.text("by")})


def pay(act: ActContext) -> Json:
    """In full unless `amount` says otherwise, from the bank account unless `account` says so. Refunds credit notes."""
    findings = Findings()
    document = act.document
    if isinstance(document, Quote):
        raise ActRefusedError("A quote cannot be paid.")
    wish = PaymentWish(
        document=document,
        account=_paying_account(act, document),
        amount=act.amount_or("amount", open_amount(document)),
        payment_date=act.date_or_today("date"),
        reference=act.text_or("reference", ""),
    )
    payment = take_payment(wish, context=act.desk, findings=findings)
    _raise_if_refused(findings)
    return {"payment": payment.payment_id if payment else "", **_standing(act)}


def unpay(act: ActContext) -> Json:
    """Removes `payment`, or all payments of the document."""
    findings = Findings()
    document = act.document
    payments = payments_of(act.books, document.document_id)
    wanted = act.text_or("payment", "")
    for payment in payments:
        if wanted in {"", payment.payment_id}:
            current: Payment = act.books.find(Payment, payment.payment_id)
            delete_payment(current, context=act.desk, findings=findings)
    _raise_if_refused(findings)
    return _standing(act)


def allocate(act: ActContext) -> Json:
    """Sets credit note `document` against `invoice`."""
    findings = Findings()
    note = act.document
    invoice = act.books.find(Invoice, act.text("invoice").lower())
    if not isinstance(note, CreditNote) or invoice is None:
        raise ActRefusedError("A credit note is allocated to an invoice, by its id.")
    usual = min(note.remaining_credit, invoice.amount_due)
    wish = AllocationWish(
        note=note,
        invoice=invoice,
        amount=act.amount_or("amount", usual),
        allocation_date=act.date_or_today("date"),
    )
    allocate_credit(wish, context=act.desk, findings=findings)
    _raise_if_refused(findings)
    return _standing(act)


def duplicate(act: ActContext) -> Json:
    """A copy with the same content. Sales need a number of their own, so a copy's number ends in -COPY."""
    document = act.document
    moment = whole_millisecond(act.now)
    ending = "" if document.type == "ACCPAY" else f"-COPY{uuid4().hex[:4]}"
    money = {
        Invoice: {"amount_paid": 0, "amount_credited": 0, "fully_paid_on_date": None},
        CreditNote: {"amount_allocated": 0, "amount_refunded": 0, "fully_paid_on_date": None},
        Quote: {},
    }[type(document)]
    copy = replace(
        document,
        document_id=str(uuid4()),
        number=act.text_or("number", f"{document.number}{ending}"),
        status="AUTHORISED" if document.status == "PAID" else document.status,
        created_at=moment,
        updated_at=moment,
        has_attachments=False,
        **{name: document.total * 0 if value == 0 else value for name, value in money.items()},
    )
    act.books.store.save(copy)
    return {"document": copy.document_id, "number": copy.number}


def create_document(act: ActContext) -> Json:
    """`fields` as the API takes them (Type, Contact, LineItems, …); Type QUOTE, or none, makes a quote."""
    fields = dict(act.wish.get("fields") or {})
    findings = Findings()
    record = DOCUMENT_TYPES.get(fields.get("Type", ""))
    sent = Sent(fields)
    if record is None:
        document: Any = QuotesDesk(act.desk).create(sent, findings)
    else:
        document = TradeDocumentDesk(act.desk, FAMILIES[record]).create(sent, findings)
    _raise_if_refused(findings)
    return {"document": document.document_id, "number": document.number, "status": document.status}


def delete_attachment(act: ActContext) -> Json:
    """All of the document's files, or the one called `file`."""
    document = act.document
    wanted = act.text_or("file", "")
    for attachment in act.books.attachments_of(document.document_id):
        if wanted in {"", attachment.file_name}:
            act.books.store.remove(attachment)
    left = act.books.attachments_of(document.document_id)
    act.books.store.save(replace(document, has_attachments=bool(left), updated_at=whole_millisecond(act.now)))
    return {"document": document.document_id, "attachments": [each.file_name for each in left]}


def rename_contact(act: ActContext) -> Json:
    """`contact` (id or name) gets `name`, and `account_number` where given."""
    findings = Findings()
    contact = contact_of(act)
    changed = replace(
        contact,
        name=act.text_or("name", contact.name),
        account_number=act.text_or("account_number", contact.account_number),
        updated_at=whole_millisecond(act.now),
    )
    check_name(changed, books=act.books, findings=findings)
    _raise_if_refused(findings)
    act.books.store.save(changed)
    return {"contact": changed.contact_id, "name": changed.name}


def set_contact_status(act: ActContext, status: str) -> Json:
    contact = contact_of(act)
    act.books.store.save(replace(contact, status=status, updated_at=whole_millisecond(act.now)))
    return {"contact": contact.contact_id, "status": status}


def merge_contact(act: ActContext) -> Json:
    """
    `contact` into `into`, as Xero's Merge does: the first is archived and names the other (MergedToContactID, Xero's
    accounting OpenAPI). That its documents move to the other is left out; that it counts as changed is unconfirmed.
    """
    contact, into = contact_of(act), contact_of(act, "into")
    moment = whole_millisecond(act.now)
    act.books.store.save(replace(contact, status="ARCHIVED", merged_to=into.contact_id, updated_at=moment))
    return {"contact": contact.contact_id, "merged_to": into.contact_id}


def contact_of(act: ActContext, field: str = "contact") -> Any:
    contact = act.desk.contacts.match(Sent({"Name": act.text(field)}))
    if contact is None:
        contact = act.books.find(Contact, act.text(field).lower())
    if contact is None:
        raise ActRefusedError(f"There is no contact {act.text(field)!r}.")
    return contact


def _to_status(act: ActContext, status: str) -> Json:
    return _updated(act, act.document, {"Status": status})


def _updated(act: ActContext, document: Any, fields: Json) -> Json:
    findings = Findings()
    if isinstance(document, Quote):
        QuotesDesk(act.desk).update(document, Sent(_whole_quote(document) | fields), findings)
    else:
        TradeDocumentDesk(act.desk, FAMILIES[type(document)]).update(document, Sent(fields), findings)
    _raise_if_refused(findings)
    return _standing(act)


def _whole_quote(quote: Quote) -> Json:
    """A person's screen sends everything back, so nothing is renumbered or blanked."""
    return {
        "QuoteNumber": quote.number,
        "Terms": quote.terms,
        "LineAmountTypes": quote.line_amount_types,
        "Date": quote.document_date.isoformat(),
        "Contact": {"ContactID": quote.contact_id},
    }


def _paying_account(act: ActContext, document: Any) -> Account | None:
    """The named account, else a bank account in the document's currency, else the first bank account."""
    if code := act.text_or("account", ""):
        return act.books.account_with_code(code)
    banks = [
        account
        for account in sorted(act.books.all(Account), key=lambda account: account.code)
        if account.type == "BANK" and account.code and account.status == "ACTIVE"
    ]
    same = [account for account in banks if account.currency_code == document.currency_code]
    return next(iter(same or banks), None)


def _standing(act: ActContext) -> Json:
    document = act.document
    return {
        "document": document.document_id,
        "number": document.number,
        "status": document.status,
        "total": float(document.total),
    }


def _raise_if_refused(findings: Findings) -> None:
    if findings.errors:
        raise ActRefusedError(" ".join(findings.errors))
