from datetime import date
from decimal import Decimal

import pytest

from invoices.pdf.invoice_view_model import (
    PrintedTax,
    TaxShare,
    day,
    money,
    number,
    price,
    shown_places,
    tax_summary,
)
from tests.pdf.printed_samples import view


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("1234567.5", "1,234,567.50"),
        ("-0.00", "0.00"),
        ("0", "0.00"),
        ("-12.3", "-12.30"),
        ("0.005", "0.00"),
        ("1E+3", "1,000.00"),
    ],
)
def test_money_has_two_places(amount: str, expected: str) -> None:
    assert money(Decimal(amount)) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("1.0000", "1"), ("1234.5", "1,234.5"), ("0.4250", "0.425"), ("0.65432100", "0.6543")]
)
def test_quantity_has_no_places_that_say_nothing(value: str, expected: str) -> None:
    assert number(Decimal(value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("10", "10.00"), ("0.425", "0.425"), ("1.99995", "2.00"), ("7.1250", "7.125")]
)
def test_price_has_two_to_four_places(value: str, expected: str) -> None:
    assert price(Decimal(value)) == expected


@pytest.mark.parametrize(("value", "expected"), [(date(2026, 3, 2), "2 Mar 2026"), (None, "")])
def test_day_is_written_out(value: date | None, expected: str) -> None:
    assert day(value) == expected


@pytest.mark.parametrize(
    ("currency", "amounts", "places"),
    [
        ("AUD", ["1.50"], 2), ("JPY", ["1500.00", "0.00"], 0), ("JPY", ["1500.00", "0.50"], 2), ("KWD", ["1.25"], 3),
        ("XXQ", ["1.00"], 2), ("AUD", [], 2),
    ],
)  # fmt: skip
def test_places_are_the_currencys_and_hide_nothing(currency: str, amounts: list[str], places: int) -> None:
    assert shown_places(currency, map(Decimal, amounts)) == places


def test_yen_have_no_places_and_dinars_three() -> None:
    assert [money(Decimal("48000.00"), 0), price(Decimal("12.5000"), 0)] == ["48,000", "12.5"]
    assert [money(Decimal("1.25"), 3), price(Decimal(2), 3)] == ["1.250", "2.000"]


def test_taxes_are_summed_by_name_and_rate_in_the_order_they_occur() -> None:
    shares = [
        TaxShare("GST", Decimal(10), Decimal("100.00"), Decimal("10.00")),
        TaxShare("Free", Decimal(0), Decimal("50.00"), Decimal("0.00")),
        TaxShare("GST", Decimal("10.0000"), Decimal("0.25"), Decimal("0.03")),
        TaxShare("GST", Decimal("12.5"), Decimal("8.00"), Decimal("1.00")),
    ]

    assert tax_summary(shares) == (
        PrintedTax(name="GST", rate="10 %", net="100.25", tax="10.03"),
        PrintedTax(name="Free", rate="0 %", net="50.00", tax="0.00"),
        PrintedTax(name="GST", rate="12.5 %", net="8.00", tax="1.00"),
    )
    assert tax_summary([]) == ()


def test_long_terms_stand_by_themselves() -> None:
    short, long = view(terms=("30 days net.",)), view(terms=("A clause. " * 100,))

    assert (short.short_terms, short.long_terms) == (("30 days net.",), ())
    assert (long.short_terms, long.long_terms) == ((), long.terms)
