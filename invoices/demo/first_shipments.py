"""The first so many shipments of a file, with all of their rows, as a file of the same columns."""

import csv
import io

from invoices.intake.propose_match import propose_match
from invoices.intake.read_table import read_table
from invoices.intake.source_table import TableRow, UnreadableFileError, cell_text

LOOKED_AT = 100


def first_shipments(content: bytes, count: int) -> bytes:
    """
    Rows of one shipment may stand far apart, so the file is cut by shipments and not by rows.

    Raises UnreadableFileError where no column is known to hold the shipment's number.
    """
    table = read_table(content)
    rules = propose_match(table.header, table.rows[:LOOKED_AT]).rules
    columns = rules.fields["number"].columns if "number" in rules.fields else ()
    if len(columns) != 1:
        raise UnreadableFileError("No column of this file is known to hold the number of the shipment.")
    position = table.header.index(columns[0])
    numbers = dict.fromkeys(_cell(row, position) for row in table.rows)
    wanted = set(list(numbers)[:count])
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(table.header)
    writer.writerows([cell_text(cell) for cell in row.cells] for row in table.rows if _cell(row, position) in wanted)
    return text.getvalue().encode()


def _cell(row: TableRow, position: int) -> str:
    return cell_text(row.cells[position]) if position < len(row.cells) else ""
