"""By what invoices, credit notes, quotes and payments can be filtered and ordered."""

from collections.abc import Callable
from typing import Any

from integrations.xero_sandbox.accounting_api.list_reading import IndexedBy, ListShape
from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.document_records import CreditNote, Invoice, Payment
from integrations.xero_sandbox.books.folding import folded
from integrations.xero_sandbox.books.store import Store
from integrations.xero_sandbox.rules.query_matching import Getter


def invoice_shape(store: Store) -> ListShape:
    fields = _shared_fields(store) | {
        "invoiceid": lambda invoice: invoice.document_id,
        "invoicenumber": lambda invoice: invoice.number,
        "url": lambda invoice: invoice.url,
        "amountdue": lambda invoice: invoice.amount_due,
        "amountpaid": lambda invoice: invoice.amount_paid,
        "amountcredited": lambda invoice: invoice.amount_credited,
        "expectedpaymentdate": lambda invoice: invoice.expected_payment_date,
        "plannedpaymentdate": lambda invoice: invoice.planned_payment_date,
    }
    return ListShape(kind=Invoice, fields=fields, indexes=_document_indexes("invoicenumber"))


def credit_note_shape(store: Store) -> ListShape:
    fields = _shared_fields(store) | {
        "creditnoteid": lambda note: note.document_id,
        "creditnotenumber": lambda note: note.number,
        "remainingcredit": lambda note: note.remaining_credit,
    }
    return ListShape(kind=CreditNote, fields=fields, indexes=_document_indexes("creditnotenumber"))


def payment_shape(document_of: Callable[[Payment], Any]) -> ListShape:
    fields: dict[str, Getter] = {
        "paymentid": lambda payment: payment.payment_id,
        "status": lambda payment: payment.status,
        "date": lambda payment: payment.payment_date,
        "amount": lambda payment: payment.amount,
        "reference": lambda payment: payment.reference,
        "paymenttype": lambda payment: payment.payment_type,
        "isreconciled": lambda payment: payment.is_reconciled,
        "updateddateutc": lambda payment: payment.updated_at,
        "invoice.invoiceid": lambda payment: payment.document_id,
        "creditnote.creditnoteid": lambda payment: payment.document_id,
        "invoice.invoicenumber": lambda payment: document_of(payment).number,
        "account.accountid": lambda payment: payment.account_id,
    }
    by_status = IndexedBy(facet="status", paths={"status": str.upper})
    return ListShape(kind=Payment, fields=fields, indexes=(by_status,))


def _shared_fields(store: Store) -> dict[str, Getter]:
    contacts = store.table(Contact)

    def contact_of(document: Any) -> Contact:
        contact: Contact = contacts.get(document.contact_id)  # type: ignore[assignment]
        return contact

    return {
        "type": lambda document: document.type,
        "status": lambda document: document.status,
        "reference": lambda document: document.reference,
        "date": lambda document: document.document_date,
        "duedate": lambda document: document.due_date,
        "total": lambda document: document.total,
        "subtotal": lambda document: document.sub_total,
        "totaltax": lambda document: document.total_tax,
        "currencycode": lambda document: document.currency_code,
        "currencyrate": lambda document: document.currency_rate,
        "senttocontact": lambda document: document.sent_to_contact,
        "hasattachments": lambda document: document.has_attachments,
        "fullypaidondate": lambda document: document.fully_paid_on_date,
        "updateddateutc": lambda document: document.updated_at,
        "brandingthemeid": lambda document: document.branding_theme_id,
        "contact.contactid": lambda document: document.contact_id,
        "contact.name": lambda document: contact_of(document).name,
        "contact.contactnumber": lambda document: contact_of(document).contact_number,
        "contact.contactstatus": lambda document: contact_of(document).status,
        "lineamounttypes": lambda document: document.line_amount_types,
        "isdiscounted": lambda document: bool(document.total_discount),
    }


def _document_indexes(number_path: str) -> tuple[IndexedBy, ...]:
    return (
        IndexedBy(facet="number", paths={number_path: folded}),
        IndexedBy(facet="contact", paths={"contact.contactid": str.lower}),
        IndexedBy(facet="type_status", paths={"type": str.upper, "status": str.upper}),
        IndexedBy(facet="type", paths={"type": str.upper}),
        IndexedBy(facet="status", paths={"status": str.upper}),
    )
