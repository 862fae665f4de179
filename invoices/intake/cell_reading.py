"""What came of a cell: a value, or none, and what the person should be told of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

Value = str | Decimal | date | tuple[str, ...]


@dataclass(frozen=True)
class Pointer:
    """“See DN-304 (ID#:10589)”: the amount stands on that row. `row_key` may be empty."""

    shipment_number: str
    row_key: str


class Reading(NamedTuple):
    """Without a note there is nothing to say. `is_error`: there was a value, and it cannot be used."""

    value: Value | None = None
    note: str = ""
    is_error: bool = False
    pointer: Pointer | None = None


ABSENT = Reading()


def left_out(note: str) -> Reading:
    return Reading(note=note)


def refused(note: str) -> Reading:
    return Reading(note=note, is_error=True)
