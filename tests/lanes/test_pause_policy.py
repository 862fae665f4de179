import random
from datetime import timedelta

import pytest

from freightbridge.scaled_times import divided_by
from integrations.lanes.lane_times import LaneTimes
from integrations.lanes.pause_policy import pause_after_limit, pause_after_outage
from tests.lanes.budgets import NOW, limits

TIMES = LaneTimes()
RNG = random.Random(7)  # noqa: S311 the same pauses in each run


@pytest.mark.parametrize(
    ("problem", "retry_after", "seconds", "is_for_all", "words"),
    [
        ("minute", 26, 26, False, "calls a minute"),
        ("day", 40_000, 40_000, False, "daily limit"),
        ("appminute", 12, 12, True, "all organisations"),
        ("concurrent", None, 3, False, "at once"),
        ("", None, 60, False, "A limit of Xero's"),
    ],
)
def test_limit_is_waited_out_and_a_little_more(
    problem: str, retry_after: int | None, seconds: int, is_for_all: bool, words: str
) -> None:
    told = limits(problem=problem, retry_after=retry_after)

    pauses = [pause_after_limit(told, now=NOW, times=TIMES, rng=RNG) for _ in range(200)]

    waits = [(one.until - NOW).total_seconds() for one in pauses]
    assert seconds <= min(waits) < seconds + 0.5
    assert seconds + 1.5 < max(waits) <= seconds + 2
    assert {one.is_for_all for one in pauses} == {is_for_all}
    assert words in pauses[0].reason


def test_pause_is_shorter_where_time_runs_faster() -> None:
    pause = pause_after_limit(limits(problem="minute", retry_after=60), now=NOW, times=divided_by(TIMES, 60), rng=RNG)

    assert timedelta(seconds=1) <= pause.until - NOW < timedelta(seconds=1.1)


@pytest.mark.parametrize(("count", "seconds"), [(1, 5), (2, 10), (6, 160), (7, 300), (5000, 300)])
def test_outage_is_waited_out_longer_each_time_and_never_in_step(count: int, seconds: int) -> None:
    pauses = [pause_after_outage(count, "HTTP 503", now=NOW, times=TIMES, rng=RNG) for _ in range(200)]

    waits = [(one.until - NOW).total_seconds() for one in pauses]
    assert seconds / 2 <= min(waits) < seconds * 0.55
    assert seconds * 0.95 < max(waits) <= seconds
    assert pauses[0].reason == "Xero gives no proper answer at the moment (HTTP 503)"
