"""Gives up what was handed over: at once where nothing was sent, else as soon as Xero has been asked what it holds."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from freightbridge.transactions import require_transaction
from integrations.accounting_log.write_entry import job_entry, write_entries
from integrations.job_states import OPEN_STATES, JobState, LogResult, Operation
from integrations.lanes.claim_lane import wake_lane
from integrations.models import SyncJob, XeroDocument
from integrations.models.sync_job import Priority
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.job_events import CancelRequested
from integrations.outbox.requeue_job import STOPPED
from integrations.outbox.wake_delivery import wake_delivery

UNFINISHED = [*OPEN_STATES, *STOPPED]
# What was asked for after a document was created; a second one in Xero is taken away whatever becomes of the first.
CHANGES = frozenset(Operation) - {Operation.CREATE, Operation.DISCARD}
# One that stopped again on its way out may be given up again.
NOT_ASKED_YET = Q(cancel_requested_at=None) | Q(state__in=STOPPED)


def cancel_creates(documents: Sequence[XeroDocument], *, reason: str, by: str, now: datetime) -> list[SyncJob]:
    """
    In the tenant's scope. What waits behind them is given up with them; a second click changes nothing. Returns the
    jobs that were asked about: cancelled already, or open while Xero is asked or the draft there is deleted.
    """
    cancel_changes(documents, states=UNFINISHED, reason=reason, by=by, now=now)
    creates = _asked(documents, {Operation.CREATE}, UNFINISHED, reason=reason, by=by, now=now)
    happen([Happened(job, CancelRequested()) for job in creates], now=now)
    return creates


def cancel_changes(
    documents: Sequence[XeroDocument],
    *,
    reason: str,
    by: str,
    now: datetime,
    states: Collection[JobState] = STOPPED,
) -> list[SyncJob]:
    """What Xero holds stays as it is. Else as `cancel_creates`."""
    changes = _asked(documents, CHANGES, states, reason=reason, by=by, now=now)
    for job in changes:
        # One by one: two of them may be about the same document.
        happen([Happened(job, CancelRequested())], now=now)
    return changes


def _asked(
    documents: Sequence[XeroDocument],
    operations: Collection[Operation],
    states: Collection[JobState],
    *,
    reason: str,
    by: str,
    now: datetime,
) -> list[SyncJob]:
    """Read after their lanes are locked, so that no lane's holder changes them meanwhile."""
    require_transaction()
    ids = [document.pk for document in documents]
    jobs = SyncJob.objects.filter(NOT_ASKED_YET, document__in=ids, operation__in=operations, state__in=states)
    _wake(jobs, now=now)
    found = list(jobs.select_related("document").order_by("id").all())
    text = f"Given up by {by}: {reason}" if reason else f"Given up by {by}."
    write_entries(
        job_entry(job, result=LogResult.INFO, event="given up", text=text, now=now, actor=by) for job in found
    )
    return found


def _wake(jobs: QuerySet[SyncJob], *, now: datetime) -> None:
    priorities = set(jobs.values_list("connection_id", "priority"))
    clicked = {connection_id for connection_id, priority in priorities if priority == Priority.INTERACTIVE}
    for connection_id in sorted({connection_id for connection_id, _ in priorities}):
        wake_lane(connection_id=connection_id, at=now, for_person=connection_id in clicked)
    for priority in {priority for _, priority in priorities}:
        wake_delivery(Priority(priority))
