"""Jobs of a batch of which nothing was sent yet wait, go on, or are cancelled, as a person has said of the batch."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from freightbridge.transactions import require_transaction
from integrations.job_states import JobState, Operation
from integrations.lanes.claim_lane import wake_lane
from integrations.models import SendBatch, SyncJob
from integrations.models.sync_job import Priority
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.cancel_jobs import cancel_creates
from integrations.outbox.job_events import Event, Paused, Resumed
from integrations.outbox.wake_delivery import wake_delivery

CHUNK = 500


def steer_jobs(batch: SendBatch, *, by: str, now: datetime) -> bool:
    """
    A chunk of them, read after their lanes are locked. False: none was left. In the tenant's scope and the caller's
    transaction.
    """
    require_transaction()
    for connection_id in sorted(set(batch.jobs.values_list("connection_id", flat=True))):
        wake_lane(connection_id=connection_id, at=now, for_person=True)
    if batch.cancelled_at is not None:
        return _cancel(_chunk(_unsent(batch).filter(cancel_requested_at=None)), by=by, now=now)
    if batch.paused_at is not None:
        return _happen(_chunk(_unsent(batch).filter(paused_at=None)), Paused(), now=now)
    return _happen(_chunk(_unsent(batch).exclude(paused_at=None)), Resumed(), now=now)


def _unsent(batch: SendBatch) -> QuerySet[SyncJob]:
    """As `JobSnapshot.may_be_cancelled_for_free` has it."""
    unsent = {"state": JobState.QUEUED, "first_sent_at": None, "xero_id": None}
    return SyncJob.objects.filter(batch=batch, operation=Operation.CREATE, **unsent)


def _chunk(jobs: QuerySet[SyncJob]) -> list[SyncJob]:
    return list(jobs.select_related("document").order_by("id")[:CHUNK])


def _happen(jobs: Sequence[SyncJob], event: Event, *, now: datetime) -> bool:
    happen([Happened(job, event) for job in jobs], now=now)
    for priority in {job.priority for job in jobs} if isinstance(event, Resumed) else ():
        wake_delivery(Priority(priority))
    return bool(jobs)


def _cancel(jobs: Sequence[SyncJob], *, by: str, now: datetime) -> bool:
    if jobs:
        cancel_creates([job.document for job in jobs], reason="The rest of the send was cancelled.", by=by, now=now)
    return bool(jobs)
