from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freightbridge.scaled_times import divided_by
from integrations.lanes.call_budget import (
    CALLS_A_DAY,
    CALLS_A_MINUTE,
    FIRST_CALLS,
    MOST_A_MINUTE,
    CallBudget,
    line_step,
    new_budget,
)
from integrations.lanes.fair_shares import Share
from integrations.lanes.lane_times import LaneTimes
from integrations.xero_gateway.answers import RateLimits
from tests.lanes.budgets import NOW, budget, limits

TIMES = LaneTimes()
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
FULL = new_budget(NOW)
shares = st.sampled_from(Share)


def waits(of: CallBudget, share: Share = Share.BULK, *, after: float = 0, is_on_line: bool = True) -> float | None:
    """Seconds from the moment of asking, `after` seconds into the window; None: none."""
    now = NOW + timedelta(seconds=after)
    until = of.wait_until(now, share, times=TIMES, is_on_line=is_on_line)
    return None if until is None else (until - now).total_seconds()


@given(pauses=st.lists(st.integers(0, 20), max_size=300), share=shares)
def test_no_window_of_ours_holds_more_calls_than_xero_allows(pauses: list[int], share: Share) -> None:
    kept, now, calls = FULL, NOW, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if kept.wait_until(now, share, times=TIMES) is None:
            kept = kept.spend(now, times=TIMES)
            calls.append((now - NOW) // MINUTE)

    assert all(calls.count(window) <= CALLS_A_MINUTE for window in set(calls))
    assert len(calls) <= CALLS_A_DAY


@given(minute=st.integers(0, 60), day=st.integers(0, 5000), seconds=st.integers(0, 200_000), share=shares)
def test_waiting_always_ends_within_the_window(minute: int, day: int, seconds: int, share: Share) -> None:
    now = NOW + timedelta(seconds=seconds)

    until = budget(minute, day).wait_until(now, share, times=TIMES)

    if until is not None:
        assert now < until <= now + DAY


@pytest.mark.parametrize(
    ("used", "after", "wait"),
    [
        (0, 0, None),
        (FIRST_CALLS - 1, 0, None),
        (FIRST_CALLS, 0, line_step(TIMES).total_seconds()),
        (FIRST_CALLS, 2, None),
        (40, 10, 35 * line_step(TIMES).total_seconds() - 10),
        (MOST_A_MINUTE - 1, 56, None),
        (MOST_A_MINUTE, 56, 4),
        (60, 20, 40),
        (MOST_A_MINUTE, 60, None),
    ],
)
def test_bulk_keeps_to_a_line_through_the_minute(used: int, after: float, wait: float | None) -> None:
    assert waits(budget(60 - used), after=after) == (wait if wait is None else pytest.approx(wait))


def test_bulk_catches_up_with_its_line_after_a_stall() -> None:
    """Whatever held it up, the minute ends with as many calls as it may have."""
    assert [waits(budget(60 - used), after=40) is None for used in (6, 30, 42, 57)] == [True, True, True, False]


@pytest.mark.parametrize(("used", "wait"), [(6, None), (58, None), (59, None), (60, 30)])
def test_person_may_use_all_of_a_minute_at_once(used: int, wait: float | None) -> None:
    assert waits(budget(60 - used), Share.INTERACTIVE, after=30) == wait


@pytest.mark.parametrize(("used", "wait"), [(40, None), (57, None), (58, 30)])
def test_reading_is_not_stretched_but_leaves_the_last_calls(used: int, wait: float | None) -> None:
    assert waits(budget(60 - used), Share.POLL, after=30) == wait


def test_bulk_whose_turn_it_is_beside_people_does_not_keep_to_the_line() -> None:
    assert waits(budget(10), is_on_line=True) is not None
    assert waits(budget(10), is_on_line=False) is None


@pytest.mark.parametrize(
    ("share", "day_left", "waits_for_day"),
    [
        (Share.INTERACTIVE, 1, False),
        (Share.INTERACTIVE, 0, True),
        (Share.BULK, 501, False),
        (Share.BULK, 500, True),
        (Share.POLL, 1501, False),
        (Share.POLL, 1500, True),
    ],
)
def test_bulk_stops_at_nine_tenths_of_a_day_and_polling_at_seven(
    share: Share, day_left: int, waits_for_day: bool
) -> None:
    of = budget(60, day_left, day_limit=5000)

    assert waits(of, share) == (DAY.total_seconds() if waits_for_day else None)


def test_kept_calls_of_a_day_are_tried_once_an_hour() -> None:
    """Xero's day may have begun meanwhile, and only an answer tells."""
    heard = budget(60, 100, heard_at=NOW)

    assert waits(heard, after=600) == 3000
    assert waits(heard, after=3600) is None
    assert waits(heard.learn(limits(day=99), now=NOW + timedelta(hours=1)), after=3600) == 3600
    assert waits(budget(60, 0, heard_at=NOW), Share.INTERACTIVE, after=3600) == 23 * 3600


def test_windows_that_are_over_begin_again_in_step() -> None:
    """A worker that comes late does not shift them, or each minute would begin later than the one before."""
    late = budget(0, 0, day_limit=5000).at(NOW + MINUTE * 2 + SECOND * 7, times=TIMES)
    next_day = budget(0, 0, day_limit=5000).at(NOW + DAY + MINUTE, times=TIMES)

    assert (late.minute_left, late.minute_started_at, late.day_left) == (CALLS_A_MINUTE, NOW + MINUTE * 2, 0)
    assert (next_day.day_left, next_day.day_started_at) == (5000, NOW + DAY)


def test_spending_counts_both_windows() -> None:
    spent = FULL.spend(NOW, times=TIMES)

    assert (spent.minute_left, spent.day_left) == (CALLS_A_MINUTE - 1, CALLS_A_DAY - 1)
    assert budget(0, 0).spend(NOW, times=TIMES) == budget(0, 0)


@pytest.mark.parametrize(
    ("told", "minute", "day", "day_limit", "is_new_minute"),
    [
        (limits(), 50, 900, 1000, False),
        (limits(minute=12), 12, 900, 1000, False),
        (limits(minute=50), 50, 900, 1000, False),
        (limits(minute=51), 51, 900, 1000, True),
        (limits(day=40), 50, 40, 1000, False),
        (limits(minute=58, day=4990), 58, 4990, 4990, True),
        (limits(minute=0, day=0), 0, 0, 1000, False),
    ],
)
def test_smaller_count_holds_and_a_larger_one_tells_of_a_new_window(
    told: RateLimits, minute: int, day: int, day_limit: int, is_new_minute: bool
) -> None:
    now = NOW + SECOND * 30
    learnt = budget(50, 900).learn(told, now=now)

    assert (learnt.minute_left, learnt.day_left, learnt.day_limit) == (minute, day, day_limit)
    assert learnt.minute_started_at == (now if is_new_minute else NOW)


def test_larger_tier_is_remembered_for_the_next_day_and_a_smaller_one_heard_of_then() -> None:
    learnt = FULL.learn(limits(day=4999), now=NOW).at(NOW + DAY, times=TIMES)
    lowered = learnt.spend(NOW + DAY, times=TIMES).learn(limits(day=999), now=NOW + DAY + SECOND)

    assert learnt.day_left == 4999
    assert (lowered.day_left, lowered.day_limit) == (999, 1000)


def test_limits_that_xero_lifts_are_not_paced() -> None:
    """As for a new connection's first half hour, on some tiers."""
    lifted = FULL.learn(limits(minute=10**9, day=10**9), now=NOW)

    assert all(waits(lifted, share) is None for share in Share)
    assert lifted.at(NOW + MINUTE, times=TIMES).minute_left == CALLS_A_MINUTE


@pytest.mark.parametrize(
    ("problem", "minute_wait", "day_wait"), [("minute", 26, 26), ("day", 26, 26), ("concurrent", None, None)]
)
def test_limit_that_is_used_up_opens_again_when_xero_says(
    problem: str, minute_wait: float | None, day_wait: float | None
) -> None:
    until = NOW + timedelta(seconds=26)

    exhausted = FULL.exhaust(problem, until=until, times=TIMES)

    assert waits(exhausted, Share.INTERACTIVE) == minute_wait
    assert exhausted.wait_until(until, Share.INTERACTIVE, times=TIMES) is None
    assert waits(exhausted, Share.BULK) == day_wait


@given(moment=st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2026, 12, 31)))  # noqa: DTZ001 made aware
def test_sped_up_times_ask_the_same_of_shorter_windows(moment: datetime) -> None:
    fast, started = divided_by(TIMES, 60), moment.replace(tzinfo=NOW.tzinfo)
    of = budget(20, minute_started_at=started, day_started_at=started)

    slow_wait = of.wait_until(started, Share.BULK, times=TIMES)
    fast_wait = of.wait_until(started, Share.BULK, times=fast)

    assert slow_wait is not None
    assert fast_wait is not None
    assert (slow_wait - started) / 60 == pytest.approx(fast_wait - started, abs=timedelta(microseconds=60))


def test_more_than_the_largest_plan_allows_is_no_plan() -> None:
    """When the limits of the first half hour are no longer lifted, the day is not nearly over."""
    heard = FULL.learn(limits(day=10**9), now=NOW)
    then = heard.learn(limits(day=4903), now=NOW + MINUTE)

    assert (heard.day_limit, heard.day_left) == (5000, 5000)
    assert waits(then, Share.BULK) is None
