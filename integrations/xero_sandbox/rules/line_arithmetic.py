"""Money on lines: each line is priced and taxed by itself, to two places, and totals are sums.

Source: developer.xero.com/documentation/guides/how-to-guides/rounding-in-xero. Half-up or half-even is
unconfirmed, hence the argument `rounding` (a constant of `decimal`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from integrations.xero_sandbox.books.document_records import Line

CENT = Decimal("0.01")
UNIT_STEPS = {2: CENT, 4: Decimal("0.0001")}
QUANTITY_STEP = Decimal("0.0001")
HUNDRED = Decimal(100)
NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    sub_total: Decimal
    total_tax: Decimal
    total: Decimal
    total_discount: Decimal


def rounded_unit(unit_amount: Decimal, *, places: int, rounding: str) -> Decimal:
    """Unit prices keep two places unless the request says `unitdp=4`."""
    return unit_amount.quantize(UNIT_STEPS[places], rounding)


def line_total(
    *,
    quantity: Decimal,
    unit_amount: Decimal,
    discount_rate: Decimal | None = None,
    discount_amount: Decimal | None = None,
    rounding: str,
) -> Decimal:
    """Quantity times price, less the discount (a rate in per cent, or an amount)."""
    full = quantity * unit_amount
    if discount_rate:
        full = full * (HUNDRED - discount_rate) / HUNDRED
    elif discount_amount:
        full -= discount_amount
    return full.quantize(CENT, rounding)


def tax_on(line_amount: Decimal, *, rate: Decimal, line_amount_types: str, rounding: str) -> Decimal:
    """The tax of one line; `rate` is per cent. Within an inclusive amount it is the part that is tax."""
    if line_amount_types == "NoTax" or not rate:
        return NOTHING
    base = HUNDRED + rate if line_amount_types == "Inclusive" else HUNDRED
    return (line_amount * rate / base).quantize(CENT, rounding)


def discount_of(line: Line, *, rounding: str) -> Decimal:
    if not (line.discount_rate or line.discount_amount) or line.line_amount is None:
        return NOTHING
    full = (line.quantity or NOTHING) * (line.unit_amount or NOTHING)
    return full.quantize(CENT, rounding) - line.line_amount


def sum_up(lines: Iterable[Line], *, line_amount_types: str, rounding: str) -> Totals:
    """Lines of text only count for nothing."""
    amount = tax = discount = NOTHING
    for line in lines:
        amount += line.line_amount or NOTHING
        tax += line.tax_amount or NOTHING
        discount += discount_of(line, rounding=rounding)
    is_inclusive = line_amount_types == "Inclusive"
    return Totals(
        sub_total=amount - tax if is_inclusive else amount,
        total_tax=tax,
        total=amount if is_inclusive else amount + tax,
        total_discount=discount,
    )
