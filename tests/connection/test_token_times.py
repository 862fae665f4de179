from datetime import timedelta

import pytest

from freightbridge.scaled_times import divided_by
from integrations.connection.token_times import TokenTimes
from tests.conftest import NOW

TIMES = TokenTimes()
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("failures", "since", "seconds"),
    [(1, 0 * MINUTE, 5), (2, MINUTE, 15), (3, MINUTE, 60), (40, 29 * MINUTE, 60), (41, 30 * MINUTE, 300)],
)
def test_retries_come_quickly_within_the_grace_and_slowly_after_it(
    failures: int, since: timedelta, seconds: int
) -> None:
    assert TIMES.retry_at(NOW, failures=failures, since=NOW - since) == NOW + timedelta(seconds=seconds)


def test_every_grant_is_kept_alive_within_a_week_and_not_all_at_once() -> None:
    moments = {TIMES.keep_alive_at(NOW, seed=seed) for seed in range(100)}

    assert NOW + timedelta(days=5) < min(moments) < NOW + timedelta(days=5, hours=12)
    assert NOW + timedelta(days=6, hours=12) < max(moments) <= NOW + timedelta(days=7)
    assert len(moments) == 100
    assert TIMES.keep_alive_at(NOW, seed=1) == TIMES.keep_alive_at(NOW, seed=1)


def test_every_organisation_is_looked_in_at_within_a_day() -> None:
    moments = {TIMES.look_in_at(NOW, seed=seed) for seed in range(100)}

    assert NOW + timedelta(hours=18) <= min(moments) < max(moments) <= NOW + timedelta(days=1)


def test_faster_clock_shortens_every_span_and_the_tokens_life() -> None:
    fast = divided_by(TIMES, 60)

    assert (fast.early, fast.grace, fast.keep_alive) == (TIMES.early / 60, TIMES.grace / 60, TIMES.keep_alive / 60)
    life = fast.expiry(NOW, expires_in=1800) - NOW
    assert life == pytest.approx(timedelta(seconds=30), abs=timedelta(milliseconds=1))
