"""What a message of a carrier or another freight system says, in our words: plain values, no format left in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from invoices.intake.cell_reading import Value

COST = "cost"
SELL = "sell"


class ReferenceKind(StrEnum):
    """By how surely it names one shipment, surest first. The value is what a person reads."""

    SHIPMENT = "shipment number"
    BOOKING = "booking"
    BL = "B/L"
    AWB = "AWB"
    PRO = "PRO number"
    CONTAINER = "container"
    ORDER = "order"
    OTHER = "reference"


@dataclass(frozen=True, slots=True)
class Reference:
    kind: ReferenceKind
    value: str

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Either may be empty. `tax_number`: as the message writes it."""

    code: str = ""
    name: str = ""
    tax_number: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.code})" if self.name and self.code else self.name or self.code or "nobody named"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """`place`: where in the message, empty for all of it. `segments`: which ones it speaks of."""

    text: str
    place: str = ""
    is_error: bool = False
    is_warning: bool = False
    segments: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCharge:
    """
    `amounts`: before tax, by currency; the same charge in each of them. Its first currency is that of `tax_amount`.
    Where the message names no currency, that is "". `code`: the sender's own. `tax_rate` in per cent.

    Without `references` of its own it belongs to what the message names. `tax_code`: the sender's own.
    """

    place: str
    code: str
    description: str
    amounts: Mapping[str, Decimal]
    side: str = COST
    tax_rate: Decimal | None = None
    tax_amount: Decimal | None = None
    tax_code: str = ""
    references: tuple[Reference, ...] = ()
    supplier: Party = field(default_factory=Party)
    supplier_number: str = ""
    reference: str = ""

    @property
    def amount(self) -> Decimal:
        """In its first currency."""
        return next(iter(self.amounts.values()))


class TotalKind(StrEnum):
    LINES = "lines"
    NET = "before tax"
    TAX = "tax"
    GROSS = "in all"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedTotal:
    """What the message itself says that its charges come to. `place` names it, as “MOA 77, segment 14”."""

    kind: TotalKind
    place: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FreightMessage:
    """
    `form` says what it is; `key` is the same when it comes again. `code_owner`: whose charge codes these are.

    `is_whole`: a bill, which comes in whole or not at all. `fields`: of the shipment that the message describes, by
    the names of `SHIPMENT_FIELDS`; empty where it only names shipments. `refusal`: why nothing of it can be taken.
    `segments`: its first and last one; of XML its first line, twice.
    """

    number: int
    form: str
    key: str
    title: str
    segments: tuple[int, int]
    code_owner: str = ""
    document_number: str = ""
    document_date: date | None = None
    currency: str = ""
    references: tuple[Reference, ...] = ()
    charges: tuple[MessageCharge, ...] = ()
    totals: tuple[StatedTotal, ...] = ()
    notes: tuple[Note, ...] = ()
    fields: Mapping[str, Value] = field(default_factory=dict)
    is_whole: bool = True
    refusal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFile:
    """`form`: of the file, in a few words. `notes`: what concerns no message alone."""

    form: str
    messages: tuple[FreightMessage, ...]
    notes: tuple[Note, ...] = ()


class MessageError(Exception):
    """A message cannot be taken. The text says why, to the person who reads the report."""
