from decimal import Decimal

import pytest

from invoices.intake.header_row import distinct_names, find_header, header_fingerprint
from invoices.intake.source_table import Cell, TableRow, UnreadableFileError


def rows(*cells: list[Cell]) -> list[TableRow]:
    return [TableRow(number, tuple(row)) for number, row in enumerate(cells, start=1)]


def test_first_row_of_names_is_the_header() -> None:
    found = find_header(rows(["Number", "Goods"], ["S-1", "Tiles"]))

    assert (found.position, found.names, found.notes) == (0, ("Number", "Goods"), ())


def test_titles_above_the_header_are_left_out_and_told() -> None:
    found = find_header(
        rows(["Jobs of March"], ["Harbour Freight", "2026"], ["No", "Goods", "Kg"], ["S-1", "Tiles", "3"])
    )

    assert (found.position, found.names) == (2, ("No", "Goods", "Kg"))
    assert found.notes == ("The columns are named in row 3; what stands above it was left out.",)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (rows(), "nothing but empty rows"),
        (rows(["S-1", "12.50", "2026-03-04"], ["S-2", "13.00", "4-Mar-26"]), "No row of the file names its columns"),
        (rows(["S-1", Decimal(12), Decimal(3)], ["S-2", Decimal(1), Decimal(2)]), "No row of the file names"),
        (rows([f"c{n}" for n in range(201)], ["1"] * 201), "The file has 201 columns; up to 200"),
    ],
)
def test_table_without_header_or_rows_is_refused(table: list[TableRow], sentence: str) -> None:
    with pytest.raises(UnreadableFileError, match=sentence):
        find_header(table)


def test_doubled_and_empty_names_are_made_distinct_and_explained() -> None:
    names, notes = distinct_names(["Name", "", "name", "Name", "Name (2)", ""])

    assert names == ("Name", "Column 2", "name (2)", "Name (3)", "Name (2) (2)", "Column 6")
    assert notes[0] == "Several columns are called “name”; number 3 is shown as “name (2)”."
    assert len(notes) == 3


def test_name_as_long_as_a_letter_is_cut() -> None:
    found = find_header(rows(["Number", "x" * 4000, "x" * 4000], ["S-1", "Tiles", "Glue"]))

    assert [len(name) for name in found.names] == [6, 200, 204]


def test_fingerprint_forgives_order_case_and_spaces() -> None:
    assert header_fingerprint(["Shipment  No", "GOODS"]) == header_fingerprint(["goods", "shipment no"])


def test_fingerprint_tells_other_columns() -> None:
    assert header_fingerprint(["Number"]) != header_fingerprint(["Number", "Goods"])
