from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.lanes.fair_shares import WEIGHTS, Share, Spent, next_share

INTERACTIVE, BULK, POLL = Share.INTERACTIVE, Share.BULK, Share.POLL
some_waiting = st.sets(st.sampled_from(Share), min_size=1)


def calls(waiting: set[Share], count: int, spent: Spent | None = None) -> list[Share]:
    order, spent = [], spent or Spent()
    for _ in range(count):
        share, spent = next_share(waiting, spent)
        order.append(share)
        spent = spent.plus(share)
    return order


def test_round_is_four_two_and_one() -> None:
    assert calls({INTERACTIVE, BULK, POLL}, 7) == [INTERACTIVE] * 4 + [BULK] * 2 + [POLL]
    assert calls({INTERACTIVE, BULK, POLL}, 700).count(POLL) == 100


@pytest.mark.parametrize("waiting", [{INTERACTIVE, BULK, POLL}, {INTERACTIVE, BULK}, {BULK, POLL}, {BULK}])
def test_bulk_gets_more_than_a_fifth_of_any_minute(waiting: set[Share]) -> None:
    order = calls(waiting, 600)

    windows = [order[start : start + 60] for start in range(0, 540, 7)]
    assert min(window.count(BULK) for window in windows) >= 12


def test_click_goes_before_everything_that_waited_already() -> None:
    spent = Spent(bulk=1, poll=1)

    assert calls({INTERACTIVE, BULK, POLL}, 4, spent) == [INTERACTIVE] * 4


def test_nobody_is_kept_waiting_for_those_who_do_not_want() -> None:
    assert calls({POLL}, 5) == [POLL] * 5


def test_long_reading_is_paid_for_in_the_rounds_that_follow() -> None:
    order = calls({BULK, POLL}, 40, Spent(poll=10))

    assert order.index(POLL) == 22
    assert Counter(order[22:]) == {BULK: 12, POLL: 6}


@given(waiting=some_waiting, counts=st.tuples(*[st.integers(0, 300)] * 3))
def test_whoever_goes_waits_and_has_a_turn(waiting: set[Share], counts: tuple[int, int, int]) -> None:
    spent = Spent(interactive=counts[0], bulk=counts[1], poll=counts[2])

    share, rounds = next_share(waiting, spent)

    assert share in waiting
    assert rounds.of(share) < WEIGHTS[share]
    assert all(rounds.of(one) <= spent.of(one) for one in Share)


def test_nobody_waits_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="Nobody waits"):
        next_share([], Spent())
