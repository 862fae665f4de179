"""However many workers there are, ticks come no faster than the real seconds they stand for."""

import time

import pytest

from freightbridge.current_times import current_times
from integrations.outbox.beat_heart import Stopwatch, beat, read_tick
from integrations.outbox.delivery_times import DeliveryTimes

pytestmark = pytest.mark.django_db


def test_heart_beats_only_when_a_whole_tick_has_passed() -> None:
    stopwatch, span = Stopwatch(), current_times(DeliveryTimes).tick.total_seconds()
    beat(stopwatch)
    before = read_tick()

    beat(stopwatch)
    early = read_tick()
    stopwatch.seen_since = time.monotonic() - span
    beat(stopwatch)

    assert (early, read_tick()) == (before, before + 1)


def test_of_many_workers_one_beats() -> None:
    span = current_times(DeliveryTimes).tick.total_seconds()
    workers = [Stopwatch() for _ in range(9)]
    for worker in workers:
        beat(worker)
        worker.seen_since = time.monotonic() - span
    before = read_tick()

    for worker in workers:
        beat(worker)

    assert read_tick() == before + 1


def test_who_beats_measures_on_from_its_own_beat() -> None:
    """And not from when it next looks: four and twenty late looks would make the quiet time a quarter longer."""
    stopwatch, span = Stopwatch(), current_times(DeliveryTimes).tick.total_seconds()
    beat(stopwatch)
    stopwatch.seen_since = time.monotonic() - span

    before = time.monotonic()
    beat(stopwatch)

    assert stopwatch.seen_tick == read_tick()
    assert before <= stopwatch.seen_since <= time.monotonic()
