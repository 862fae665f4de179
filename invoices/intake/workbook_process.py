"""Runs `workbook_reader.py` as a process of its own, without secrets, with little to spend."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from invoices.intake.source_table import MOST_ROWS, Cell, UnreadableFileError
from invoices.intake.zip_guard import DAMAGED, SAVE_AGAIN, TOO_LARGE

READER = Path(__file__).with_name("workbook_reader.py")
WALL_SECONDS = 60
ENDINGS = {
    "damaged": DAMAGED,
    "empty": "No sheet of the workbook holds anything. Choose the file with the shipments.",
    "no sheets": "The workbook has no sheet with cells. Choose the file with the shipments.",
    "password": f"The workbook has a password. Take the password off. {SAVE_AGAIN}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetContent:
    """`merged`: column (from 0), first and last row of each range of merged cells that goes over several rows."""

    sheets: tuple[str, ...]
    sheet: str
    merged: tuple[tuple[int, int, int], ...]
    rows: list[tuple[int, list[Cell]]]


def read_workbook(content: bytes, *, sheet: str = "", wall_seconds: float = WALL_SECONDS) -> SheetContent:
    """
    `sheet` empty: the first one with data. The file must have passed `check_file`. Of a sheet with more rows than
    are allowed, one too many comes back.

    Raises UnreadableFileError, also where reading takes more time or memory than it gets.
    """
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as answer:
        source.write(content)
        source.seek(0)
        command = [sys.executable, "-I", "-X", "utf8", str(READER), sheet, str(MOST_ROWS + 1)]
        try:
            ended = subprocess.run(  # noqa: S603 our own program; the sheet's name is an argument, no shell reads it
                command,
                stdin=source,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={},
                timeout=wall_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise UnreadableFileError(TOO_LARGE) from error
        answer.seek(0)
        return _sheet_content(_documents(answer.read().splitlines()), is_whole=ended.returncode == 0)


def _documents(lines: list[bytes]) -> Iterator[Any]:
    """Numbers never pass through binary fractions."""
    return (json.loads(line, parse_float=Decimal, parse_int=Decimal) for line in lines)


def _sheet_content(documents: Iterator[Any], *, is_whole: bool) -> SheetContent:
    if not is_whole:
        raise UnreadableFileError(TOO_LARGE)
    first = next(documents)
    if "end" in first:
        raise UnreadableFileError(ENDINGS[first["end"]])
    rows = [(int(row[0]), [_cell(cell) for cell in row[1:]]) for row in documents if isinstance(row, list)]
    return SheetContent(
        sheets=tuple(first["sheets"]),
        sheet=first["sheet"],
        merged=tuple((int(column), int(top), int(bottom)) for column, top, bottom in first["merged"]),
        rows=rows,
    )


def _cell(value: Any) -> Cell:
    return date.fromisoformat(value["date"]) if isinstance(value, dict) else value
