"""A person does not want an invoice sent any more, or a change of it that was stopped (F12)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from freightbridge.audit.record_event import record_event
from freightbridge.tenancy.models import Tenant
from integrations.job_states import OPEN_STATES, JobState, Operation
from integrations.models import SyncJob, XeroDocument
from integrations.outbox.cancel_jobs import UNFINISHED, cancel_changes, cancel_creates
from invoices.models import Invoice, InvoiceLine
from invoices.models.invoice import InvoiceStatus
from invoices.workflows.allowed_changes import lock_delivery, require, require_words, why_not_give_up
from invoices.workflows.follow_document import follow_document


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """`is_change`: only a change of it, so it stays in Xero. `is_asked`: Xero is asked first, a worker goes on."""

    is_change: bool = False
    is_asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUpMany:
    """`stay`: numbers of those that are in Xero already."""

    count: int
    stay: tuple[str, ...]


def give_up_invoice(invoice: Invoice, *, reason: str, tenant: Tenant, by: str, now: datetime) -> GivenUp:
    """In the tenant's scope. Raises ChangeRefusedError."""
    require_words(reason)
    delivery = lock_delivery(invoice)
    require(why_not_give_up(delivery))
    document = XeroDocument.objects.get(invoice=invoice)
    if delivery.is_created:
        cancel_changes([document], reason=reason, by=by, now=now)
        record_event(action="change given up", subject=invoice, by=by, now=now, reason=reason)
        return GivenUp(is_change=True)
    jobs = cancel_creates([document], reason=reason, by=by, now=now)
    record_event(action="invoice given up", subject=invoice, by=by, now=now, reason=reason)
    document.refresh_from_db()
    follow_document(document, tenant=tenant, by=by, now=now)
    return GivenUp(is_asked=any(job.state in OPEN_STATES for job in jobs))


def give_up_invoices_of(shipment_ids: Iterable[int], *, reason: str, by: str, now: datetime) -> GivenUpMany:
    """
    Whatever bills one of these shipments and has not arrived, whole; a worker makes the invoices follow. What is in
    Xero stays there.
    """
    lines = InvoiceLine.objects.filter(shipment__in=list(shipment_ids))
    standing = Invoice.objects.filter(pk__in=lines.values("invoice_id"), status=InvoiceStatus.APPROVED)
    invoices = list(standing.select_for_update(no_key=True).order_by("id"))
    arrived = _with_creates(invoices, [JobState.DONE])
    jobs = cancel_creates(_with_creates(invoices, UNFINISHED), reason=reason, by=by, now=now)
    asked, stay = {job.invoice_id for job in jobs}, {document.invoice_id for document in arrived}
    for invoice in invoices:
        if invoice.pk in asked:
            record_event(action="invoice given up", subject=invoice, by=by, now=now, reason=reason)
    return GivenUpMany(count=len(asked), stay=tuple(one.number for one in invoices if one.pk in stay))


def _with_creates(invoices: Sequence[Invoice], states: Sequence[JobState]) -> list[XeroDocument]:
    creates = SyncJob.objects.filter(invoice__in=invoices, operation=Operation.CREATE, state__in=states)
    return list(XeroDocument.objects.filter(pk__in=creates.values("document_id")).order_by("id"))
