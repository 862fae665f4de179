from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from integrations.lanes.app_pace import AHEAD, CHUNK, chunk_life, take_chunk
from integrations.lanes.lane_times import LaneTimes
from tests.lanes.budgets import NOW

TIMES = LaneTimes()
XEROS_LIMIT = 10_000


@given(pauses=st.lists(st.integers(0, 3000), min_size=1, max_size=400))
def test_no_minute_of_xeros_holds_more_calls_than_it_allows(pauses: list[int]) -> None:
    """Whoever takes chunks as fast as he can, keeps each as long as he may, and spends it at the worst moment."""
    paced, now, taken = None, NOW, list[datetime]()
    for pause in pauses:
        now += timedelta(milliseconds=pause)
        while (after := take_chunk(paced, now=now, times=TIMES)) is not None:
            paced = after
            taken.append(now)

    for begins_at in taken[:: max(1, len(taken) // 20)]:
        usable = [moment for moment in taken if begins_at - chunk_life(TIMES) < moment <= begins_at + TIMES.minute]
        assert len(usable) * CHUNK <= XEROS_LIMIT


def test_nine_thousand_calls_go_in_a_minute() -> None:
    paced, taken = None, 0
    for step in range(6000):
        now = NOW + timedelta(milliseconds=10 * step)
        while (after := take_chunk(paced, now=now, times=TIMES)) is not None:
            paced, taken = after, taken + CHUNK

    assert 9000 <= taken <= 9000 + AHEAD + CHUNK
