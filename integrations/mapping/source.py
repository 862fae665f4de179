"""What the freight side hands over: one frozen value, without a trace of its models or of Xero."""

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints


class DocumentKind(StrEnum):
    QUOTE = "quote"
    SALES_INVOICE = "sales invoice"
    SALES_CREDIT_NOTE = "sales credit note"
    BILL = "bill"
    BILL_CREDIT_NOTE = "bill credit note"

    @property
    def is_purchase(self) -> bool:
        return self in {DocumentKind.BILL, DocumentKind.BILL_CREDIT_NOTE}

    @property
    def is_credit_note(self) -> bool:
        return self in {DocumentKind.SALES_CREDIT_NOTE, DocumentKind.BILL_CREDIT_NOTE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """The billed customer, or the supplier of a bill."""

    code: str
    name: str
    email: str = ""
    tax_number: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportableLine:
    """Amounts in the document's currency; `tax_rate` and `discount_percent` in per cent."""

    description: str
    charge_code: str
    quantity: Decimal
    unit_price: Decimal
    discount_percent: Decimal
    tax_code: str
    tax_rate: Decimal
    net_amount: Decimal
    tax_amount: Decimal
    shipment_number: str = ""
    cost_centre: str = ""
    # What tracking is chosen by: ("branch", "SYD"), ("mode", "sea") …
    dimensions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportableDocument:
    """
    A money document, approved and numbered, with all that any accounting system may need of it.

    `source_id` names it for ever in the system it comes from. `exchange_rate`: units of `currency` for one
    unit of `base_currency`. `customer_references`: those that `customer_reference` is put together from.
    """

    kind: DocumentKind
    source_id: str
    export_version: int
    number: str
    party: Party
    issue_date: date
    due_date: date
    currency: str
    base_currency: str
    exchange_rate: Decimal
    customer_reference: str
    all_references: tuple[str, ...]
    shipment_numbers: tuple[str, ...]
    lines: tuple[ExportableLine, ...]
    net_total: Decimal
    tax_total: Decimal
    customer_references: tuple[str, ...] = ()

    @property
    def total(self) -> Decimal:
        return self.net_total + self.tax_total

    @property
    def charge_codes(self) -> set[str]:
        return {line.charge_code for line in self.lines}


Value = TypeVar("Value")


def to_json(value: Any) -> Any:
    """The value as JSON keeps it: decimals and dates as text, so that nothing is rounded on the way."""
    return _writer(cast("Any", type(value)))(value)


@cache
def _writer(kind: Any) -> Callable[[Any], Any]:
    """Made once for each type, like `_reader`."""
    if is_dataclass(kind):
        names = [field.name for field in fields(kind)]
        return lambda value: {name: to_json(getattr(value, name)) for name in names}
    if issubclass(kind, list | tuple):
        return lambda value: [to_json(inner) for inner in value]
    if issubclass(kind, Decimal):
        return lambda value: f"{value:f}"
    return (lambda value: value.isoformat()) if issubclass(kind, date) else lambda value: value


def from_json(kind: type[Value], data: Any) -> Value:
    """The inverse of `to_json`, by the types of the fields."""
    read: Callable[[Any], Value] = _reader(cast("Any", kind))
    return read(data)


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """Made once for each type: to look at the types of each of a batch's thousands of fields took longer than all."""
    if get_origin(kind) is tuple:
        read = _reader(get_args(kind)[0])
        return lambda data: tuple(map(read, data))
    if get_origin(kind) is UnionType:
        read = _reader(get_args(kind)[0])
        return lambda data: None if data is None else read(data)
    make: Callable[..., Any] = kind
    if is_dataclass(kind):
        readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
        return lambda data: make(**{name: readers[name](inner) for name, inner in data.items()})
    return date.fromisoformat if kind is date else kind
