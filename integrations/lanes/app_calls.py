"""The calls that this process may make under the limit that all organisations share, and the pauses of all lanes."""

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from freightbridge.current_times import current_times
from integrations.lanes.app_pace import CHUNK, call_gap, chunk_life, take_chunk
from integrations.lanes.lane_times import LaneTimes
from integrations.models import AppBudget

# As SQL, since a round of fifty files takes five chunks.
LOCK_BUDGET = "SELECT id, paced_until FROM integrations_appbudget WHERE client_id = %s FOR NO KEY UPDATE"
PACE = "UPDATE integrations_appbudget SET paced_until = %s WHERE id = %s"


@dataclass(slots=True)
class Chunk:
    """Calls that one process may make until it has none left, or until `void_at`."""

    left: int = 0
    void_at: datetime | None = None
    lock: Lock = field(default_factory=Lock)


CHUNKS: dict[str, Chunk] = {}


def spend_app_call(*, now: datetime) -> datetime | None:
    """None: one call may be made, and is counted. Otherwise when to ask again. In the caller's transaction."""
    chunk = CHUNKS.setdefault(settings.XERO_CLIENT_ID, Chunk())
    with chunk.lock:
        if chunk.left == 0 or chunk.void_at is None or chunk.void_at <= now:
            wait_until = fill(chunk, now=now)
            if wait_until is not None:
                return wait_until
        chunk.left -= 1
    return None


def all_paused_until(now: datetime) -> datetime | None:
    """Until when no lane may call; None: they may."""
    paused = AppBudget.objects.filter(client_id=settings.XERO_CLIENT_ID, paused_until__gt=now)
    return paused.values_list("paused_until", flat=True).first()


def pause_all(*, until: datetime, reason: str) -> None:
    AppBudget.objects.update_or_create(
        client_id=settings.XERO_CLIENT_ID, defaults={"paused_until": until, "pause_reason": reason}
    )


def may_resume(*, now: datetime) -> bool:
    """Whether one more lane may come back after an outage: ten a second do."""
    AppBudget.objects.get_or_create(client_id=settings.XERO_CLIENT_ID)
    is_time = Q(next_resume_at=None) | Q(next_resume_at__lte=now)
    mine = AppBudget.objects.filter(is_time, client_id=settings.XERO_CLIENT_ID)
    return bool(mine.update(next_resume_at=now + current_times(LaneTimes).resume_gap))


def fill(chunk: Chunk, *, now: datetime) -> datetime | None:
    """From the row that all processes share; None: it is full."""
    times = current_times(LaneTimes)
    with transaction.atomic(savepoint=False):
        budget_id, paced_until = _lock_budget()
        paced_until = take_chunk(paced_until, now=now, times=times)
        if paced_until is None:
            return now + CHUNK * call_gap(times)
        with connection.cursor() as cursor:
            cursor.execute(PACE, [paced_until, budget_id])
    chunk.left, chunk.void_at = CHUNK, now + chunk_life(times)
    return None


def _lock_budget() -> tuple[int, datetime | None]:
    """Its id, and until when calls are given out; made where there is none yet."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_BUDGET, [settings.XERO_CLIENT_ID])
        found: tuple[int, datetime | None] | None = cursor.fetchone()
    if found is not None:
        return found
    AppBudget.objects.get_or_create(client_id=settings.XERO_CLIENT_ID)
    return _lock_budget()
