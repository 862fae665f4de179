from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.lanes.call_budget import CALLS_A_DAY, CALLS_A_MINUTE, DAY, MINUTE, RESERVE, CallBudget, new_budget
from integrations.xero_gateway.answers import RateLimits

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FULL = new_budget(NOW)
steps = st.lists(st.integers(0, 20), max_size=300)


def budget(minute_left: int = 60, day_left: int = 1000, **fields: object) -> CallBudget:
    usual = {"minute_started_at": NOW, "day_started_at": NOW}
    return CallBudget(minute_left=minute_left, day_left=day_left, **(usual | fields))  # type: ignore[arg-type]


def limits(minute: int | None = None, day: int | None = None) -> RateLimits:
    return RateLimits(
        minute_remaining=minute, day_remaining=day, app_minute_remaining=None, problem="", retry_after=None
    )


@given(pauses=steps)
def test_no_minute_ever_holds_more_calls_than_xero_allows(pauses: list[int]) -> None:
    kept, now, calls = FULL, NOW, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if kept.wait_until(now) is None:
            kept = kept.spend(now)
            calls.append(now)

    windows = [[one for one in calls if first <= one < first + MINUTE] for first in calls[::10]]
    assert all(len(window) <= 2 * (CALLS_A_MINUTE - RESERVE) for window in windows)
    assert len(calls) <= CALLS_A_DAY


@given(minute=st.integers(0, 60), day=st.integers(0, 5000), seconds=st.integers(0, 200_000), polls=st.booleans())
def test_waiting_always_ends_within_the_window(minute: int, day: int, seconds: int, polls: bool) -> None:
    now = NOW + timedelta(seconds=seconds)

    until = budget(minute, day).wait_until(now, is_polling=polls)

    if until is not None:
        assert now < until <= now + DAY
        assert budget(minute, day).wait_until(until, is_polling=polls) is None or until < NOW + DAY


@pytest.mark.parametrize(
    ("minute_left", "day_left", "is_polling", "expected"),
    [
        (60, 1000, False, None),
        (RESERVE + 1, 1000, False, None),
        (RESERVE, 1000, False, NOW + MINUTE),
        (0, 1000, False, NOW + MINUTE),
        (60, 1, False, None),
        (60, 0, False, NOW + DAY),
        (60, 101, True, None),
        (60, 100, True, NOW + DAY),
        (0, 0, False, NOW + MINUTE),
    ],
)
def test_call_waits_for_the_window_that_is_used_up(
    minute_left: int, day_left: int, is_polling: bool, expected: datetime | None
) -> None:
    assert budget(minute_left, day_left).wait_until(NOW, is_polling=is_polling) == expected


def test_windows_that_are_over_begin_again() -> None:
    empty = budget(0, 0, day_limit=5000)

    next_minute, next_day = empty.at(NOW + MINUTE), empty.at(NOW + DAY)

    assert (next_minute.minute_left, next_minute.day_left) == (CALLS_A_MINUTE, 0)
    assert (next_day.minute_left, next_day.day_left, next_day.day_started_at) == (CALLS_A_MINUTE, 5000, NOW + DAY)


def test_spending_counts_both_windows() -> None:
    spent = FULL.spend(NOW)

    assert (spent.minute_left, spent.day_left) == (CALLS_A_MINUTE - 1, CALLS_A_DAY - 1)
    assert budget(5, 0).spend(NOW).day_left == 0


@pytest.mark.parametrize(
    ("told", "minute", "day", "day_limit"),
    [
        (limits(), 60, 1000, 1000),
        (limits(minute=12), 12, 1000, 1000),
        (limits(day=40), 60, 40, 1000),
        (limits(minute=58, day=4990), 58, 4990, 4990),
        (limits(minute=0, day=0), 0, 0, 1000),
    ],
)
def test_xeros_word_counts_where_it_gives_one(told: RateLimits, minute: int, day: int, day_limit: int) -> None:
    learnt = FULL.learn(told)

    assert (learnt.minute_left, learnt.day_left, learnt.day_limit) == (minute, day, day_limit)


def test_larger_tier_is_remembered_for_the_next_day() -> None:
    learnt = FULL.learn(limits(day=4990)).at(NOW + DAY)

    assert learnt.day_left == 4990
