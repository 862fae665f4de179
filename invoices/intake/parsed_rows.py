"""
What a file says, row by row, before anybody looks at what is known already.

What there is one of for each row or charge is a named tuple: of all that never changes they are made the fastest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from invoices.intake.cell_reading import Pointer, Value

# Remarks show the beginning of long cells.
LONGEST_SHOWN = 200
NOTHING: Mapping[str, Value] = MappingProxyType({})


class Remark(NamedTuple):
    """
    What a person is told of a cell, or of the row where `column` is empty.

    `is_error`: a value was refused. `is_warning`: nothing is wrong with the value, but somebody should look.
    """

    column: str
    value: str
    text: str
    is_error: bool = False
    is_warning: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "column": self.column,
            "value": self.value[:LONGEST_SHOWN],
            "text": self.text,
            "is_error": self.is_error,
            "is_warning": self.is_warning,
        }


@dataclass(frozen=True, kw_only=True)
class PointedAmount:
    """An amount that stands on another row. `is_charge`: money; otherwise a weight or a value."""

    column: str
    value: str
    pointer: Pointer
    is_charge: bool


class ParsedCharge(NamedTuple):
    """
    Both by the names of `CHARGE_FIELDS`: what the file says, and in which column. What it does not say is absent.

    `key`: what tells it from the other charges of its row, where its code may become another one of ours.
    """

    values: Mapping[str, Value]
    columns: Mapping[str, str]
    key: str = ""


class ParsedRow(NamedTuple):
    """
    `fields` by the names of `SHIPMENT_FIELDS`, with what could be read.

    `columns`: field → the column it came from. `refusal`: the row cannot be taken at all, and why.
    """

    number: int
    fields: Mapping[str, Value] = NOTHING
    charges: tuple[ParsedCharge, ...] = ()
    pointed: tuple[PointedAmount, ...] = ()
    remarks: tuple[Remark, ...] = ()
    refusal: Remark | None = None

    @property
    def shipment_number(self) -> str:
        return str(self.fields.get("number", ""))
