"""Approval: the number is given, the document goes into the outbox, its PDF is asked for. One transaction."""

from collections.abc import Sequence
from datetime import datetime

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from integrations.models import SyncJob
from integrations.outbox.sender import Sender
from invoices.domain import lifecycle
from invoices.models import Invoice
from invoices.work_names import RENDER_PDF
from invoices.workflows.hand_over_to_accounting import hand_over
from invoices.workflows.judge_series import require_free_numbers


def approve_invoices(invoices: Sequence[Invoice], *, sender: Sender, now: datetime) -> list[SyncJob]:
    """
    Drafts, all or none. What cannot be mapped is approved all the same and waits in the outbox, with its problem.

    Raises LifecycleError, NoNumberSeriesError.
    """
    require_free_numbers(invoices, sender.connection)
    lifecycle.approve(invoices, now=now)
    ids = [invoice.pk for invoice in invoices]
    loaded = Invoice.objects.prefetch_related("customer", "billing_entity").in_bulk(ids)
    jobs = hand_over([loaded[pk] for pk in ids], sender=sender, now=now)
    if sender.rules.attaches_pdf:
        enqueue_work(RENDER_PDF, [invoice.pk for invoice in invoices if not invoice.is_purchase], now=now)
    if sender.batch is None:
        for invoice in loaded.values():
            record_event(action="invoice approved", subject=invoice, by=sender.by, now=now)
    return jobs
