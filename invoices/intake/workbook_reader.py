"""
Reads a workbook's cells: a program of its own, run by `workbook_process.py`, and the only one that knows calamine.

It reads the workbook from standard input and writes one JSON document per line: first the sheets, then each row
that is not empty, at last how it ended. An exploding workbook ends this process and no other.
"""

import datetime as dt
import io
import json
import math
import resource
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import python_calamine as calamine

# No Excel writes a cell beyond; to look for one would take minutes.
MOST_ROWS_OF_EXCEL, MOST_COLUMNS_OF_EXCEL = 1_048_576, 16_384
LARGEST_MEMORY = 1024**3
CPU_SECONDS = 30
LARGEST_ANSWER = 64 * 1024**2
# What is open already: input, answer, complaints. Nothing more can be opened, no file and no connection.
OPEN_FILES = 3


def main() -> None:
    content = sys.stdin.buffer.read()
    limit_this_process()
    answer(content, sheet=sys.argv[1], most_rows=int(sys.argv[2]))


def limit_this_process() -> None:
    """macOS does not know every limit; the wall clock of the parent holds there too."""
    limits = {
        resource.RLIMIT_AS: LARGEST_MEMORY,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: LARGEST_ANSWER,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: OPEN_FILES,
    }
    for limit, value in limits.items():
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))


def answer(content: bytes, *, sheet: str, most_rows: int) -> None:
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            write_sheet(workbook, wanted=sheet, most_rows=most_rows)
    except calamine.PasswordError:
        say({"end": "password"})
    except (calamine.CalamineError, ValueError, OSError):
        say({"end": "damaged"})


def write_sheet(workbook: Any, *, wanted: str, most_rows: int) -> None:
    """`wanted` empty: the first sheet with data. One row more than allowed is written, and no further."""
    names = sheet_names(workbook)
    chosen = next(((name, sheet) for name, sheet in sheets(workbook, names, wanted) if sheet.height), None)
    if chosen is None:
        say({"end": "empty" if names else "no sheets"})
        return
    name, sheet = chosen
    if sheet.end[0] >= MOST_ROWS_OF_EXCEL or sheet.end[1] >= MOST_COLUMNS_OF_EXCEL:
        say({"end": "damaged"})
        return
    say({"sheets": names, "sheet": name, "merged": merged_ranges(sheet)})
    for count, row in enumerate(filled_rows(sheet)):
        if count > most_rows:
            break
        say(row)
    say({"end": "whole"})


def sheet_names(workbook: Any) -> list[str]:
    """Those that a person sees; all of them where every one is hidden."""
    tables = [sheet for sheet in workbook.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
    visible = [sheet.name for sheet in tables if sheet.visible == calamine.SheetVisibleEnum.Visible]
    return visible or [sheet.name for sheet in tables]


def sheets(workbook: Any, names: list[str], wanted: str) -> Iterator[tuple[str, Any]]:
    for name in [wanted] if wanted in names else names:
        yield name, workbook.get_sheet_by_name(name)


def merged_ranges(sheet: Any) -> list[tuple[int, int, int]]:
    """Column, first and last row of each range that goes over several rows."""
    ranges = sheet.merged_cell_ranges or []
    return [(left, top + 1, bottom + 1) for (top, left), (bottom, _) in ranges if bottom > top]


def filled_rows(sheet: Any) -> Iterator[list[Any]]:
    """
    The row's number as Excel counts it, then the cells from column A on, without the empty ones at the end.

    calamine leaves out the empty columns before the first cell, but not the empty rows.
    """
    left = sheet.start[1]
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if row.count("") < len(row):
            while row[-1] == "":
                row.pop()
            yield [number, *[""] * left, *(encoded(cell) for cell in row)]


def encoded(cell: Any) -> Any:
    """Text and numbers as JSON has them, dates named as such. Excel itself keeps 15 digits of a number."""
    if isinstance(cell, str):
        return cell.replace("\0", "").strip()
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float) and math.isfinite(cell):
        return float(f"{cell:.15g}")
    if isinstance(cell, dt.datetime):
        return {"date": cell.date().isoformat()}
    if isinstance(cell, dt.date):
        return {"date": cell.isoformat()}
    return str(cell)


def say(value: Any) -> None:
    sys.stdout.write(json.dumps(value) + "\n")


if __name__ == "__main__":
    main()
