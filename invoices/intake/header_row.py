"""Finds the row that names the columns, and gives every column a name of its own."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from invoices.intake.source_table import MOST_COLUMNS, Cell, TableRow, UnreadableFileError, cell_text

LOOKED_AT = 20
LONGEST_NAME = 200
# Names are words. One cell in ten may be a year or a number.
FEWEST_WORDS = 0.9
NUMBER_OR_DATE = re.compile(r"[\s\d.,:/'’+\-()%]*\d[\s\d.,:/'’+\-()%]*|\d{1,2}[-\s][A-Za-z]{3}[-\s]\d{2,4}")
NO_HEADER = (
    "No row of the file names its columns. Put a row above the data that says what each column holds, "
    "such as the one of our template."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundHeader:
    """`position` among the rows; `names`: each once."""

    position: int
    names: tuple[str, ...]
    notes: tuple[str, ...]


def find_header(rows: Sequence[TableRow]) -> FoundHeader:
    """`rows`: the first ones that are not empty. Raises UnreadableFileError."""
    if not rows:
        raise UnreadableFileError("The file holds nothing but empty rows. Export it again.")
    widest = max(_filled(row) for row in rows)
    position = next((at for at, row in enumerate(rows) if 2 * _filled(row) >= widest and _are_names(row)), None)
    if position is None:
        raise UnreadableFileError(NO_HEADER)
    width = len(rows[position].cells)
    if width > MOST_COLUMNS:
        raise UnreadableFileError(
            f"The file has {width:,} columns; up to {MOST_COLUMNS} can be read. "
            "Delete the columns that say nothing about shipments, and upload it again."
        )
    names, notes = distinct_names([_name(cell) for cell in rows[position].cells])
    if position:
        notes.insert(0, f"The columns are named in row {rows[position].number}; what stands above it was left out.")
    return FoundHeader(position=position, names=names, notes=tuple(notes))


def distinct_names(names: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Empty names and doubled ones are made distinct, which a note explains."""
    distinct: dict[str, None] = {}
    notes = []
    for position, name in enumerate(names, start=1):
        own = _unused(name or f"Column {position}", distinct)
        if name and own != name:
            notes.append(f"Several columns are called “{name}”; number {position} is shown as “{own}”.")
        distinct[own] = None
    return tuple(distinct), notes


def header_fingerprint(names: Sequence[str]) -> str:
    """SHA-256 over the names in any order: columns are matched by name, wherever they stand."""
    return hashlib.sha256("\n".join(sorted(folded(name) for name in names)).encode()).hexdigest()


@lru_cache(maxsize=2048)
def folded(name: str) -> str:
    """Two names that differ in this are two names."""
    return " ".join(name.casefold().split())


def _filled(row: TableRow) -> int:
    return sum(cell != "" for cell in row.cells)


def _are_names(row: TableRow) -> bool:
    words = sum(isinstance(cell, str) and NUMBER_OR_DATE.fullmatch(cell) is None for cell in row.cells if cell != "")
    return words >= FEWEST_WORDS * _filled(row)


def _name(cell: Cell) -> str:
    return " ".join(cell_text(cell).split())[:LONGEST_NAME]


def _unused(name: str, taken: dict[str, None]) -> str:
    """Names that differ in case only are one name to the column match."""
    used = {folded(other) for other in taken}
    if folded(name) not in used:
        return name
    return next(candidate for n in range(2, len(taken) + 3) if folded(candidate := f"{name} ({n})") not in used)
