"""Invoices with what Xero says of them and of their money: for the tabs of a shipment and for an invoice's page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from freightbridge.access.permission_checks import TenantRequest
from freightbridge.ui.page_address import page_address
from freightbridge.ui.pill import Pill
from integrations.job_states import DocumentState
from integrations.models import XeroDocument
from integrations.web.connection_strip import short_codes_of
from integrations.web.state_words import accounting_pill, money_pill
from integrations.web.xero_links import document_link
from invoices.models import Invoice
from invoices.models.invoice import InvoiceKind, InvoiceStatus
from invoices.web.invoice_words import STATUSES


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentLine:
    """Something that settles a document. `what`: empty for a payment, else what it is, with its number."""

    paid_date: date | None
    amount: Decimal
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """
    `document` None: it was never handed over. `pdf`: where its PDF stands, in words; there is none of ours on what
    we are billed.

    `money` None: there is nothing to be paid, and `no_money` says why.
    """

    invoice: Invoice
    document: XeroDocument | None
    address: str
    xero_address: str
    pdf_address: str
    state: Pill
    money: Pill | None
    no_money: str
    pdf: str
    due: Decimal | None
    payments: list[PaymentLine]


def document_rows(request: TenantRequest, invoices: QuerySet[Invoice], *, now: datetime) -> list[DocumentRow]:
    """Newest first; one query."""
    loaded: Iterable[Invoice] = invoices.select_related("customer", "xero_document").order_by("-issue_date", "-id")
    return [document_row(request, invoice, now=now) for invoice in loaded]


def document_row(request: TenantRequest, invoice: Invoice, *, now: datetime) -> DocumentRow:
    """`invoice` with its `xero_document`."""
    document: XeroDocument | None = getattr(invoice, "xero_document", None)
    short_code = short_codes_of(request).get(document.connection_id, "") if document else ""
    return DocumentRow(
        invoice=invoice,
        document=document,
        address=page_address(request.tenant, "invoice", invoice.public_id),
        xero_address=document_link(
            short_code=short_code, kind=invoice.kind, xero_id=document.xero_id if document else None
        ),
        pdf_address="" if invoice.is_purchase else page_address(request.tenant, "invoice_pdf", invoice.public_id),
        state=invoice_pill(invoice, document, now=now),
        money=money_pill(document.money_state if document else ""),
        no_money=_no_money(invoice, document),
        pdf=_pdf(invoice, document),
        due=_due(invoice, document),
        payments=_payment_lines(document),
    )


def invoice_pill(invoice: Invoice, document: XeroDocument | None, *, now: datetime) -> Pill:
    """Our own status until it is handed over, and once it is voided here."""
    if document is None or invoice.status == InvoiceStatus.VOIDED:
        return STATUSES[InvoiceStatus(invoice.status)]
    return accounting_pill(document.state, unknown_since=document.unknown_since, now=now)


def _no_money(invoice: Invoice, document: XeroDocument | None) -> str:
    if invoice.kind == InvoiceKind.QUOTE:
        return "nothing to pay"
    if document is None or document.xero_id is None:
        return "not in Xero yet"
    return "voided" if document.state == DocumentState.VOIDED else "not approved in Xero"


def _payment_lines(document: XeroDocument | None) -> list[PaymentLine]:
    return [
        PaymentLine(
            paid_date=date.fromisoformat(line["date"]) if line["date"] else None,
            amount=Decimal(line["amount"]),
            what="" if line["kind"] == "payment" else f"{line['kind']} {line['number']}".strip(),
        )
        for line in (document.payments if document else [])
    ]


def _due(invoice: Invoice, document: XeroDocument | None) -> Decimal | None:
    """Until payments are read for the first time Xero has told no amount: nothing is paid yet, so it is all due."""
    if document is None or not document.money_state:
        return None
    return invoice.total if document.amount_due is None else document.amount_due


def _pdf(invoice: Invoice, document: XeroDocument | None) -> str:
    if invoice.is_purchase:
        return "The supplier's own"
    if document is not None and document.has_pdf:
        return "Attached in Xero"
    return "Ready" if invoice.pdf_id else "Not made yet"
