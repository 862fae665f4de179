import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.outbox.delivery_times import DeliveryTimes
from integrations.outbox.retry_policy import delay, is_poison, is_suspect

TIMES = DeliveryTimes()


class Middle(random.Random):
    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


@pytest.mark.parametrize(
    ("retry_count", "seconds"), [(0, 5), (1, 10), (2, 20), (5, 160), (7, 640), (8, 900), (9, 900), (1000, 900)]
)
def test_waiting_doubles_up_to_a_quarter_of_an_hour(retry_count: int, seconds: int) -> None:
    assert delay(retry_count, times=TIMES, rng=Middle()) == timedelta(seconds=seconds)


@given(retry_count=st.integers(0, 32767), seed=st.integers())
def test_waiting_is_spread_by_half(retry_count: int, seed: int) -> None:
    middle = delay(retry_count, times=TIMES, rng=Middle())

    waited = delay(retry_count, times=TIMES, rng=random.Random(seed))  # noqa: S311 no secret

    assert middle / 2 <= waited <= middle * 1.5 <= TIMES.longest_retry * 1.5


@pytest.mark.parametrize(("started_count", "expected"), [(1, False), (5, False), (6, True), (7, True)])
def test_five_starts_without_an_end_are_poison(started_count: int, expected: bool) -> None:
    assert is_poison(started_count) == expected


@pytest.mark.parametrize(("started_count", "expected"), [(0, False), (1, False), (2, True), (5, True)])
def test_after_two_starts_without_an_end_a_job_is_tried_by_itself(started_count: int, expected: bool) -> None:
    assert is_suspect(started_count) == expected
