from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from invoices.intake.cell_reading import Pointer
from invoices.intake.column_match import read_rules
from invoices.intake.parsed_rows import ParsedRow, PointedAmount, Remark
from invoices.intake.read_table import read_table
from invoices.intake.row_parser import NO_NUMBER, parse_rows
from tests.intake.planned_files import csv_file


def parse(
    fields: dict[str, Any], header: list[str], *rows: list[str], charges: list[Any] | None = None
) -> list[ParsedRow]:
    table = read_table(csv_file(header, *rows))
    rules = {"fields": {"number": {"columns": ["No"]}, **fields}, "charges": charges or [], "date_order": "day"}
    return list(parse_rows(table, read_rules(rules)))


LINE = {
    "charge_code": {"columns": ["Code"]},
    "quantity": {"columns": ["Qty"]},
    "unit_price": {"columns": ["Price"]},
    "discount_percent": {"columns": ["Off"]},
}
LINE_HEADER = ["No", "Code", "Qty", "Price", "Off"]
FREIGHT = {"charge_code": {"default": "FRT"}, "unit_price": {"columns": ["Freight"]}, "currency": {"default": "USD"}}


def parse_line(code: str, quantity: str, price: str, off: str = "") -> ParsedRow:
    (row,) = parse({}, LINE_HEADER, ["S-1", code, quantity, price, off], charges=[LINE])
    return row


def told(row: ParsedRow) -> list[tuple[str, str, bool]]:
    return [(remark.column, remark.text, remark.is_error) for remark in row.remarks]


def test_row_says_what_its_columns_hold() -> None:
    fields = {"goods": {"columns": ["What"]}, "etd_date": {"columns": ["Day"]}}

    (row,) = parse(fields, ["No", "Day", "What"], ["S-1", "3/4/2026", "Tiles"])

    assert row == ParsedRow(number=2, fields={"number": "S-1", "etd_date": date(2026, 4, 3), "goods": "Tiles"})


def test_several_columns_are_joined_and_defaults_fill_what_is_empty() -> None:
    fields = {
        "customer_name": {"columns": ["Country", "Code"]},
        "mode": {"columns": ["How"], "default": "sea"},
        "currency": {"default": "USD"},
    }

    first, second = parse(fields, ["No", "Country", "Code", "How"], ["S-1", "Haiti", "HT", "air"], ["S-2", "", "HT"])

    assert first.fields == {"number": "S-1", "currency": "USD", "customer_name": "Haiti, HT", "mode": "air"}
    assert second.fields == {"number": "S-2", "currency": "USD", "customer_name": "HT", "mode": "sea"}


def test_words_are_translated_and_to_nothing_is_told() -> None:
    fields = {"mode": {"columns": ["How"], "values": {"mule": "road", "dream": ""}}}

    first, second = parse(fields, ["No", "How"], ["S-1", "Mule"], ["S-2", "Dream"])

    assert first.fields["mode"] == "road"
    assert "mode" not in second.fields
    assert told(second) == [("How", "“Dream” stands for nothing, by the column match.", False)]


def test_value_that_cannot_be_used_leaves_the_rest_of_the_row() -> None:
    fields = {"mode": {"columns": ["How"]}, "weight_kg": {"columns": ["Kg"]}}

    (row,) = parse(fields, ["No", "How", "Kg"], ["S-1", "mule", "12"])

    assert row.fields == {"number": "S-1", "weight_kg": Decimal(12)}
    assert [(remark.column, remark.value, remark.is_error) for remark in row.remarks] == [("How", "mule", True)]


def test_row_without_a_number_is_refused() -> None:
    (row,) = parse({}, ["No", "What"], ["", "Tiles"])

    assert row.refusal == Remark(column="", value="", text=NO_NUMBER, is_error=True)


def test_row_wider_than_the_header_is_refused() -> None:
    (row,) = parse({}, ["No", "What"], ["S-1", "Tiles", "and", "more"])

    assert row.refusal is not None
    assert (row.refusal.value, row.refusal.text[:50]) == (
        "and, more",
        "The row has more cells than the header has names (",
    )


def test_charge_line_is_read_whole() -> None:
    row = parse_line("FRT", "2", "10.50", "5")

    (charge,) = row.charges
    assert charge.values == {
        "charge_code": "FRT",
        "quantity": Decimal(2),
        "unit_price": Decimal("10.5"),
        "discount_percent": Decimal(5),
    }
    assert row.remarks == ()


@pytest.mark.parametrize(
    ("cells", "remark"),
    [
        (("FRT", "2", ""), ("Code", "The row has no price: no charge.", False)),
        (("FRT", "2", "0.00"), ("Price", "The amount is 0: no charge.", False)),
        (("FRT", "0", "10"), ("Qty", "The quantity is 0: no charge.", False)),
        (("FRT", "2", "a lot"), ("Price", "“a lot” is no number.", True)),
    ],
)
def test_line_that_adds_no_charge_says_why(cells: tuple[str, str, str], remark: tuple[str, str, bool]) -> None:
    row = parse_line(*cells)

    assert (row.charges, told(row)) == ((), [remark])


def test_line_without_anything_about_a_charge_is_silent() -> None:
    assert parse_line("", "", "") == ParsedRow(number=2, fields={"number": "S-1"})


@pytest.mark.parametrize(
    ("cells", "missing", "remark"),
    [
        (
            ("", "2", "10"),
            "charge_code",
            ("Code", "The charge has no charge code, so it cannot be invoiced yet.", True),
        ),
        (("FRT", "two", "10"), "quantity", ("Qty", "“two” is no number.", True)),
    ],
)
def test_incomplete_charge_comes_in_and_says_what_it_lacks(
    cells: tuple[str, str, str], missing: str, remark: tuple[str, str, bool]
) -> None:
    row = parse_line(*cells)

    assert missing not in row.charges[0].values
    assert told(row) == [remark]


@pytest.mark.parametrize("off", ["101", "-5", "half"])
def test_charge_with_an_impossible_discount_has_no_price(off: str) -> None:
    row = parse_line("FRT", "1", "10", off)

    assert row.charges[0].values == {"charge_code": "FRT", "quantity": Decimal(1)}
    assert told(row)[-1] == ("Off", "The discount cannot be used, so the charge has no price yet.", True)


def test_amount_column_names_the_currency_of_the_row() -> None:
    (row,) = parse({}, ["No", "Freight"], ["S-1", "12.50"], charges=[FREIGHT])

    assert row.fields == {"number": "S-1", "currency": "USD"}
    assert row.charges[0].values == {"charge_code": "FRT", "quantity": Decimal(1), "unit_price": Decimal("12.5")}


def test_amount_column_in_another_currency_than_the_row_is_refused() -> None:
    fields = {"currency": {"columns": ["Curr"]}}

    (row,) = parse(fields, ["No", "Curr", "Freight"], ["S-1", "AUD", "12.50"], charges=[FREIGHT])

    assert row.charges == ()
    assert told(row) == [("Freight", "The charge is in USD, but the row is in AUD: not taken.", True)]


def test_amount_that_stands_on_another_row_is_pointed_at() -> None:
    fields = {"weight_kg": {"columns": ["Kg"]}}
    words = "See DN-304 (ID#:10589)"

    (row,) = parse(fields, ["No", "Kg", "Freight"], ["S-1", words, words], charges=[FREIGHT])

    pointer = Pointer("DN-304", "10589")
    assert row.pointed == (
        PointedAmount(column="Kg", value=words, pointer=pointer, is_charge=False),
        PointedAmount(column="Freight", value=words, pointer=pointer, is_charge=True),
    )
    assert (row.charges, row.remarks) == ((), ())
