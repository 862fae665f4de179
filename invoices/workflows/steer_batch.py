"""A person pauses a send, lets it go on, or cancels what has not begun (N6)."""

import time
from datetime import datetime

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import STRETCH_SECONDS, Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import SendBatch
from integrations.models.send_batch import MemberOutcome
from integrations.outbox.fill_batch import complete_batch
from integrations.outbox.steer_jobs import steer_jobs
from invoices.work_names import PREPARE_BATCH, STEER_BATCH

CANCELLED = "Cancelled before it began."


def pause_batch(batch: SendBatch, *, by: str, now: datetime) -> bool:
    """False: it is paused already, or cancelled. In the tenant's scope, as the others here."""
    standing = SendBatch.objects.filter(pk=batch.pk, paused_at=None, cancelled_at=None)
    return _steered(batch, standing.update(paused_at=now), action="send paused", by=by, now=now)


def resume_batch(batch: SendBatch, *, by: str, now: datetime) -> bool:
    """False: it was not paused."""
    paused = SendBatch.objects.filter(pk=batch.pk, paused_at__isnull=False, cancelled_at=None)
    is_changed = _steered(batch, paused.update(paused_at=None), action="send goes on", by=by, now=now)
    if is_changed and batch.prepared_at is None:
        enqueue_work(PREPARE_BATCH, [batch.pk], now=now)
    return is_changed


def cancel_rest(batch: SendBatch, *, by: str, now: datetime) -> bool:
    """What has begun goes on to its end. False: it was cancelled before."""
    standing = SendBatch.objects.filter(pk=batch.pk, cancelled_at=None)
    return _steered(batch, standing.update(cancelled_at=now), action="send cancelled", by=by, now=now)


def steer_batch(work: Work) -> Again | None:
    """Background work: brings members and jobs in line with what was last said of their batch, in chunks."""
    stop_at = time.monotonic() + STRETCH_SECONDS
    while time.monotonic() < stop_at:
        with tenant_scope(work.tenant_id):
            batch, now = SendBatch.objects.get(pk=work.subject_id), read_clock()
            if batch.cancelled_at is not None:
                _skip_waiting(batch, now=now)
            if not steer_jobs(batch, by=batch.started_by, now=now):
                return None
    return Again(at=read_clock())


def steering_gave_up(work: Work, reason: str) -> None:
    with tenant_scope(work.tenant_id):
        SendBatch.objects.filter(pk=work.subject_id).update(failure=reason)


def _steered(batch: SendBatch, changed: int, *, action: str, by: str, now: datetime) -> bool:
    if changed:
        enqueue_work(STEER_BATCH, [batch.pk], now=now)
        record_event(action=action, subject=batch, by=by, now=now)
    return bool(changed)


def _skip_waiting(batch: SendBatch, *, now: datetime) -> None:
    complete_batch(batch)
    batch.members.filter(outcome=MemberOutcome.WAITING).update(outcome=MemberOutcome.SKIPPED, reason=CANCELLED)
    SendBatch.objects.filter(pk=batch.pk, prepared_at=None).update(prepared_at=now)
