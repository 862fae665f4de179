"""A person wants what failed of a send to be tried again; a worker does it, for there may be thousands (N6)."""

import time
from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from freightbridge.audit.record_event import SYSTEM, record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import STRETCH_SECONDS, Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.active_connection import NotConnectedError, require_connection
from integrations.models import SendBatch, SyncJob
from integrations.outbox.keep_for_file import filed_jobs
from integrations.outbox.requeue_job import STOPPED
from invoices.models import Invoice
from invoices.work_names import RETRY_BATCH
from invoices.workflows.send_again import send_again
from invoices.workflows.tell_of_send import watch_send

CHUNK = 200


def retry_failed(batch: SendBatch, *, by: str, now: datetime) -> int:
    """
    Returns how many are tried again; 0: none failed, or a click before this one is still being carried out. In the
    tenant's scope. Raises NotConnectedError.
    """
    require_connection()
    count = _failed(batch).count()
    if not count or not SendBatch.objects.filter(pk=batch.pk, retried_by="").update(retried_by=by, retried_at=now):
        return 0
    enqueue_work(RETRY_BATCH, [batch.pk], now=now)
    watch_send(batch, now=now)
    return count


def retry_batch(work: Work) -> Again | None:
    """
    Background work: in chunks of one transaction each, in the order of the jobs. The cursor is the last one tried, so
    that what stops again meanwhile is not tried for ever.
    """
    stop_at, last_id = time.monotonic() + STRETCH_SECONDS, work.cursor
    while time.monotonic() < stop_at:
        with tenant_scope(work.tenant_id):
            batch = SendBatch.objects.get(pk=work.subject_id)
            jobs = [] if _is_over(batch) else list(_failed(batch).filter(pk__gt=last_id).order_by("id")[:CHUNK])
            if not jobs or not _try(batch, jobs, now=read_clock()):
                SendBatch.objects.filter(pk=batch.pk).update(retried_by="")
                return None
            last_id = jobs[-1].pk
    return Again(at=read_clock(), cursor=last_id)


def retrying_gave_up(work: Work, reason: str) -> None:
    """What was not tried is still there to be tried; the batch's history says why it was not."""
    with tenant_scope(work.tenant_id):
        batch = SendBatch.objects.get(pk=work.subject_id)
        _not_tried(batch, f"That is our fault. ({reason})", now=read_clock())
        SendBatch.objects.filter(pk=batch.pk).update(retried_by="")


def _is_over(batch: SendBatch) -> bool:
    """Somebody paused or cancelled the send after the click; what was tried by then is steered with the rest."""
    stops = [moment for moment in (batch.paused_at, batch.cancelled_at) if moment is not None]
    return batch.retried_at is not None and any(moment > batch.retried_at for moment in stops)


def _failed(batch: SendBatch) -> QuerySet[SyncJob]:
    """What went into a file is sent only by a person who says so of it."""
    stopped = SyncJob.objects.filter(batch=batch, state__in=STOPPED)
    return stopped.exclude(invoice__in=filed_jobs().values("invoice"))


def _try(batch: SendBatch, jobs: Sequence[SyncJob], *, now: datetime) -> bool:
    """False: nothing is connected any more."""
    invoices = list(Invoice.objects.filter(pk__in=[job.invoice_id for job in jobs]).order_by("id"))
    by = batch.retried_by
    try:
        count = send_again(invoices, by=by, now=now)
    except NotConnectedError as error:
        _not_tried(batch, str(error), now=now)
        return False
    record_event(action="failed ones sent again", subject=batch, by=by, now=now, stopped=len(jobs), going=count)
    return True


def _not_tried(batch: SendBatch, reason: str, *, now: datetime) -> None:
    record_event(action="failed ones not sent again", subject=batch, by=SYSTEM, now=now, reason=reason)
