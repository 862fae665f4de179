"""The lines of an invoice that is too long for one table, cut into parts that can be rendered one by one. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from invoices.pdf.invoice_view_model import PrintedCharges, PrintedLine

# A thousand lines take WeasyPrint about ten seconds and three hundred megabytes, and both grow with the lines.
LINES_IN_PART = 1000


def parts_of_lines(charges: Sequence[PrintedCharges]) -> list[tuple[PrintedCharges, ...]]:
    """In their order; a shipment whose lines begin in one part and end in the next heads both."""
    lines = [(index, line) for index, own in enumerate(charges) for line in own.lines]
    cuts = range(0, len(lines), LINES_IN_PART)
    return [tuple(_headed(lines[cut : cut + LINES_IN_PART], charges)) for cut in cuts]


def _headed(lines: Sequence[tuple[int, PrintedLine]], charges: Sequence[PrintedCharges]) -> Iterator[PrintedCharges]:
    for index, own in groupby(lines, key=lambda line: line[0]):
        yield replace(charges[index], lines=tuple(line for _, line in own))
