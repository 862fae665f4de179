"""Documents that a person imports into Xero by file are kept back from the outbox until he says otherwise."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from integrations.job_states import EXPORTED_BY_FILE, JobState, Operation
from integrations.models import ExportedDocument, ExportFile, SyncJob
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.job_events import ExportedByFile
from integrations.outbox.requeue_job import STOPPED

# What Xero certainly has nothing of.
NOTHING_SENT = Q(state__in=[JobState.QUEUED, JobState.SENDING], first_sent_at=None) | Q(
    state__in=STOPPED, unknown_since=None
)


def jobs_without_trace() -> QuerySet[SyncJob]:
    """Creates of which Xero has nothing, and is not about to get anything. In the tenant's scope."""
    return SyncJob.objects.filter(
        NOTHING_SENT, operation=Operation.CREATE, xero_id=None, document__xero_id=None, cancel_requested_at=None
    )


def filed_jobs() -> QuerySet[SyncJob]:
    """Those that wait because their documents were exported by file. In the tenant's scope."""
    return SyncJob.objects.filter(operation=Operation.CREATE, state__in=STOPPED, problem_code=EXPORTED_BY_FILE)


def keep_for_file(jobs: Sequence[SyncJob], *, file: ExportFile, day: str, now: datetime) -> None:
    """In the transaction that locked the lane before the jobs were read; `jobs` with their documents."""
    event = ExportedByFile(day=day, file_name=file.file_name)
    happen([Happened(job, event, learnt={"exported_at": now}) for job in jobs], now=now)
    ExportedDocument.objects.bulk_create(ExportedDocument(file=file, document=job.document) for job in jobs)
