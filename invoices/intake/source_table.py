"""A file as a table, whatever it was before: a header, and rows of cells with the numbers a person sees."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

# A cell as the file has it, an empty one as "".
Cell = str | Decimal | date

LARGEST_FILE = 20 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 200
LONGEST_CELL = 4_000


class UnreadableFileError(Exception):
    """The file cannot be taken. The message is a sentence or two for the person who chose it: why, and what to do."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """`number` as a spreadsheet counts: the first line of the file is 1. `cells` may be shorter than the header."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTable:
    """
    `header`: every name once. `rows`: one after the other, once; what is wrong with one is raised where it stands.
    `notes`: what a person should know about how it was read. `sheets`: the names of a workbook's sheets, `sheet` the
    one that was read; both empty for other files.
    """

    header: tuple[str, ...]
    rows: Iterator[TableRow]
    notes: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    sheet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """As `OpenTable`. `rows`: the first ones, of `row_count` in the file."""

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    row_count: int
    notes: tuple[str, ...]
    sheets: tuple[str, ...]
    sheet: str


def cell_text(cell: Cell) -> str:
    """As a person would type it."""
    if isinstance(cell, str):
        return cell
    return f"{cell.normalize():f}" if isinstance(cell, Decimal) else cell.isoformat()
