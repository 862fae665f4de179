"""Reads delimited text: any line end, any usual delimiter, quoted cells that go over several lines."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from invoices.intake.source_table import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, UnreadableFileError

DELIMITERS = (",", ";", "\t", "|")
SNIFFED_CHARACTERS = 64 * 1024
SNIFFED_ROWS = 20
# No honest row of 200 columns comes near.
LONGEST_LINE = 1_000_000
# With room for cells of several lines.
MOST_LINES = 500_000
# Excel's own way of naming the delimiter, in a line before the header.
NAMED = "sep="
# With its end. `io.StringIO` would cut them as well, and take four bytes for each character of the file.
LINE = re.compile(r"[^\r\n]*+(?:\r\n?|\n)|[^\r\n]++")
# Stands alone in its row unless the row before it swallowed it, which an open quotation mark does.
END = "\ue000end"


def read_csv(text: str) -> Iterator[tuple[int, list[str]]]:
    """
    Each row with its number, empty ones too, as the file has them.

    Raises UnreadableFileError where a cell is too long or a quotation mark is never closed.
    """
    first, _, rest = text[:SNIFFED_CHARACTERS].lstrip("\ufeff").partition("\n")
    named = first.strip().removeprefix(NAMED)
    if first.startswith(NAMED) and named in DELIMITERS and rest:
        return islice(_rows(text, delimiter=named), 1, None)
    return _rows(text, delimiter=sniff_delimiter(text))


def sniff_delimiter(text: str) -> str:
    """The one that cuts the first rows into the most cells, the same number in each; a comma where none does."""
    sample = text[:SNIFFED_CHARACTERS]
    return max(DELIMITERS, key=lambda delimiter: _regularity(sample, delimiter))


def _regularity(sample: str, delimiter: str) -> tuple[int, int]:
    """How many of the first rows have the width that most have, and that width; (0, 0): it cuts nothing."""
    rows = list(islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), SNIFFED_ROWS))
    is_cut_off = len(sample) == SNIFFED_CHARACTERS and 1 < len(rows) < SNIFFED_ROWS
    widths = Counter(len(row) for row in (rows[:-1] if is_cut_off else rows) if len(row) > 1)
    if not widths:
        return 0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return count, width


def _rows(text: str, *, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    lines = chain(_bounded((line.group() for line in LINE.finditer(text)), delimiter), [END])
    number = 0
    try:
        for number, row in enumerate(csv.reader(lines, delimiter=delimiter), start=1):
            if row and row[-1].endswith(END):
                _check_end(row, number)
                return
            _check_cells(row, number)
            yield number, row
    except csv.Error as error:
        raise _too_long(number + 1) from error


def _bounded(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    """A line of 20 MB is counted, not cut into millions of cells; millions of empty lines are not read."""
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_LINE:
            raise _too_wide(number, line.count(delimiter) + 1)
        if number > MOST_LINES:
            raise UnreadableFileError(
                f"The file has more than {MOST_LINES:,} lines. Split it into several of up to {MOST_ROWS:,} rows, "
                "each with the header."
            )
        yield line


def _too_wide(number: int, count: int) -> UnreadableFileError:
    if count <= MOST_COLUMNS:
        return _too_long(number)
    return UnreadableFileError(
        f"Row {number} has {count:,} columns; up to {MOST_COLUMNS} can be read. "
        "Delete the columns that say nothing about shipments, and upload it again."
    )


def _check_end(row: list[str], number: int) -> None:
    if row != [END]:
        raise UnreadableFileError(
            f"A quotation mark in row {number} is never closed, so the rest of the file runs into one cell. "
            "Close it, or export the file again."
        )


def _check_cells(row: list[str], number: int) -> None:
    if len(row) > MOST_COLUMNS and any(row[MOST_COLUMNS:]):
        raise _too_wide(number, len(row))
    if max(map(len, row), default=0) > LONGEST_CELL:
        raise _too_long(number)


def _too_long(number: int) -> UnreadableFileError:
    return UnreadableFileError(
        f"A cell in row {number} holds more than {LONGEST_CELL:,} characters. Is a quotation mark not closed? "
        "Close it, or shorten the cell, and upload the file again."
    )
