"""However many workers there are, ticks come no faster than the real seconds they stand for."""

import time

import pytest

from integrations.outbox.beat_heart import Stopwatch, beat, read_tick
from integrations.outbox.current_moment import delivery_times

pytestmark = pytest.mark.django_db


def test_heart_beats_only_when_a_whole_tick_has_passed() -> None:
    stopwatch, span = Stopwatch(), delivery_times().tick.total_seconds()
    beat(stopwatch)
    before = read_tick()

    beat(stopwatch)
    early = read_tick()
    stopwatch.seen_since = time.monotonic() - span
    beat(stopwatch)

    assert (early, read_tick()) == (before, before + 1)


def test_of_many_workers_one_beats() -> None:
    span = delivery_times().tick.total_seconds()
    workers = [Stopwatch() for _ in range(9)]
    for worker in workers:
        beat(worker)
        worker.seen_since = time.monotonic() - span
    before = read_tick()

    for worker in workers:
        beat(worker)

    assert read_tick() == before + 1


def test_waiting_times_shrink_with_the_scale() -> None:
    shorter = delivery_times().divided_by(60)

    assert (shorter.quiet.total_seconds(), shorter.settle.total_seconds()) == (8.0, 1.5)
    assert (shorter.quiet_ticks, shorter.send_within.total_seconds()) == (24, 1.0)
