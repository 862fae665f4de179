"""
The only file that knows xero_python and urllib3.

Documents are built with the SDK's models and serialised once; those bytes then go through the SDK's own
connection pool, hardened: as it comes, it repeats a PUT up to three times after a lost answer, sleeps through
Retry-After, has no time-out, and shares one token between all of a process's clients (xero-python 15.2.0).
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from ssl import SSLCertVerificationError
from typing import Any

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError, SSLError
from xero_python.accounting import (
    Address,
    Contact,
    Contacts,
    CreditNote,
    CreditNotes,
    CurrencyCode,
    Invoice,
    Invoices,
    LineAmountTypes,
    LineItem,
)
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.serializer import serialize

from integrations.mapping.documents import MappedContact, MappedDocument, MappedLine
from integrations.mapping.source import DocumentKind
from integrations.xero_gateway.answers import Answer, NoAnswerError, NotSentError

CONNECT_SECONDS, READ_SECONDS = 5.0, 60.0
SOCKETS = 8
NEVER_CONNECTED = (NewConnectionError, NameResolutionError, ConnectTimeoutError)
TYPES = {
    DocumentKind.SALES_INVOICE: "ACCREC",
    DocumentKind.BILL: "ACCPAY",
    DocumentKind.SALES_CREDIT_NOTE: "ACCRECCREDIT",
    DocumentKind.BILL_CREDIT_NOTE: "ACCPAYCREDIT",
}


@cache
def pool() -> urllib3.PoolManager:
    """One for the process: all organisations are on the same host, and a new one costs a TLS handshake."""
    client = ApiClient(Configuration())
    kept: urllib3.PoolManager = client.rest_client.pool_manager
    kept.connection_pool_kw.update(maxsize=SOCKETS, retries=urllib3.Retry(0, redirect=0, raise_on_status=False))
    return kept


def send(method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
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
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
            retries=False,
            redirect=False,
        )
    except NEVER_CONNECTED as error:
        raise NotSentError(type(error).__name__) from error
    except HTTPError as error:
        if isinstance(error, SSLError) and isinstance(error.args[0], SSLCertVerificationError):
            raise NotSentError(type(error).__name__) from error
        # Encryption may break at any time, after the request has gone too.
        raise NoAnswerError(type(error).__name__) from error
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
    pairs = list(zip(documents, contact_ids, strict=True))
    if documents[0].kind.is_credit_note:
        return _freeze(CreditNotes(credit_notes=[_credit_note(*pair) for pair in pairs]))
    return _freeze(Invoices(invoices=[_invoice(*pair) for pair in pairs]))


def freeze_promotions(kind: DocumentKind, *, xero_ids: list[str], status: str) -> bytes:
    """The body of one POST that changes nothing but the status; lines left out are kept."""
    if kind.is_credit_note:
        notes = [CreditNote(credit_note_id=xero_id, status=status) for xero_id in xero_ids]
        return _freeze(CreditNotes(credit_notes=notes))
    return _freeze(Invoices(invoices=[Invoice(invoice_id=xero_id, status=status) for xero_id in xero_ids]))


def freeze_contacts(contacts: list[MappedContact]) -> bytes:
    """Source: developer.xero.com/documentation/api/accounting/contacts."""
    return _freeze(Contacts(contacts=[_contact(contact) for contact in contacts]))


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


def _shared(document: MappedDocument, contact_id: str) -> dict[str, Any]:
    """Only the contact's id: any other field of a contact would change the contact."""
    shared: dict[str, Any] = {
        "type": TYPES[document.kind],
        "status": "DRAFT",
        "contact": Contact(contact_id=contact_id),
        "date": document.issue_date,
        "line_amount_types": LineAmountTypes.EXCLUSIVE,
        "line_items": [_line(line) for line in document.lines],
        "currency_code": CurrencyCode(document.currency),
        "currency_rate": document.exchange_rate,
    }
    if document.branding_theme_id:
        shared["branding_theme_id"] = document.branding_theme_id
    return shared


def _line(line: MappedLine) -> LineItem:
    """TaxAmount is never sent: Xero calculates it, and the answer is compared."""
    optional: dict[str, Any] = {"item_code": line.item_code} if line.item_code else {}
    if line.discount_percent:
        optional["discount_rate"] = line.discount_percent
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
