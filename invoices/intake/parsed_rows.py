"""What a file says, row by row, before anybody looks at what is known already."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from invoices.intake.cell_reading import Pointer, Value

# Remarks show the beginning of long cells.
LONGEST_SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class Remark:
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


@dataclass(frozen=True, kw_only=True)
class ParsedCharge:
    """
    Both by the names of `CHARGE_FIELDS`: what the file says, and in which column. What it does not say is absent.

    `key`: what tells it from the other charges of its row, where its code may become another one of ours.
    """

    values: Mapping[str, Value]
    columns: Mapping[str, str]
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class ParsedRow:
    """
    `fields` by the names of `SHIPMENT_FIELDS`, with what could be read.

    `columns`: field → the column it came from. `refusal`: the row cannot be taken at all, and why.
    """

    number: int
    fields: Mapping[str, Value] = field(default_factory=dict)
    charges: tuple[ParsedCharge, ...] = ()
    pointed: tuple[PointedAmount, ...] = ()
    remarks: tuple[Remark, ...] = ()
    refusal: Remark | None = None

    @property
    def shipment_number(self) -> str:
        return str(self.fields.get("number", ""))
