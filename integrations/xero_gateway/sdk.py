"""
The only file that knows xero_python and urllib3.

Documents are built with the SDK's models and serialised once; those bytes then go through the SDK's own
connection pool, hardened: as it comes, it repeats a PUT up to three times after a lost answer, sleeps through
Retry-After, has no time-out, and shares one token between all of a process's clients (xero-python 15.2.0).
"""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from ssl import SSLCertVerificationError
from typing import Any

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError, SSLError
from xero_python.accounting import (
    Address,
    Allocation,
    Allocations,
    Contact,
    Contacts,
    CreditNote,
    CreditNotes,
    HistoryRecord,
    HistoryRecords,
    Invoice,
    Invoices,
    Item,
    Items,
    LineAmountTypes,
    LineItem,
    LineItemTracking,
    Purchase,
    Quote,
    QuoteLineAmountTypes,
    Quotes,
    QuoteStatusCodes,
)
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.serializer import serialize

from integrations.mapping.documents import MappedContact, MappedDocument, MappedItem, MappedLine
from integrations.mapping.source import DocumentKind
from integrations.xero_gateway.answers import Answer, Json, NoAnswerError, NotSentError
from integrations.xero_gateway.call_times import REAL_TIMES, CallTimes
from integrations.xero_gateway.failure_words import say_failure

SOCKETS = 8
NEVER_CONNECTED = (NewConnectionError, NameResolutionError, ConnectTimeoutError)
TYPES = {
    DocumentKind.SALES_INVOICE: "ACCREC",
    DocumentKind.BILL: "ACCPAY",
    DocumentKind.SALES_CREDIT_NOTE: "ACCRECCREDIT",
    DocumentKind.BILL_CREDIT_NOTE: "ACCPAYCREDIT",
}
ID_FIELDS = {
    DocumentKind.SALES_INVOICE: "invoice_id",
    DocumentKind.BILL: "invoice_id",
    DocumentKind.SALES_CREDIT_NOTE: "credit_note_id",
    DocumentKind.BILL_CREDIT_NOTE: "credit_note_id",
    DocumentKind.QUOTE: "quote_id",
}


@cache
def pool() -> urllib3.PoolManager:
    """One for the process: all organisations are on the same host, and a new one costs a TLS handshake."""
    client = ApiClient(Configuration())
    kept: urllib3.PoolManager = client.rest_client.pool_manager
    kept.connection_pool_kw.update(maxsize=SOCKETS, retries=urllib3.Retry(0, redirect=0, raise_on_status=False))
    return kept


def send(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None = None,
    times: CallTimes = REAL_TIMES,
) -> Answer:
    """
    One request, no repetition, no redirect. Raises NotSentError, NoAnswerError.

    The token stands in `headers`: the SDK is never given one, so it can neither mix nor refresh any.
    """
    try:
        response = pool().request(
            method,
            url,
            body=body,
            headers=dict(headers),
            timeout=urllib3.Timeout(connect=times.connect.total_seconds(), read=times.read.total_seconds()),
            retries=False,
            redirect=False,
        )
    except NEVER_CONNECTED as error:
        raise NotSentError(say_failure(error)) from error
    except HTTPError as error:
        if isinstance(error, SSLError) and isinstance(error.args[0], SSLCertVerificationError):
            raise NotSentError(say_failure(error)) from error
        # Encryption may break at any time, after the request has gone too.
        raise NoAnswerError(say_failure(error)) from error
    return Answer(
        status=response.status,
        headers={name.lower(): value for name, value in response.headers.items()},
        body=response.data,
    )


def freeze_documents(documents: list[MappedDocument], *, contact_ids: list[str]) -> bytes:
    """
    The body of one PUT: documents of one kind, as drafts, in this order.

    Source: developer.xero.com/documentation/api/accounting/invoices and /creditnotes.
    """
    models = [_document(*pair) for pair in zip(documents, contact_ids, strict=True)]
    for document, model in zip(documents, models, strict=True):
        is_quote = document.kind == DocumentKind.QUOTE
        model.status = QuoteStatusCodes(document.target_status) if is_quote else "DRAFT"
    return _freeze(_listed(documents[0].kind, models))


def freeze_updates(documents: list[MappedDocument], *, contact_ids: list[str], xero_ids: list[str]) -> bytes:
    """
    The body of one POST that gives documents new lines and leaves their status: lines that are sent without ids
    take the place of all that stood there (the Invoices page, "Update").
    """
    models = [_document(*pair) for pair in zip(documents, contact_ids, strict=True)]
    for model, xero_id in zip(models, xero_ids, strict=True):
        setattr(model, ID_FIELDS[documents[0].kind], xero_id)
    return _freeze(_listed(documents[0].kind, models))


def freeze_statuses(kind: DocumentKind, *, xero_ids: list[str], status: str) -> bytes:
    """The body of one POST that changes nothing but the status; lines left out are kept. Not for quotes."""
    model = CreditNote if kind.is_credit_note else Invoice
    return _freeze(_listed(kind, [model(**{ID_FIELDS[kind]: xero_id}, status=status) for xero_id in xero_ids]))


def freeze_quote(standing: Json, *, changes: MappedDocument | None = None, status: str = "") -> bytes:
    """
    The body of a POST of one quote. It nearly replaces the quote: what is left out is emptied or numbered anew
    (xero-python 15.2.0's recorded answers), so what stands in Xero is sent again, but for what changes.
    """
    changed = serialize(_document(changes, standing["Contact"]["ContactID"])) if changes else {}
    merged = {**standing, **_without_empty(changed), **({"Status": status} if status else {})}
    return json.dumps({"Quotes": [merged]}, separators=(",", ":"), default=_refuse).encode()


def freeze_allocation(*, invoice_id: str, amount: Decimal, on: date) -> bytes:
    """Source: developer.xero.com/documentation/api/accounting/creditnotes, "Allocations"."""
    allocation = Allocation(invoice=Invoice(invoice_id=invoice_id), amount=amount, date=on)
    return _freeze(Allocations(allocations=[allocation]))


def freeze_note(text: str) -> bytes:
    """Source: developer.xero.com/documentation/api/accounting/historyandnotes."""
    return _freeze(HistoryRecords(history_records=[HistoryRecord(details=text)]))


def freeze_contacts(contacts: list[MappedContact]) -> bytes:
    """Source: developer.xero.com/documentation/api/accounting/contacts."""
    return _freeze(Contacts(contacts=[_contact(contact) for contact in contacts]))


def freeze_items(items: list[MappedItem]) -> bytes:
    """Source: developer.xero.com/documentation/api/accounting/items."""
    return _freeze(Items(items=[_item(item) for item in items]))


def _item(item: MappedItem) -> Item:
    sides: dict[str, Any] = {}
    if item.sales_account:
        sides["sales_details"] = _price(item.sales_account, item.sales_tax)
    if item.purchase_account:
        sides["purchase_details"] = _price(item.purchase_account, item.purchase_tax)
    return Item(
        code=item.code, name=item.name, is_sold=bool(item.sales_account), is_purchased=bool(item.purchase_account),
        **sides,
    )  # fmt: skip


def _price(account: str, tax_type: str) -> Purchase:
    return Purchase(account_code=account, **({"tax_type": tax_type} if tax_type else {}))


def _document(document: MappedDocument, contact_id: str) -> Any:
    if document.kind == DocumentKind.QUOTE:
        return _quote(document, contact_id)
    return _credit_note(document, contact_id) if document.kind.is_credit_note else _invoice(document, contact_id)


def _listed(kind: DocumentKind, models: list[Any]) -> Any:
    if kind == DocumentKind.QUOTE:
        return Quotes(quotes=models)
    return CreditNotes(credit_notes=models) if kind.is_credit_note else Invoices(invoices=models)


def _invoice(document: MappedDocument, contact_id: str) -> Invoice:
    # A bill has no reference in Xero: its number stands there (the Invoices page, "Reference").
    reference = {} if document.kind == DocumentKind.BILL else {"reference": document.reference}
    return Invoice(
        invoice_number=document.number, due_date=document.due_date, url=document.url, **reference,
        **_shared(document, contact_id),
    )  # fmt: skip


def _credit_note(document: MappedDocument, contact_id: str) -> CreditNote:
    reference = {} if document.kind == DocumentKind.BILL_CREDIT_NOTE else {"reference": document.reference}
    return CreditNote(credit_note_number=document.number, **reference, **_shared(document, contact_id))


def _quote(document: MappedDocument, contact_id: str) -> Quote:
    shared = _shared(document, contact_id)
    del shared["type"]
    shared["line_amount_types"] = QuoteLineAmountTypes.EXCLUSIVE
    return Quote(quote_number=document.number, reference=document.reference, expiry_date=document.due_date, **shared)


def _shared(document: MappedDocument, contact_id: str) -> dict[str, Any]:
    """Of the contact only its id, since any other field would change it; none on an update that leaves it."""
    shared: dict[str, Any] = {
        "type": TYPES.get(document.kind),
        "date": document.issue_date,
        "line_amount_types": LineAmountTypes.EXCLUSIVE,
        "line_items": [_line(line) for line in document.lines],
        "currency_code": _currency(document.currency),
        "currency_rate": document.exchange_rate,
    }
    if contact_id:
        shared["contact"] = Contact(contact_id=contact_id)
    if document.branding_theme_id:
        shared["branding_theme_id"] = document.branding_theme_id
    return shared


@cache
def _currency(code: str) -> Any:
    """The SDK's own list lacks currencies that an organisation may have, such as ZWG; any Enum of its name will do."""
    make_enum: Any = Enum
    return make_enum("CurrencyCode", {code: code})(code)


def _line(line: MappedLine) -> LineItem:
    """TaxAmount is never sent: Xero calculates it, and the answer is compared."""
    optional: dict[str, Any] = {"item_code": line.item_code} if line.item_code else {}
    if line.discount_percent:
        optional["discount_rate"] = line.discount_percent
    if line.tracking:
        optional["tracking"] = [LineItemTracking(name=one.category, option=one.option) for one in line.tracking]
    return LineItem(
        description=line.description, quantity=line.quantity, unit_amount=line.unit_amount,
        account_code=line.account_code, tax_type=line.tax_type, **optional,
    )  # fmt: skip


def _contact(contact: MappedContact) -> Contact:
    address = Address(
        address_type="POBOX", address_line1=contact.street[:500], city=contact.city, region=contact.region,
        postal_code=contact.postal_code, country=contact.country,
    )  # fmt: skip
    optional = {"email_address": contact.email, "tax_number": contact.tax_number}
    return Contact(
        name=contact.name,
        account_number=contact.customer_code,
        contact_number=contact.customer_code,
        addresses=[address],
        **{name: value for name, value in optional.items() if value},
    )


def _freeze(model: Any) -> bytes:
    """The SDK turns Decimal into float, which is exact for the 15 digits that an amount here may have."""
    return json.dumps(_without_empty(serialize(model)), separators=(",", ":"), default=_refuse).encode()


def _without_empty(value: Any) -> Any:
    """The SDK's models write flags and empty texts that say nothing; Xero is sent what was meant."""
    if isinstance(value, dict):
        return {name: _without_empty(inner) for name, inner in value.items() if name not in NOISE and inner != ""}
    return [_without_empty(inner) for inner in value] if isinstance(value, list) else value


NOISE = {"HasAttachments", "HasErrors", "HasValidationErrors"}


def _refuse(value: Any) -> Decimal:
    raise TypeError(f"{type(value).__name__} has no place in a request to Xero.")
