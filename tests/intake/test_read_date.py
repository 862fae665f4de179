from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.intake.column_match import DateOrder
from invoices.intake.read_date import UnreadableDateError, could_be_two, read_date

UNKNOWN, DAY, MONTH = DateOrder.UNKNOWN, DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-04", date(2026, 3, 4)),
        ("2026/3/4", date(2026, 3, 4)),
        ("20260304", date(2026, 3, 4)),
        ("2026-03-04T10:15:00Z", date(2026, 3, 4)),
        ("2026-03-04 10:15", date(2026, 3, 4)),
        ("2-Jun-06", date(2006, 6, 2)),
        ("2 June 2006", date(2006, 6, 2)),
        ("June 2, 2006", date(2006, 6, 2)),
        ("3rd Mar 2026", date(2026, 3, 3)),
        ("Tue, 3 Mar 2026", date(2026, 3, 3)),
        ("8/29/14", date(2014, 8, 29)),
        ("29/8/14", date(2014, 8, 29)),
        ("29.8.2014", date(2014, 8, 29)),
        ("4/4/2014", date(2014, 4, 4)),
        ("8/29/14 5:30 PM", date(2014, 8, 29)),
        ("12/31/99", date(1999, 12, 31)),
        ("12/31/69", date(2069, 12, 31)),
    ],
)
@pytest.mark.parametrize("order", list(DateOrder))
def test_date_that_is_one_day_only_needs_no_hint(text: str, day: date, order: DateOrder) -> None:
    assert read_date(text, order) == day


def test_hint_decides_where_a_date_could_be_two() -> None:
    assert read_date("3/4/2026", DAY) == date(2026, 4, 3)
    assert read_date("3/4/2026", MONTH) == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("3/4/2026", "could be two days"),
        ("31-Feb-20", "no day in the calendar"),
        ("13/13/2020", "no day in the calendar"),
        ("0/5/2020", "no day in the calendar"),
        ("2-Foo-06", "no day in the calendar"),
        ("1/1/1850", "in the year 1850"),
        ("45000", "cannot be read as a date"),
        ("soon", "cannot be read as a date"),
        ("", "cannot be read as a date"),
        ("2" * 100, "cannot be read as a date"),
    ],
)
def test_what_is_no_date_or_two_is_told(text: str, sentence: str) -> None:
    with pytest.raises(UnreadableDateError, match=sentence):
        read_date(text, UNKNOWN)


@given(
    st.dates(date(1970, 1, 1), date(2069, 12, 31)), st.sampled_from(["%Y-%m-%d", "%d-%b-%Y", "%d %B %Y", "%B %d, %Y"])
)
def test_every_day_written_out_comes_back(day: date, form: str) -> None:
    assert read_date(day.strftime(form), UNKNOWN) == day


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)))
def test_every_day_in_figures_comes_back_by_its_order(day: date) -> None:
    assert read_date(day.strftime("%d/%m/%y"), DAY) == day
    assert read_date(day.strftime("%m/%d/%y"), MONTH) == day


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)))
def test_only_ambiguous_days_could_be_two(day: date) -> None:
    assert could_be_two(day.strftime("%d/%m/%Y")) == (day.day <= 12 and day.day != day.month)
