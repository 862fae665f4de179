"""What stands on an invoice's PDF, as text ready to print. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal, get_currency_precision

LOCALE = "en_GB"
STORED_PLACES = 2
# Every invoice is read twice, and its lines share rates, prices and quantities: texts that are kept.
REMEMBERED = 4096
# Characters of terms that fit beside the bank details.
MOST_SHORT_TERMS = 700


class Paper(StrEnum):
    A4 = "A4"
    LETTER = "letter"


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
    quantity: str
    unit_price: str
    discount: str
    tax: str
    net: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCharges:
    """The lines of a shipment, under its heading where there are several; `net` is empty where one line says it."""

    shipment: PrintedShipment | None
    lines: tuple[PrintedLine, ...]
    net: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTax:
    name: str
    rate: str
    net: str
    tax: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTotals:
    """`due_words` names the last of them: what is to be paid, or given back. `base_tax`: label and value, or none."""

    net: str
    tax: str
    total: str
    due_words: str
    in_words: str
    base_tax: tuple[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceView:
    """
    `facts` are label and value, in the order in which they are printed. `logo` is the picture as a data: address,
    empty where there is none. `shipment` is the only one; where there are several they head their `charges`.
    `lines_apart`: of an invoice that is too long, whose `charges` then hold one sum a shipment; else empty.
    """

    title: str
    number: str
    paper: Paper
    logo: str
    seller: PrintedParty
    seller_contact: str
    customer_words: str
    customer: PrintedParty
    facts: tuple[tuple[str, str], ...]
    shipment: PrintedShipment | None
    shipment_count: int
    charges: tuple[PrintedCharges, ...]
    has_discounts: bool
    taxes: tuple[PrintedTax, ...]
    currency: str
    totals: PrintedTotals
    notes: tuple[str, ...]
    bank_details: tuple[str, ...]
    terms: tuple[str, ...]
    lines_apart: tuple[PrintedCharges, ...] = ()

    @property
    def heads_charges(self) -> bool:
        return self.shipment_count > 1 and not self.lines_apart

    @property
    def short_terms(self) -> tuple[str, ...]:
        """What fits beside the bank details."""
        return () if self.long_terms else self.terms

    @property
    def long_terms(self) -> tuple[str, ...]:
        """What stands by itself, in small print, over as many pages as it takes."""
        return self.terms if sum(map(len, self.terms)) > MOST_SHORT_TERMS else ()


@dataclass(frozen=True, slots=True)
class TaxShare:
    """One line's part in the tax summary; `rate` in per cent."""

    name: str
    rate: Decimal
    net: Decimal
    tax: Decimal


def shown_places(currency: str, amounts: Iterable[Decimal]) -> int:
    """Decimals of the currency: none of the yen, three of the dinar. Nothing is hidden: 0.50 yen show both."""
    usual: int = get_currency_precision(currency)
    return max(usual, STORED_PLACES) if usual < STORED_PLACES and any(one % 1 for one in amounts) else usual


def money(amount: Decimal, places: int = STORED_PLACES) -> str:
    return _written(amount + 0, places, places)


def number(value: Decimal) -> str:
    """Up to four decimals, none that say nothing."""
    return _written(value + 0, 0, 4)


def price(value: Decimal, places: int = STORED_PLACES) -> str:
    """At least as many decimals as the currency has, up to four."""
    return _written(value + 0, places, 4)


def percent(value: Decimal) -> str:
    return f"{number(value)} %"


def day(value: date | None) -> str:
    return str(format_date(value, format="d MMM yyyy", locale=LOCALE)) if value else ""


def tax_summary(shares: Sequence[TaxShare], places: int = STORED_PLACES) -> tuple[PrintedTax, ...]:
    """One row for each tax and rate, in the order in which they first occur."""
    nets: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    taxes: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for share in shares:
        key = share.name, percent(share.rate)
        nets[key] += share.net
        taxes[key] += share.tax
    return tuple(
        PrintedTax(name=name, rate=rate, net=money(net, places), tax=money(taxes[name, rate], places))
        for (name, rate), net in nets.items()
    )


@lru_cache(maxsize=REMEMBERED)
def _written(value: Decimal, least: int, most: int) -> str:
    """With so many decimals. Values that are equal must be written alike: 0 is added to them, so that none is -0."""
    decimals = "0" * least + "#" * (most - least)
    return str(format_decimal(value, format=f"#,##0.{decimals}" if decimals else "#,##0", locale=LOCALE))
