"""A row of the invoice list as strings."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.text import Truncator

from freightbridge.tenancy.models import Tenant
from freightbridge.ui.page_address import page_address
from freightbridge.ui.pill import Pill
from integrations.models import XeroDocument
from integrations.web.state_words import money_pill
from integrations.web.xero_links import document_link
from invoices.models import Invoice
from invoices.models.invoice import InvoiceKind
from invoices.web.document_rows import invoice_pill
from invoices.web.shipment_rows import day_text

KINDS = dict(InvoiceKind.choices)
LONGEST_REFERENCE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRow:
    """`sent_at` None: it was never sent."""

    public_id: str
    address: str
    number: str
    kind: str
    customer_code: str
    customer_name: str
    day: str
    due_day: str
    reference: str
    currency: str
    amount: str
    state: Pill
    sent_at: datetime | None
    money: Pill | None
    xero_address: str


def invoice_row(invoice: Invoice, *, tenant: Tenant, short_codes: dict[int, str], now: datetime) -> InvoiceRow:
    """`invoice` with its customer and its `xero_document`; `short_codes`: by connection."""
    document: XeroDocument | None = getattr(invoice, "xero_document", None)
    return InvoiceRow(
        public_id=str(invoice.public_id),
        address=page_address(tenant, "invoice", invoice.public_id),
        number=str(invoice),
        kind=KINDS.get(invoice.kind, invoice.kind),
        customer_code=invoice.customer.code,
        customer_name=invoice.customer.name,
        day=day_text(invoice.issue_date),
        due_day=day_text(invoice.due_date),
        reference=Truncator(invoice.reference).chars(LONGEST_REFERENCE),
        currency=invoice.currency,
        amount=f"{invoice.total:,.2f}",
        state=invoice_pill(invoice, document, now=now),
        sent_at=document.sent_at if document else None,
        money=money_pill(document.money_state if document else ""),
        xero_address=document_link(
            short_code=short_codes.get(document.connection_id, "") if document else "",
            kind=invoice.kind,
            xero_id=document.xero_id if document else None,
        ),
    )
