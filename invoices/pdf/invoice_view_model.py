"""What stands on an invoice's PDF, as text ready to print. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal

LOCALE = "en_GB"
TITLES = {
    "quote": "Quote",
    "sales invoice": "Tax invoice",
    "sales credit note": "Credit note",
    "bill": "Bill",
    "bill credit note": "Supplier credit note",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedParty:
    name: str
    lines: tuple[str, ...]
    tax_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedShipment:
    number: str
    route: str
    details: str
    references: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLine:
    description: str
    shipment: str
    quantity: str
    unit_price: str
    discount: str
    tax: str
    net: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTax:
    name: str
    net: str
    tax: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceView:
    """`facts` are label and value, in the order in which they are printed."""

    title: str
    number: str
    seller: PrintedParty
    seller_contact: str
    customer: PrintedParty
    facts: tuple[tuple[str, str], ...]
    shipments: tuple[PrintedShipment, ...]
    lines: tuple[PrintedLine, ...]
    has_discounts: bool
    taxes: tuple[PrintedTax, ...]
    currency: str
    net_total: str
    tax_total: str
    total: str
    bank_details: tuple[str, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaxShare:
    """One line's part in the tax summary."""

    name: str
    net: Decimal
    tax: Decimal


def money(amount: Decimal) -> str:
    return str(format_decimal(amount, format="#,##0.00", locale=LOCALE))


def number(value: Decimal) -> str:
    """Up to four decimals, none that say nothing."""
    return str(format_decimal(value, format="#,##0.####", locale=LOCALE))


def price(value: Decimal) -> str:
    """At least two decimals, up to four."""
    return str(format_decimal(value, format="#,##0.00##", locale=LOCALE))


def day(value: date | None) -> str:
    return str(format_date(value, format="d MMM yyyy", locale=LOCALE)) if value else ""


def tax_summary(shares: Sequence[TaxShare]) -> tuple[PrintedTax, ...]:
    """One row for each tax, in the order in which they first occur."""
    nets: dict[str, Decimal] = defaultdict(Decimal)
    taxes: dict[str, Decimal] = defaultdict(Decimal)
    for share in shares:
        nets[share.name] += share.net
        taxes[share.name] += share.tax
    return tuple(PrintedTax(name=name, net=money(nets[name]), tax=money(taxes[name])) for name in nets)
