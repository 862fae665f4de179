from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.intake.column_match import DecimalMark
from invoices.intake.read_number import WrittenNumber, is_written_otherwise, read_number

POINT, COMMA = DecimalMark.POINT, DecimalMark.COMMA


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("1234.5", POINT, "1234.5"),
        ("1,234.50", POINT, "1234.5"),
        ("1,234,567", POINT, "1234567"),
        ("1 234.5", POINT, "1234.5"),
        ("1\u202f234.5", POINT, "1234.5"),
        ("1'234.5", POINT, "1234.5"),
        ("1,234", POINT, "1234"),
        ("1,234", COMMA, "1.234"),
        ("1.234,50", COMMA, "1234.5"),
        ("12,5", COMMA, "12.5"),
        (".5", POINT, "0.5"),
        ("5.", POINT, "5"),
        ("0", POINT, "0"),
        ("-12", POINT, "-12"),
        ("\u221212", POINT, "-12"),
        ("- 12", POINT, "-12"),
        ("12-", POINT, "-12"),
        ("(12.00)", POINT, "-12"),
        ("$1,200", POINT, "1200"),
        ("-$5", POINT, "-5"),
    ],
)
def test_number_is_read_as_it_is_written(text: str, mark: DecimalMark, value: str) -> None:
    assert read_number(text, decimal_mark=mark) == WrittenNumber(Decimal(value))


@pytest.mark.parametrize(
    ("text", "currency"),
    [("USD 500", "USD"), ("500 EUR", "EUR"), ("€500", "EUR"), ("(AUD 500)", "AUD"), ("A$ 500", "AUD"), ("£500", "GBP")],
)
def test_currency_beside_a_number_is_told(text: str, currency: str) -> None:
    found = read_number(text, decimal_mark=POINT)

    assert found is not None
    assert (abs(found.value), found.currency) == (500, currency)


@pytest.mark.parametrize(
    "text",
    ["", ".", ",", "abc", "1,23", "12,34,567", "1.2.3", "1,234.5.6", "1 23", "--5", "-(5)", "(-5)", "5--", "1e5",
     "12kg", "USD5EUR", "1'234,567", "9" * 50, "See DN-304 (ID#:10589)", "4/12/07"],
)  # fmt: skip
def test_what_is_no_number_in_this_way_of_writing_is_none(text: str) -> None:
    assert read_number(text, decimal_mark=POINT) is None


def test_number_with_the_other_mark_is_recognised_as_such() -> None:
    assert is_written_otherwise("1.234,50", decimal_mark=POINT)
    assert not is_written_otherwise("abc", decimal_mark=POINT)


@given(st.decimals(-(10**12), 10**12, places=4), st.sampled_from([(POINT, ",", "."), (COMMA, ".", ",")]))
def test_every_grouped_number_comes_back(value: Decimal, written: tuple[DecimalMark, str, str]) -> None:
    mark, group, point = written
    text = f"{value:,.4f}".translate(str.maketrans({",": group, ".": point}))

    assert read_number(text, decimal_mark=mark) == WrittenNumber(value)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    for mark in DecimalMark:
        found = read_number(text, decimal_mark=mark)
        assert found is None or found.value.is_finite()
