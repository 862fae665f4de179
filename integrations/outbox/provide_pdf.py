"""A document's PDF is rendered, or cannot be: its job goes on, or stops."""

from datetime import datetime

from integrations.job_states import OPEN_STATES, JobState
from integrations.lanes.claim_lane import wake_lane
from integrations.mapping.problems import problem
from integrations.models import SyncJob
from integrations.models.sync_job import Priority
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.job_events import PdfStored, Stopped
from integrations.outbox.wake_delivery import wake_delivery

OVER = [JobState.DONE, JobState.CANCELLED]


def provide_pdf(*, invoice_id: int, stored_file_id: int, now: datetime) -> None:
    """In the tenant's scope and the transaction that stores the PDF."""
    jobs = _lock_jobs(invoice_id, now)
    # Decided on before the job has its PDF: one that waits for it goes on at once.
    happen([Happened(job, PdfStored()) for job in jobs], now=now)
    for job in jobs:
        job.pdf_id = stored_file_id
        job.save(update_fields=["pdf"])
    for job in jobs:
        wake_delivery(Priority(job.priority))


def report_missing_pdf(*, invoice_id: int, reason: str, now: datetime) -> None:
    """In the tenant's scope. The document waits, as a draft at most, until somebody has mended it."""
    waiting = [job for job in _lock_jobs(invoice_id, now) if job.state in OPEN_STATES and job.pdf_id is None]
    stopped = Stopped((problem("FB-601", reason=reason),))
    happen([Happened(job, stopped) for job in waiting], now=now)


def _lock_jobs(invoice_id: int, now: datetime) -> list[SyncJob]:
    """
    Read after their lane is locked, so that its holder changes none of them meanwhile. One that is over has had its
    PDF, and says nothing any more of how far the document is.
    """
    jobs = SyncJob.objects.filter(invoice=invoice_id, wants_pdf=True).exclude(state__in=OVER)
    waiting = set(jobs.values_list("connection", "priority"))
    for connection_id in sorted({connection_id for connection_id, _ in waiting}):
        wake_lane(connection_id=connection_id, at=now, for_person=(connection_id, Priority.INTERACTIVE) in waiting)
    return list(jobs.select_related("document"))
