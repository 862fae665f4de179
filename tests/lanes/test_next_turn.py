from datetime import timedelta

import pytest

from integrations.lanes.fair_shares import Share, Spent
from integrations.lanes.lane_times import LaneTimes
from integrations.lanes.next_turn import Turn, next_turn
from tests.lanes.budgets import NOW, budget

TIMES = LaneTimes()
INTERACTIVE, BULK, POLL = Share.INTERACTIVE, Share.BULK, Share.POLL


@pytest.mark.parametrize(
    ("waiting", "of", "expected"),
    [
        ({BULK}, budget(60), Turn(share=BULK)),
        ({BULK, INTERACTIVE}, budget(60), Turn(share=INTERACTIVE)),
        # Bulk is ahead of its line.
        ({BULK}, budget(8), Turn(wait_until=NOW + 47 * (TIMES.minute * 14 / 15 / 52))),
        ({BULK, INTERACTIVE}, budget(8), Turn(share=INTERACTIVE)),
        # What is left of the day is for people.
        ({BULK, INTERACTIVE}, budget(60, 100), Turn(share=INTERACTIVE)),
        ({BULK, POLL}, budget(60, 300), Turn(share=BULK)),
        ({BULK}, budget(60, 100), Turn(wait_until=NOW + timedelta(days=1))),
        # The earliest of several waits.
        ({BULK, INTERACTIVE}, budget(0, 100), Turn(wait_until=NOW + timedelta(minutes=1))),
        (set(), budget(60), Turn()),
    ],
)
def test_whoever_must_wait_for_a_limit_lets_the_others_go(waiting: set[Share], of: object, expected: Turn) -> None:
    turn, _ = next_turn(waiting, Spent(), of, now=NOW, times=TIMES)  # type: ignore[arg-type]

    if expected.wait_until is not None and turn.wait_until is not None:
        assert turn.wait_until - expected.wait_until == pytest.approx(timedelta(), abs=timedelta(milliseconds=1))
    else:
        assert turn == expected


def test_people_who_click_without_end_leave_bulk_its_turns() -> None:
    """Bulk is far ahead of its line then, since people do not keep to it."""
    spent, order, of = Spent(), [], budget(60)
    for _ in range(58):
        turn, spent = next_turn({INTERACTIVE, BULK}, spent, of, now=NOW, times=TIMES)
        assert turn.share is not None
        order.append(turn.share)
        spent, of = spent.plus(turn.share), of.spend(NOW, times=TIMES)

    assert order.count(BULK) >= 12


def test_who_may_not_go_pays_for_no_round() -> None:
    _, spent = next_turn({BULK}, Spent(bulk=2), budget(60, 100), now=NOW, times=TIMES)

    assert spent == Spent(bulk=2)
