"""
Every worker process looks for due work itself, every few seconds, and sooner where it knows that something will be
due: nudges are a courtesy, and nobody sleeps while he holds anything.

It runs in the children, after the fork: a thread in their parent would be copied halfway through its work.
"""

import os
import random
import threading
import time
from typing import Any

import structlog
from celery.signals import worker_process_init, worker_process_shutdown
from django.db import close_old_connections

from freightbridge.background_work.run_due_work import is_foretold, next_due_at, run_due
from freightbridge.background_work.work_kinds import Queue
from freightbridge.celery import app
from freightbridge.clock import read_clock

# At the latest. What spreads the processes over time only ever makes them come sooner: others wait for them.
EVERY_SECONDS = 5.0
# Between two looks, however soon something is due: others may be at it already.
LEAST_SECONDS = 0.2
WORK_SECONDS = 25.0
log = structlog.get_logger(__name__)
stopping = threading.Event()


@worker_process_init.connect
def start_sweeper(**_signal: Any) -> None:
    threading.Thread(target=sweep_for_ever, args=(_queues(),), name="sweeper", daemon=True).start()


@worker_process_shutdown.connect
def stop_sweeper(**_signal: Any) -> None:
    stopping.set()


def sweep_for_ever(queues: list[Queue]) -> None:
    """A failure, of the database say, is logged and forgotten: the next round is a new chance."""
    rng = random.Random(os.getpid())  # noqa: S311 spreads the processes over time, keeps no secret
    seconds = EVERY_SECONDS
    while not stopping.wait(seconds * rng.uniform(0.8, 1.0)):
        try:
            seconds = look(queues)
        except Exception:
            log.exception("sweep failed")
            close_old_connections()
            seconds = EVERY_SECONDS


def look(queues: list[Queue]) -> float:
    """Does what is due; returns in how many seconds to look again. That nothing is due is learned with one question."""
    if all(queue != Queue.POLL and is_foretold(queue) for queue in queues):
        seconds = _seconds_until_due(queues)
        if seconds > 0:
            return max(LEAST_SECONDS, seconds)
    sweep(queues)
    return seconds_to_wait(queues)


def sweep(queues: list[Queue]) -> None:
    started = time.monotonic()
    for queue in queues:
        run_due(queue, seconds=WORK_SECONDS - (time.monotonic() - started))


def seconds_to_wait(queues: list[Queue]) -> float:
    """
    Nobody waits for a poll: of thousands of companies one is due every second, and a look for each, by every process,
    would cost more than the polls.
    """
    return max(LEAST_SECONDS, _seconds_until_due([queue for queue in queues if queue != Queue.POLL]))


def _seconds_until_due(queues: list[Queue]) -> float:
    """As many as anybody waits, at the most; 0 or less: something is due."""
    moments = [moment for queue in queues if (moment := next_due_at(queue)) is not None]
    if not moments:
        return EVERY_SECONDS
    return min(EVERY_SECONDS, (min(moments) - read_clock()).total_seconds())


def _queues() -> list[Queue]:
    """Those that this worker was started with."""
    chosen = app.amqp.queues.consume_from
    return [queue for queue in Queue if queue.value in chosen]
