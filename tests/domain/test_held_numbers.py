import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.domain.held_numbers import (
    MOST_RUNS,
    HeldRun,
    Start,
    first_met,
    from_json,
    highest,
    runs_of,
    to_json,
)

figures = st.text("0123456789", min_size=1, max_size=4)


def test_figures_behind_the_prefix_become_runs_and_the_rest_is_left_out() -> None:
    held = ["INV-0001", "INV-0002", "inv-0003", "INV-0007", "INV-8", "INV-", "INV-A1", "QU-0004", "INV-²"]

    assert runs_of(held, prefix="INV-") == [HeldRun(1, 8, 8), HeldRun(4, 1, 3), HeldRun(4, 7, 7)]


def test_highest_keeps_the_form_that_it_has_there() -> None:
    assert highest(runs_of(["INV-0123", "INV-99"], prefix="INV-")) == Start(123, 4)
    assert highest([]) is None


@pytest.mark.parametrize(
    ("held", "start", "met"),
    [
        ("INV-0123", Start(1, 4), 123),
        ("INV-0123", Start(124, 4), None),
        # Written otherwise it is another number to Xero.
        ("INV-0123", Start(1, 5), None),
        ("INV-123", Start(1, 2), 123),
        ("INV-0123", Start(1, 2), None),
        # Too far ahead to hold up anything today.
        ("INV-20240001", Start(1, 5), None),
        ("INV-20240001", Start(20_239_000, 5), 20_240_001),
    ],
)
def test_series_meets_only_what_it_would_write_itself(held: str, start: Start, met: int | None) -> None:
    assert first_met(runs_of([held], prefix="INV-"), start) == met


@given(st.sets(figures, max_size=30), st.integers(0, 9_999), st.integers(1, 5))
def test_first_met_is_the_first_number_of_the_series_that_stands_there(held: set[str], number: int, width: int) -> None:
    start = Start(number, width)
    given_out = (value for value in range(number, 10_000) if Start(value, width).text("") in held)

    assert first_met(runs_of(held, prefix=""), start) == next(given_out, None)


@given(st.sets(figures, max_size=30))
def test_runs_survive_json(held: set[str]) -> None:
    runs = runs_of(held, prefix="")

    assert from_json(to_json(runs)) == runs


def test_of_too_many_runs_the_gaps_count_as_held() -> None:
    held = [f"INV-{value:05}" for value in range(0, 3 * MOST_RUNS, 2)]

    assert runs_of(held, prefix="INV-") == [HeldRun(5, 0, 3 * MOST_RUNS - 2)]
