"""Reads any file that was uploaded into a table, or says in a sentence why it cannot be."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from invoices.intake.csv_reader import read_csv
from invoices.intake.file_guards import FileKind, check_file
from invoices.intake.header_row import LOOKED_AT, find_header
from invoices.intake.source_table import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    OpenTable,
    Table,
    TableRow,
    UnreadableFileError,
)
from invoices.intake.spreadsheet_text import without_our_apostrophe
from invoices.intake.text_decoding import decode_text
from invoices.intake.workbook_process import SheetContent, read_workbook

MOST_MERGED = 1_000_000
# Texts, however long the file.
MOST_KNOWN = 10_000
TOO_MANY_ROWS = (
    f"The file has more than {MOST_ROWS:,} rows. Split it into several, each with the header, and upload them."
)
NO_ROWS = "Below its header the file has no rows. Export it again with the shipments in it."
# Columns of our own report, which a person mends and uploads again: they are no data.
REPORT_COLUMNS = ("FreightBridge row", "FreightBridge outcome", "FreightBridge remarks")


def read_table(content: bytes, *, sheet: str = "", keep: int = MOST_ROWS) -> Table:
    """`keep`: how many rows are wanted; all are read and counted, for what is wrong with them. Else as `open_table`."""
    opened = open_table(content, sheet=sheet)
    rows = tuple(islice(opened.rows, keep))
    return Table(
        header=opened.header,
        rows=rows,
        row_count=len(rows) + sum(1 for _ in opened.rows),
        notes=opened.notes,
        sheets=opened.sheets,
        sheet=opened.sheet,
    )


def open_table(content: bytes, *, sheet: str = "") -> OpenTable:
    """`sheet`: of a workbook; empty for the first one with data. Raises UnreadableFileError, as its rows do."""
    checked = check_file(content)
    if checked.kind is FileKind.MESSAGES:
        raise UnreadableFileError("The file holds messages (EDI or XML), and no table.")
    if checked.kind is FileKind.WORKBOOK:
        found = read_workbook(content, sheet=sheet)
        table = _opened(_sheet_rows(found), notes=(*checked.notes, *_sheet_notes(found)))
        return replace(table, sheets=found.sheets, sheet=found.sheet)
    decoded = decode_text(content)
    return _opened(_text_rows(read_csv(decoded.text)), notes=decoded.notes)


def _opened(rows: Iterator[TableRow], *, notes: tuple[str, ...]) -> OpenTable:
    first = list(islice(rows, LOOKED_AT))
    header = find_header(first)
    own = [position for position, name in enumerate(header.names) if name not in REPORT_COLUMNS]
    below = _counted(chain(first[header.position + 1 :], rows))
    if len(own) < len(header.names):
        below = (_without_report(row, own, width=len(header.names)) for row in below)
    names = tuple(header.names[position] for position in own)
    return OpenTable(header=names, rows=below, notes=(*notes, *header.notes))


def _counted(rows: Iterable[TableRow]) -> Iterator[TableRow]:
    count = 0
    for count, row in enumerate(rows, start=1):
        if count > MOST_ROWS:
            raise UnreadableFileError(TOO_MANY_ROWS)
        yield row
    if not count:
        raise UnreadableFileError(NO_ROWS)


class _CleanTexts(dict[str, str]):
    """By the text of a cell. The same text is cleaned once, however many cells say it."""

    def __missing__(self, cell: str) -> str:
        clean = without_our_apostrophe(cell).strip()
        self[cell] = clean = self.setdefault(clean, clean)
        return clean


def _text_rows(rows: Iterable[tuple[int, list[str]]]) -> Iterator[TableRow]:
    known = _CleanTexts()
    for number, row in rows:
        if len(known) > MOST_KNOWN:
            known.clear()
        cells = tuple(map(known.__getitem__, row))
        if any(cells):
            yield TableRow(number, _trimmed(cells))


def _sheet_rows(sheet: SheetContent) -> Iterator[TableRow]:
    rows = dict(sheet.rows)
    _repeat_merged(rows, sheet.merged)
    for number, cells in rows.items():
        yield TableRow(number, tuple(_clean(cell, number) for cell in cells))


def _repeat_merged(rows: dict[int, list[Cell]], ranges: Sequence[tuple[int, int, int]]) -> None:
    """A value merged over several rows is meant for each of them."""
    if sum(bottom - top for _, top, bottom in ranges) > MOST_MERGED:
        raise UnreadableFileError("The sheet has too many merged cells. Unmerge them and upload the workbook again.")
    for column, top, bottom in ranges:
        value = rows[top][column] if column < min(len(rows.get(top, ())), MOST_COLUMNS) else ""
        for number in range(top + 1, bottom + 1) if value != "" else ():
            cells = rows.get(number, [])
            if cells:
                cells.extend([""] * (column + 1 - len(cells)))
                cells[column] = value


def _sheet_notes(sheet: SheetContent) -> list[str]:
    others = [f"“{name}”" for name in sheet.sheets if name != sheet.sheet]
    notes = [f"The sheet “{sheet.sheet}” was read. Not read: {', '.join(others)}."] if others else []
    if sheet.merged:
        notes.append("Cells that are merged over several rows count for each of these rows.")
    return notes


def _clean(cell: Cell, number: int) -> Cell:
    if not isinstance(cell, str):
        return cell
    if len(cell) > LONGEST_CELL:
        raise UnreadableFileError(
            f"A cell in row {number} holds more than {LONGEST_CELL:,} characters. Shorten it and upload the file again."
        )
    return without_our_apostrophe(cell)


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _without_report(row: TableRow, kept: Sequence[int], *, width: int) -> TableRow:
    """What stands to the right of the header stays there, to be told about."""
    cells = [row.cells[position] if position < len(row.cells) else "" for position in kept]
    return TableRow(row.number, (*cells, *row.cells[width:]))
