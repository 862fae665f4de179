from datetime import date
from decimal import Decimal

import pytest

from invoices.intake.read_table import REPORT_COLUMNS, read_table
from invoices.intake.source_table import MOST_ROWS, TableRow, UnreadableFileError
from tests.intake.workbook_files import workbook


def test_csv_becomes_a_table_with_the_numbers_people_see() -> None:
    table = read_table(b"Number,Goods,Kg\r\n\r\nS-1, Tiles ,3,,\r\nS-2,,\r\n")

    assert table.header == ("Number", "Goods", "Kg")
    assert table.rows == (TableRow(3, ("S-1", "Tiles", "3")), TableRow(4, ("S-2",)))


def test_our_apostrophe_is_taken_off_cells() -> None:
    assert read_table(b"Number,Goods\nS-1,'=1+1\nS-2,'quoted'\n").rows[0].cells == ("S-1", "=1+1")


def test_workbook_becomes_a_table_and_other_sheets_are_told() -> None:
    content = workbook({"Read me": [], "Jobs": [["Number", "Day", "Kg"], ["S-1", date(2026, 3, 4), 2.5]]})

    table = read_table(content)

    assert table.header == ("Number", "Day", "Kg")
    assert table.rows == (TableRow(2, ("S-1", date(2026, 3, 4), Decimal("2.5"))),)
    assert (table.sheets, table.sheet) == (("Read me", "Jobs"), "Jobs")
    assert table.notes == ("The sheet “Jobs” was read. Not read: “Read me”.",)


def test_value_merged_over_rows_counts_for_each_of_them() -> None:
    rows = [["Number", "Code", "Price"], ["S-1", "FRT", 10], [None, "THC", 5], [None, "DOC", 2], ["S-2", "FRT", 7]]

    table = read_table(workbook({"Jobs": rows}, merged=["A2:A4"]))

    assert [row.cells[0] for row in table.rows] == ["S-1", "S-1", "S-1", "S-2"]
    assert table.notes == ("Cells that are merged over several rows count for each of these rows.",)


def test_columns_of_our_report_are_no_data() -> None:
    header = ",".join(["Number", "Goods", *REPORT_COLUMNS])

    table = read_table(f"{header}\nS-1,Tiles,2,new,Weight: too large,stray\n".encode())

    assert (table.header, table.rows) == (("Number", "Goods"), (TableRow(2, ("S-1", "Tiles", "stray")),))


def test_most_rows_that_are_allowed_are_read() -> None:
    assert len(read_table(b"a,b\n" + b"1,2\n" * MOST_ROWS).rows) == MOST_ROWS


def test_rows_that_are_not_wanted_are_counted() -> None:
    table = read_table(b"a,b\n" + b"1,2\n" * 70, keep=5)

    assert (len(table.rows), table.row_count) == (5, 70)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"Number,Goods\n\n", "Below its header the file has no rows"),
        (b"a,b\n" + b"1,2\n" * (MOST_ROWS + 1), "more than 50,000 rows"),
        (workbook({"Jobs": [["a"], *[["1"]] * (MOST_ROWS + 1)]}), "more than 50,000 rows"),
        (workbook({"Jobs": [["a", "b"], ["1", "x" * 4001]]}), "cell in row 2 holds more than 4,000 characters"),
        (workbook({"Jobs": [["a"], ["1"]]}, merged=[f"A{n}:A1000000" for n in (2, 3)]), "too many merged cells"),
    ],
)
def test_table_beyond_its_limits_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFileError, match=sentence):
        read_table(content)
