"""The rows that have remarks as a file: to be read, mended and uploaded again just so."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from freightbridge.stored_files.read_content import read_content
from invoices.intake.column_match import DecimalMark
from invoices.intake.read_table import REPORT_COLUMNS, open_table
from invoices.intake.source_table import Cell, cell_text
from invoices.intake.spreadsheet_text import safe_for_spreadsheet
from invoices.models import Upload, UploadRow
from invoices.models.upload import UploadForm
from invoices.workflows.summarise_upload import HAS_ERROR

MESSAGE_COLUMNS = ["Row", "Shipment", "Outcome", "Where", "Kind", "Remark"]


def rows_report(upload: Upload, *, errors_only: bool = False) -> bytes:
    """
    CSV in UTF-8 with its mark: the file's own columns, then what became of the row and why.

    No cell runs as a formula. In the tenant's scope; the stored file is read again, unless it holds messages.
    """
    rows = upload.rows.filter(HAS_ERROR) if errors_only else upload.rows.exclude(remarks=[])
    if upload.form == UploadForm.MESSAGES:
        return _messages_report(rows.order_by("row_number"))
    told = {row.row_number: row for row in rows}
    table = open_table(read_content(upload.file_id), sheet=upload.sheet)
    mark = DecimalMark(upload.rules.get("decimal_mark", DecimalMark.POINT))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_safe([*table.header, *REPORT_COLUMNS]))
    for row in table.rows:
        if row.number in told:
            cells = [_written(cell, mark) for cell in row.cells]
            cells += [""] * (len(table.header) - len(cells))
            found = told[row.number]
            writer.writerow(_safe([*cells, str(row.number), found.outcome, _words(found.remarks)]))
    return text.getvalue().encode("utf-8-sig")


def _messages_report(rows: Iterable[UploadRow]) -> bytes:
    """One line for each remark, so that they can be sorted and filtered."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(MESSAGE_COLUMNS)
    for row in rows:
        for remark in row.remarks:
            weight = "error" if remark["is_error"] else "warning" if remark["is_warning"] else "note"
            cells = [str(row.row_number), row.shipment_number, row.outcome, remark["column"], weight, remark["text"]]
            writer.writerow(_safe(cells))
    return text.getvalue().encode("utf-8-sig")


def _safe(cells: Iterable[str]) -> list[str]:
    return [safe_for_spreadsheet(cell) for cell in cells]


def _written(cell: Cell, mark: DecimalMark) -> str:
    text = cell_text(cell)
    return text.replace(".", ",") if isinstance(cell, Decimal) and mark is DecimalMark.COMMA else text


def _words(remarks: list[dict[str, Any]]) -> str:
    return " | ".join(": ".join(filter(None, [remark["column"], remark["text"]])) for remark in remarks)
