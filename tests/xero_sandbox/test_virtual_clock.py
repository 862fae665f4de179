import asyncio
from datetime import timedelta

import pytest

from integrations.xero_sandbox.virtual_clock import ClockIsNotVirtualError, SandboxClock


def test_virtual_time_stands_still_until_it_is_moved() -> None:
    clock = SandboxClock(mode="virtual")
    before = clock.now()

    clock.advance(timedelta(hours=2))

    assert clock.now() - before == timedelta(hours=2)


def test_plans_run_in_order_at_their_moments() -> None:
    clock = SandboxClock(mode="virtual")
    start = clock.now()
    ran: list[tuple[str, timedelta]] = []
    for name, seconds in (("late", 30), ("early", 10), ("never", 100)):
        clock.call_later(timedelta(seconds=seconds), lambda name=name: ran.append((name, clock.now() - start)))  # type: ignore[misc]

    clock.advance(timedelta(seconds=60))

    assert ran == [("early", timedelta(seconds=10)), ("late", timedelta(seconds=30))]
    assert clock.now() - start == timedelta(seconds=60)


def test_plan_made_by_a_plan_runs_too() -> None:
    clock = SandboxClock(mode="virtual")
    ran: list[str] = []
    clock.call_later(timedelta(1), lambda: clock.call_later(timedelta(1), lambda: ran.append("second")))

    clock.advance(timedelta(3))

    assert ran == ["second"]


def test_real_clock_cannot_be_moved() -> None:
    with pytest.raises(ClockIsNotVirtualError):
        SandboxClock().advance(timedelta(1))


def test_fast_clock_runs_its_plans_by_itself() -> None:
    async def run() -> bool:
        clock = SandboxClock(mode="x60")
        done = asyncio.Event()
        plans = asyncio.create_task(clock.run_plans())
        clock.call_later(timedelta(seconds=3), done.set)
        await asyncio.wait_for(done.wait(), 2)
        plans.cancel()
        return done.is_set()

    assert asyncio.run(run())


def test_waits_shrink_with_the_speed() -> None:
    assert [SandboxClock(mode=mode).real_seconds(60) for mode in ("real", "x60", "virtual")] == [60, 1, 60]
