from datetime import timedelta

import pytest

from freightbridge.outbound_events.delivery_schedule import EventTimes, next_try_at
from freightbridge.outbound_events.event_signature import event_signature
from tests.conftest import NOW

TIMES = EventTimes()


@pytest.mark.parametrize(
    ("tries", "seconds"), [(1, 10), (2, 20), (3, 40), (8, 1280), (10, 5120), (11, 7200), (500, 7200)]
)
def test_each_wait_is_twice_the_one_before_up_to_two_hours(tries: int, seconds: int) -> None:
    assert next_try_at(tries, asked_at=NOW, now=NOW, times=TIMES) == NOW + timedelta(seconds=seconds)


def test_after_a_day_nobody_tries_any_more() -> None:
    day = timedelta(hours=24)

    assert next_try_at(20, asked_at=NOW - day + timedelta(seconds=1), now=NOW, times=TIMES) is not None
    assert next_try_at(20, asked_at=NOW - day, now=NOW, times=TIMES) is None


def test_signature_is_over_moment_and_body() -> None:
    """Another implementation of the same words, so that a receiver's is right too."""
    signature = event_signature(b'{"a": 1}', secret="fbs_test", seconds=1772443800)

    assert signature.startswith("t=1772443800,v1=")
    assert len(signature.rpartition("=")[2]) == 64
    assert signature != event_signature(b'{"a": 1}', secret="fbs_test", seconds=1772443801)
    assert signature != event_signature(b'{"a": 1} ', secret="fbs_test", seconds=1772443800)
