from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from integrations.xero_sandbox.books.folding import folded
from integrations.xero_sandbox.books.organisation_records import TaxComponent, TaxRate
from integrations.xero_sandbox.rules.day_rates import is_odd, units_per_base
from integrations.xero_sandbox.rules.lock_dates import refusal_by_lock
from integrations.xero_sandbox.rules.payment_terms import due_date_by
from integrations.xero_sandbox.wire.wire_dates import (
    DateNotReadableError,
    read_date,
    read_moment,
    seven_digit_text,
    with_offset,
    without_offset,
)


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        (None, "2026-01-31"),
        ((14, "DAYSAFTERBILLDATE"), "2026-02-14"),
        ((10, "DAYSAFTERBILLMONTH"), "2026-02-10"),
        ((20, "OFCURRENTMONTH"), "2026-01-20"),
        ((31, "OFFOLLOWINGMONTH"), "2026-02-28"),
    ],
)
def test_due_date_by_terms(terms: tuple[int, str] | None, due: str) -> None:
    assert due_date_by(terms, document_date=date(2026, 1, 31)) == date.fromisoformat(due)


def test_due_date_crosses_the_year() -> None:
    assert due_date_by((20, "OFFOLLOWINGMONTH"), document_date=date(2026, 12, 5)) == date(2027, 1, 20)


@pytest.mark.parametrize(
    ("day", "period", "year", "words"),
    [
        ("2026-07-01", "2026-06-30", None, ""),
        (
            "2026-06-30",
            "2026-06-30",
            None,
            "The document date cannot be before the period lock date, currently set at 30 June 2026",
        ),
        (
            "2026-06-01",
            "2026-06-30",
            "2026-06-05",
            "The document date cannot be before the end of year lock date, currently set at 5 June 2026",
        ),
        ("2020-01-01", None, None, ""),
    ],
)
def test_locked_periods(day: str, period: str | None, year: str | None, words: str) -> None:
    assert (
        refusal_by_lock(
            date.fromisoformat(day),
            period_lock_date=date.fromisoformat(period) if period else None,
            end_of_year_lock_date=date.fromisoformat(year) if year else None,
        )
        == words
    )


def test_rates_are_units_of_the_currency_for_one_of_the_base() -> None:
    day = date(2026, 11, 20)

    there, back = (
        units_per_base(currency="USD", base="AUD", day=day),
        units_per_base(currency="AUD", base="USD", day=day),
    )

    assert Decimal("0.5") < there < 1 < back
    assert abs(there * back - 1) < Decimal("0.00001")
    assert units_per_base(currency="AUD", base="AUD", day=day) == 1


@pytest.mark.parametrize(("rate", "odd"), [("0.66", False), ("0.45", False), ("0.4", True), ("1.52", True)])
def test_odd_rates_are_far_from_the_days(rate: str, odd: bool) -> None:
    assert is_odd(Decimal(rate), Decimal("0.66")) is odd


@pytest.mark.parametrize(
    "text",
    [
        "2018-10-20",
        "2018-10-20T00:00:00",
        "2018-10-20T23:00:00+13:00",
        "/Date(1539993600000)/",
        "/Date(1539993600000+0000)/",
        "/Date(1540000000000+1300)/",
    ],
)
def test_dates_are_read(text: str) -> None:
    assert read_date(text) == date(2018, 10, 20)


@pytest.mark.parametrize("text", ["2018-10-20 00:00:00", "20/10/2018", "", "2018-13-01", "/Date()/", "2018-10-20T25"])
def test_other_texts_are_no_dates(text: str) -> None:
    with pytest.raises(DateNotReadableError):
        read_date(text)


def test_dates_are_midnight_utc_of_the_calendar_day() -> None:
    day = date(2018, 10, 20)

    assert (with_offset(day), without_offset(day)) == ("/Date(1539993600000+0000)/", "/Date(1539993600000)/")
    assert with_offset(date(1969, 12, 31)) == "/Date(-86400000+0000)/"


def test_moments_keep_their_milliseconds() -> None:
    moment = datetime(2018, 10, 20, 1, 2, 3, 456_789, tzinfo=UTC)

    assert with_offset(moment) == "/Date(1539997323456+0000)/"
    assert seven_digit_text(moment) == "2018-10-20T01:02:03.4567890"


@pytest.mark.parametrize("text", ["2018-10-20T01:02:03", "Sat, 20 Oct 2018 01:02:03 GMT", "2018-10-20T03:02:03+02:00"])
def test_moments_are_read(text: str) -> None:
    assert read_moment(text) == datetime(2018, 10, 20, 1, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(("text", "plain"), [("Müller", "muller"), ("CÔTE d'Ivoire", "cote d'ivoire"), ("ABC", "abc")])
def test_folding_forgets_case_and_accents(text: str, plain: str) -> None:
    assert folded(text) == plain


def test_compound_component_is_charged_on_the_others() -> None:
    components = (
        TaxComponent(name="A", rate=Decimal(5)),
        TaxComponent(name="B", rate=Decimal(10), is_compound=True),
    )
    rate = TaxRate(
        organisation_id="o", tax_type="T", name="N", report_tax_type="R", applies_to=(), components=components
    )

    assert (rate.display_rate, rate.effective_rate) == (Decimal(15), Decimal("15.5"))
