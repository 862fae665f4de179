"""Which kinds of record there are, and by which facets each is found."""

from collections.abc import Iterator
from typing import Any

from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.document_records import (
    Allocation,
    Attachment,
    CreditNote,
    HistoryNote,
    Invoice,
    Payment,
    PurchaseOrder,
    Quote,
)
from integrations.xero_sandbox.books.folding import folded
from integrations.xero_sandbox.books.identity_records import (
    AccessToken,
    App,
    Connection,
    ConsentCode,
    Grant,
    Login,
    RefreshToken,
    SigningKey,
    StoredReply,
)
from integrations.xero_sandbox.books.organisation_records import (
    Account,
    BrandingTheme,
    Currency,
    Item,
    Organisation,
    TaxRate,
    TrackingCategory,
)
from integrations.xero_sandbox.books.table import Facet, Table
from integrations.xero_sandbox.books.webhook_records import WebhookEvent, WebhookSubscription


def make_tables() -> dict[type, Table[Any]]:
    return {
        Organisation: Table(key="organisation_id", facets=_everybody),
        Account: Table(key="account_id", facets=_account),
        TaxRate: Table(key="rate_key", facets=_of_organisation),
        TrackingCategory: Table(key="category_id", facets=_of_organisation),
        Currency: Table(key="currency_key", facets=_of_organisation),
        BrandingTheme: Table(key="theme_id", facets=_of_organisation),
        Item: Table(key="item_id", facets=_item),
        Contact: Table(key="contact_id", facets=_contact),
        Invoice: Table(key="document_id", facets=_document),
        CreditNote: Table(key="document_id", facets=_document),
        Quote: Table(key="document_id", facets=_document),
        PurchaseOrder: Table(key="document_id", facets=_document),
        Payment: Table(key="payment_id", facets=_payment),
        Allocation: Table(key="allocation_id", facets=_allocation),
        Attachment: Table(key="attachment_id", facets=_owned),
        HistoryNote: Table(key="note_id", facets=_owned),
        Login: Table(key="user_id", facets=_login),
        App: Table(key="client_id", facets=_everybody),
        ConsentCode: Table(key="code", facets=_everybody),
        Grant: Table(key="grant_id", facets=_everybody),
        AccessToken: Table(key="token", facets=_token),
        RefreshToken: Table(key="token", facets=_token),
        Connection: Table(key="connection_id", facets=_connection),
        StoredReply: Table(key="reply_id", facets=_everybody),
        SigningKey: Table(key="key_id", facets=_everybody),
        WebhookSubscription: Table(key="client_id", facets=_everybody),
        WebhookEvent: Table(key="event_id", facets=_of_app),
    }


def _everybody(_record: Any) -> Iterator[Facet]:
    yield ("all",)


def _login(login: Login) -> Iterator[Facet]:
    if login.is_listed:
        yield ("all",)


def _of_organisation(record: Any) -> Iterator[Facet]:
    yield ("all", record.organisation_id)


def _account(account: Account) -> Iterator[Facet]:
    yield ("all", account.organisation_id)
    if account.code:
        yield ("code", account.organisation_id, account.code.upper())


def _item(item: Item) -> Iterator[Facet]:
    yield ("all", item.organisation_id)
    yield ("code", item.organisation_id, folded(item.code))


def _contact(contact: Contact) -> Iterator[Facet]:
    organisation = contact.organisation_id
    yield ("all", organisation)
    yield ("status", organisation, contact.status)
    yield ("name", organisation, folded(contact.name))
    if contact.contact_number:
        yield ("contact_number", organisation, contact.contact_number)
    if contact.account_number:
        yield ("account_number", organisation, folded(contact.account_number))
    if contact.email:
        yield ("email", organisation, folded(contact.email))


def _document(document: Any) -> Iterator[Facet]:
    organisation = document.organisation_id
    yield ("all", organisation)
    yield ("type", organisation, document.type)
    yield ("status", organisation, document.status)
    yield ("type_status", organisation, document.type, document.status)
    yield ("contact", organisation, document.contact_id)
    yield ("created_by", organisation, document.created_by)
    if document.number:
        yield ("number", organisation, folded(document.number))


def _payment(payment: Payment) -> Iterator[Facet]:
    yield ("all", payment.organisation_id)
    yield ("status", payment.organisation_id, payment.status)
    yield ("document", payment.document_id)


def _allocation(allocation: Allocation) -> Iterator[Facet]:
    yield ("all", allocation.organisation_id)
    yield ("credit_note", allocation.credit_note_id)
    yield ("invoice", allocation.invoice_id)


def _owned(record: Any) -> Iterator[Facet]:
    yield ("owner", record.owner_id)


def _token(record: Any) -> Iterator[Facet]:
    yield ("all",)
    yield ("grant", record.grant_id)


def _of_app(event: WebhookEvent) -> Iterator[Facet]:
    yield ("app", event.client_id)


def _connection(connection: Connection) -> Iterator[Facet]:
    yield ("all",)
    yield ("person", connection.client_id, connection.user_id)
    yield ("organisation", connection.organisation_id)
