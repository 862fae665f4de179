from datetime import timedelta

import pytest

from integrations.lanes.call_budget import CallBudget
from integrations.lanes.fair_shares import Share
from integrations.lanes.finish_estimate import Backlog, finish_at
from integrations.lanes.lane_times import LaneTimes
from tests.lanes.budgets import NOW, budget

TIMES = LaneTimes()
PLENTY = 100_000


@pytest.mark.parametrize(
    ("backlog", "calls"),
    [
        (Backlog(to_create=0, to_attach=0, to_promote=0), 0),
        (Backlog(to_create=1, to_attach=1, to_promote=1), 3),
        (Backlog(to_create=500, to_attach=500, to_promote=500), 520),
        (Backlog(to_create=0, to_attach=20, to_promote=51), 22),
        (Backlog(to_create=100, to_attach=0, to_promote=100), 4),
    ],
)
def test_fifty_documents_go_in_a_call_but_each_pdf_in_its_own(backlog: Backlog, calls: int) -> None:
    assert backlog.calls == calls


def played(calls: int, of: CallBudget) -> timedelta:
    """What bulk really takes, by the production budget, a tenth of a second at a time."""
    now, made = NOW, 0
    while True:
        if of.wait_until(now, Share.BULK, times=TIMES) is None:
            of, made = of.spend(now, times=TIMES), made + 1
            if made == calls:
                return now - NOW
        else:
            now += timedelta(milliseconds=100)


@pytest.mark.parametrize("calls", [1, 6, 7, 58, 59, 64, 65, 200, 580])
@pytest.mark.parametrize("minute_left", [60, 30, 3, 2, 0])
def test_estimate_is_what_the_budget_allows(calls: int, minute_left: int) -> None:
    of = budget(minute_left, PLENTY)

    told = finish_at(calls, of, share=Share.BULK, now=NOW, times=TIMES) - NOW

    assert abs(told - played(calls, of)) <= timedelta(seconds=0.2)


def test_people_keep_to_no_line() -> None:
    told = [finish_at(calls, budget(60), share=Share.INTERACTIVE, now=NOW, times=TIMES) - NOW for calls in (60, 61)]

    assert told == [timedelta(), timedelta(minutes=1)]


def test_nothing_is_done_at_once() -> None:
    assert finish_at(0, budget(0, 0), share=Share.BULK, now=NOW, times=TIMES) == NOW


def test_backlog_that_needs_more_than_a_day_goes_on_with_the_next() -> None:
    """900 of the 1,000 calls of a day are bulk's."""
    told = finish_at(2000, budget(60, 1000), share=Share.BULK, now=NOW, times=TIMES) - NOW

    assert timedelta(days=2, minutes=3) < told < timedelta(days=2, minutes=4)


def test_day_that_is_used_up_already_adds_nothing() -> None:
    told = (
        finish_at(900, budget(60, 50, day_started_at=NOW - timedelta(hours=20)), share=Share.BULK, now=NOW, times=TIMES)
        - NOW
    )

    assert timedelta(hours=4, minutes=15) < told < timedelta(hours=4, minutes=16)


def test_limits_that_are_lifted_make_no_one_wait() -> None:
    assert finish_at(5000, budget(10**9, 10**9), share=Share.BULK, now=NOW, times=TIMES) == NOW
