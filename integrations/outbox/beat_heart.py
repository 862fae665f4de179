"""
Counts real time in ticks, so that a clock that jumps cannot end a waiting time early.

Every worker measures by its own monotonic clock since the tick that it saw last changed; the one whose measure is
full first adds one, by compare-and-set. However many workers there are, ticks come no faster; and as long as the one
that beats lives they come hardly slower, since it measures on from its own beat and wakes when its measure is full.
"""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

import structlog
from celery.signals import worker_process_init
from django.db import close_old_connections, connection
from django.db.models import F

from freightbridge.current_times import current_times
from integrations.models import Heartbeat
from integrations.outbox.delivery_times import DeliveryTimes

ONLY_ROW = 1
READ_TICK = "SELECT tick FROM integrations_heartbeat WHERE id = %s"
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Stopwatch:
    """One process's view: the tick that it saw last, and when it saw it first, in monotonic seconds."""

    seen_tick: int = -1
    seen_since: float = field(default_factory=time.monotonic)


@worker_process_init.connect
def start_heart(**_signal: Any) -> None:
    """In the children, after the fork, like the sweeper."""
    threading.Thread(target=beat_for_ever, name="heart", daemon=True).start()


def beat_for_ever() -> None:
    stopwatch = Stopwatch()
    while True:
        try:
            beat(stopwatch)
            seconds = _seconds_to_next_look(stopwatch)
        except Exception:
            log.exception("heart missed a beat")
            close_old_connections()
            seconds = _span() / 4
        time.sleep(seconds)


def _seconds_to_next_look(stopwatch: Stopwatch) -> float:
    """Until the measure is full; sooner, to see that another one has beaten."""
    left = stopwatch.seen_since + _span() - time.monotonic()
    return min(_span() / 4, max(0.0, left))


def _span() -> float:
    return current_times(DeliveryTimes).tick.total_seconds()


def beat(stopwatch: Stopwatch) -> None:
    """One look at the heart, and a beat where it is due."""
    tick = read_tick()
    if tick != stopwatch.seen_tick:
        stopwatch.seen_tick, stopwatch.seen_since = tick, time.monotonic()
    elif time.monotonic() - stopwatch.seen_since >= _span() and _add_one(tick):
        stopwatch.seen_tick, stopwatch.seen_since = tick + 1, time.monotonic()


def _add_one(tick: int) -> bool:
    """False: another one was first."""
    return bool(Heartbeat.objects.filter(pk=ONLY_ROW, tick=tick).update(tick=F("tick") + 1))


def read_tick() -> int:
    """As SQL, since every transaction of a delivery asks for it."""
    with connection.cursor() as cursor:
        cursor.execute(READ_TICK, [ONLY_ROW])
        found: tuple[int] | None = cursor.fetchone()
    if found is None:
        Heartbeat.objects.bulk_create([Heartbeat(pk=ONLY_ROW)], ignore_conflicts=True)
    return found[0] if found else 0
