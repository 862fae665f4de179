"""What a mend set free is sent on: a few documents with the click, thousands by a worker (N2)."""

import time
from collections.abc import Collection, Sequence

import structlog

from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import STRETCH_SECONDS, Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.active_connection import NotConnectedError
from integrations.models import SyncJob
from integrations.outbox.keep_for_file import filed_jobs
from integrations.outbox.requeue_job import STOPPED
from integrations.outbox.try_stopped import AT_ONCE
from invoices.models import Invoice, MendWatch
from invoices.work_names import SEND_MENDED
from invoices.workflows.requeue_documents import requeue_documents
from invoices.workflows.send_again import send_again

CHUNK = 200
log = structlog.get_logger(__name__)


def is_for_worker(jobs: Collection[int]) -> bool:
    return len(jobs) > AT_ONCE


def leave_to_worker(watch: MendWatch) -> None:
    """In the transaction of the click."""
    enqueue_work(SEND_MENDED, [watch.pk], now=watch.at)


def left_to_worker() -> set[int]:
    """Jobs that one is at, or is about to be. In the tenant's scope."""
    asked = WorkItem.objects.filter(kind=SEND_MENDED, gave_up_at=None).values("subject_id")
    return {job for jobs in MendWatch.objects.filter(pk__in=asked).values_list("jobs", flat=True) for job in jobs}


def send_mended(work: Work) -> Again | None:
    """
    Background work on a watch: its jobs in chunks of one transaction each, in their order. The cursor is the last one
    tried, so that what stops again meanwhile is not tried for ever.
    """
    stop_at, last_id = time.monotonic() + STRETCH_SECONDS, work.cursor
    while time.monotonic() < stop_at:
        with tenant_scope(work.tenant_id):
            watch = MendWatch.objects.get(pk=work.subject_id)
            stopped = SyncJob.objects.filter(pk__in=watch.jobs, pk__gt=last_id, state__in=STOPPED)
            sendable = stopped.exclude(invoice__in=filed_jobs().values("invoice"))
            jobs = list(sendable.select_related("connection").order_by("id")[:CHUNK])
            if not jobs or not _try(watch, jobs):
                return None
            last_id = jobs[-1].pk
    return Again(at=read_clock(), cursor=last_id)


def sending_mended_gave_up(work: Work, reason: str) -> None:
    """What was not tried still stands on the page of what needs attention, and the person is told how many."""
    log.error("mended documents not sent on", watch=work.subject_id, reason=reason)


def _try(watch: MendWatch, jobs: Sequence[SyncJob]) -> bool:
    """False: nothing is connected any more."""
    now = read_clock()
    invoices = list(Invoice.objects.filter(pk__in=[job.invoice_id for job in jobs if job.invoice_id]).order_by("id"))
    try:
        send_again(invoices, by=watch.by, now=now)
    except NotConnectedError as error:
        log.warning("mended documents not sent on", watch=watch.pk, reason=str(error))
        return False
    requeue_documents([job for job in jobs if job.invoice_id is None], now=now)
    return True
