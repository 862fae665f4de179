import csv
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.intake.csv_reader import read_csv, sniff_delimiter
from invoices.intake.source_table import LONGEST_CELL, UnreadableFileError


def rows(text: str) -> list[list[str]]:
    return [row for _, row in read_csv(text)]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_rows_are_cut_at_any_line_end_and_delimiter(line_end: str, delimiter: str) -> None:
    lines = ["Number{0}Goods{0}Weight", "S-1{0}Tiles{0}12", 'S-2{0}"two{0} things"{0}3']

    found = rows(line_end.join(line.format(delimiter) for line in lines))

    assert found == [["Number", "Goods", "Weight"], ["S-1", "Tiles", "12"], ["S-2", f"two{delimiter} things", "3"]]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b\n1,5;2,5\n3,5;4\n", ";"),
        ("a,b\n1;2,3\n", ","),
        ("one column\nand no other\n", ","),
        ("a|b|c\n1|2,3|4\n", "|"),
        ("name\tvalue\nx, y\t1\nz, w\t2\n", "\t"),
        ("", ","),
    ],
)
def test_delimiter_is_the_one_that_cuts_evenly(text: str, delimiter: str) -> None:
    assert sniff_delimiter(text) == delimiter


def test_excels_line_that_names_the_delimiter_is_obeyed() -> None:
    assert rows("sep=;\na;b,c\n1;2\n") == [["a", "b,c"], ["1", "2"]]


def test_quoted_cells_go_over_lines_and_hold_quotation_marks() -> None:
    assert rows('a,b\n"first\nsecond","say ""hi"""\n') == [["a", "b"], ["first\nsecond", 'say "hi"']]


def test_empty_lines_keep_the_numbers_of_those_below() -> None:
    assert list(read_csv("a,b\n\n1,2\n")) == [(1, ["a", "b"]), (2, []), (3, ["1", "2"])]


def test_quotation_mark_that_is_never_closed_is_named_by_its_row() -> None:
    with pytest.raises(UnreadableFileError, match=r"quotation mark in row 3 is never closed"):
        rows('a,b\n1,2\n3,"four\n5,6\n')


@pytest.mark.parametrize("length", [LONGEST_CELL + 1, 200_000])
def test_cell_that_is_too_long_is_named_by_its_row(length: int) -> None:
    with pytest.raises(UnreadableFileError, match=r"cell in row 2 holds more than 4,000 characters"):
        rows(f"a,b\n1,{'x' * length}\n")


def test_longest_cell_that_is_allowed_is_read() -> None:
    assert rows(f"a,b\n1,{'x' * LONGEST_CELL}\n")[1] == ["1", "x" * LONGEST_CELL]


@pytest.mark.parametrize("count", [201, 200_000])
def test_too_many_columns_are_counted(count: int) -> None:
    with pytest.raises(UnreadableFileError, match=rf"Row 1 has {count:,} columns; up to 200"):
        rows(",".join(f"column {number}" for number in range(count)) + "\n1,2\n")


def test_line_of_millions_of_cells_is_not_cut() -> None:
    """Cut, it would be a list of twenty million cells: 160 MB beside the text itself."""
    text = "," * 20_000_000
    tracemalloc.start()

    with pytest.raises(UnreadableFileError, match="Row 1 has 20,000,001 columns"):
        rows(text)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 130_000_000


def test_millions_of_empty_lines_are_not_read() -> None:
    with pytest.raises(UnreadableFileError, match="more than 500,000 lines"):
        rows("a,b\n" + "\n" * 1_000_000)


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20), min_size=2, max_size=2),
        min_size=1,
    )
)
def test_whatever_was_written_is_read_again(table: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([["a", "b"], *table])

    assert rows(text.getvalue()) == [["a", "b"], *table]
