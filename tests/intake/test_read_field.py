from datetime import date
from decimal import Decimal

import pytest

from invoices.intake.cell_reading import ABSENT, Pointer, Reading, Value
from invoices.intake.column_match import DateOrder, DecimalMark
from invoices.intake.freight_fields import CHARGE_FIELDS, SHIPMENT_FIELDS
from invoices.intake.read_field import ReadingContext, read_field
from invoices.intake.source_table import Cell

CONTEXT = ReadingContext(date_order=DateOrder.MONTH_FIRST, decimal_mark=DecimalMark.POINT, currency="USD")


def read(name: str, cell: Cell) -> Reading:
    return read_field({**CHARGE_FIELDS, **SHIPMENT_FIELDS}[name], cell, CONTEXT)


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("goods", "Ceramic\n tiles", "Ceramic tiles"),
        ("goods", "N/A", "N/A"),
        ("number", Decimal("10589.0"), "10589"),
        ("number", date(2026, 3, 4), "2026-03-04"),
        ("po", "PO-1, PO-2;PO-1\nPO-3", ("PO-1", "PO-2", "PO-3")),
        ("weight_kg", "1,240.5", Decimal("1240.5")),
        ("weight_kg", "1240.5 KG", Decimal("1240.5")),
        ("unit_price", Decimal("12.5"), Decimal("12.5")),
        ("unit_price", "USD 12.50", Decimal("12.5")),
        ("discount_percent", "10 %", Decimal(10)),
        ("etd_date", "3/4/2026", date(2026, 3, 4)),
        ("etd_date", date(2026, 3, 4), date(2026, 3, 4)),
        ("currency", "usd", "USD"),
        ("incoterm", "fob", "FOB"),
        ("mode", "Ocean Freight", "sea"),
        ("job_type", "3PL", "warehouse"),
        ("status", "In  Transit", "in transit"),
        ("side", "AP", "cost"),
    ],
)
def test_cell_is_read_without_a_word(name: str, cell: Cell, value: Value) -> None:
    assert read(name, cell) == Reading(value=value)


@pytest.mark.parametrize(
    ("name", "cell", "value", "note"),
    [
        ("goods", "x" * 501, "x" * 499 + "…", "Shortened to 500 characters."),
        ("unit_price", "1.23456", Decimal("1.2346"), "Rounded to 4 places: 1.2346."),
        ("weight_kg", "0.0005", Decimal("0.001"), "Rounded to 3 places: 0.001."),
        ("incoterm", "CIF Sydney", "CIF", "Only CIF was taken."),
    ],
)
def test_value_that_is_taken_otherwise_is_noted(name: str, cell: Cell, value: Value, note: str) -> None:
    assert read(name, cell) == Reading(value=value, note=note)


@pytest.mark.parametrize(
    ("name", "cell", "note"),
    [
        ("number", "n/a", "“n/a” counts as empty."),
        ("incoterm", "N/A - From RDC", "“N/A - From RDC” counts as empty."),
        ("incoterm", "to be agreed", "“to be agreed” names no Incoterm, so it counts as empty."),
        ("etd_date", "Date Not Captured", "Not known, says the file: no date."),
        (
            "unit_price",
            "Freight Included in Commodity Cost",
            "Contained in another price, says the file: no charge here.",
        ),
        ("unit_price", "Invoiced Separately", "Stands in another document, says the file: no charge here."),
        ("weight_kg", "Weight Captured Separately", "Stands in another document, says the file: no value here."),
        ("declared_value", "not known", "Not known, says the file: no value here."),
    ],
)
def test_words_that_mean_nothing_is_here_are_explained(name: str, cell: str, note: str) -> None:
    assert read(name, cell) == Reading(note=note)


@pytest.mark.parametrize(
    ("name", "cell", "note"),
    [
        ("number", "x" * 61, "Too long for Shipment Number: 61 characters, 60 are possible."),
        ("po", "x" * 101, "A reference of more than 100 characters. Put commas between references."),
        ("unit_price", "twelve", "“twelve” is no number."),
        ("unit_price", "12,5", "No number with a decimal point. If the other is meant, change the column match."),
        ("unit_price", "1000000000000", "Too large for Unit Price."),
        ("unit_price", "EUR 5", "The amount is in EUR, but the row is in USD."),
        ("unit_price", date(2026, 3, 4), "A date stands where Unit Price should be."),
        ("etd_date", Decimal(45000), "45000 is a number, not a date. Give the column the format of a date."),
        ("etd_date", "soon", "“soon” cannot be read as a date. Write it as 2026-03-31."),
        ("currency", "dollars", "“dollars” is no currency. Write its three letters."),
        (
            "mode",
            "mule",
            "“mule” is not one of: air, sea, road, rail, courier, unknown. Translate it in the column match.",
        ),
    ],
)
def test_value_that_cannot_be_used_is_refused(name: str, cell: Cell, note: str) -> None:
    assert read(name, cell) == Reading(note=note, is_error=True)


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("See DN-304 (ID#:10589)", Pointer("DN-304", "10589")),
        ("see ASN-19166 (ID#:59830)", Pointer("ASN-19166", "59830")),
        ("See DN-304", Pointer("DN-304", "")),
    ],
)
def test_amount_on_another_row_is_pointed_at(text: str, pointer: Pointer) -> None:
    assert read("unit_price", text) == Reading(pointer=pointer)
    assert read("weight_kg", text) == Reading(pointer=pointer)


@pytest.mark.parametrize("cell", ["", "-", "--", "–"])
def test_empty_and_dashes_are_absent_without_a_word(cell: str) -> None:
    assert read("unit_price", cell) == ABSENT
