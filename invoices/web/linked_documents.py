"""What an invoice has to do with others: the credit notes that take it back, the quote it comes from."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from freightbridge.access.permission_checks import TenantRequest
from freightbridge.ui.page_address import page_address
from freightbridge.ui.pill import Pill
from integrations.job_states import Operation
from integrations.models import AccountingLogEntry, SyncJob, XeroDocument
from invoices.domain.crediting import lines_left
from invoices.models import Invoice, ShipmentCharge
from invoices.models.invoice import InvoiceKind, InvoiceStatus
from invoices.web.document_rows import invoice_pill
from invoices.workflows.credit_invoice import CREDITS, why_not_credit
from invoices.workflows.invoice_quote import why_not_invoice

SET_OFF_EVENTS = ["allocated", "left as credit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedDocument:
    """`relation`: what it is to the one whose page it is; `set_off`: how far the credit is set against its invoice."""

    relation: str
    name: str
    address: str
    total: Decimal
    currency: str
    state: Pill
    reason: str
    set_off: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindActions:
    """The buttons that only some kinds have; None where there is none, else the reason against it, or nothing."""

    credit: str | None
    invoice_it: str | None


def linked_documents(request: TenantRequest, invoice: Invoice, *, now: datetime) -> list[LinkedDocument]:
    """`invoice` with its `xero_document`."""
    related = Invoice.objects.select_related("xero_document")
    notes = list(related.filter(credited_invoice=invoice).order_by("id"))
    raised = list(related.filter(quote=invoice).order_by("id"))
    credited = list(related.filter(credit_notes=invoice))
    quotes = list(related.filter(invoices_of_quote=invoice))
    set_off = _set_off([*notes, *([invoice] if credited else [])])
    pairs = [
        *(("Credited by", note, note, note.credit_reason) for note in notes),
        *(("Credits", one, invoice, invoice.credit_reason) for one in credited),
        *(("Invoiced by", one, None, "") for one in raised),
        *(("From the quote", one, None, "") for one in quotes),
    ]
    return [
        LinkedDocument(
            relation=relation,
            name=str(one),
            address=page_address(request.tenant, "invoice", one.public_id),
            total=one.total,
            currency=one.currency,
            state=invoice_pill(one, _document_of(one), now=now),
            reason=reason,
            set_off=set_off.get(note.pk, "") if note else "",
        )
        for relation, one, note, reason in pairs
    ]


def kind_actions(invoice: Invoice) -> KindActions:
    """`invoice` with its `xero_document`."""
    is_sent = invoice.status == InvoiceStatus.APPROVED
    credit = why_not_credit(invoice, lines_left(invoice)) if is_sent and invoice.kind in CREDITS else None
    invoice_it = None
    if is_sent and invoice.kind == InvoiceKind.QUOTE:
        is_open = ShipmentCharge.objects.filter(quote=invoice, invoice=None).exists()
        invoice_it = why_not_invoice(invoice, is_open=is_open)
    return KindActions(credit=credit, invoice_it=invoice_it)


def _set_off(notes: list[Invoice]) -> dict[int, str]:
    """In the words of the accounting log, once it is done."""
    ids = [note.pk for note in notes]
    jobs = SyncJob.objects.filter(invoice__in=ids, operation=Operation.ALLOCATE, finished_at=None)
    waiting = dict.fromkeys(jobs.values_list("invoice_id", flat=True), "Is set off once both are approved in Xero.")
    entries = AccountingLogEntry.objects.filter(document__invoice__in=ids, event__in=SET_OFF_EVENTS).order_by("id")
    return waiting | dict(entries.values_list("document__invoice_id", "text"))


def _document_of(invoice: Invoice) -> XeroDocument | None:
    return getattr(invoice, "xero_document", None)
