"""Quantity and price in a form that Xero multiplies to the very cent that our invoice shows."""

from dataclasses import dataclass
from decimal import Decimal

from integrations.mapping.source import ExportableLine

TWO_PLACES, FOUR_PLACES = Decimal("0.01"), Decimal("0.0001")
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class SentAmounts:
    description: str
    quantity: Decimal
    unit_amount: Decimal
    discount_percent: Decimal


def exact_amounts(line: ExportableLine, *, takes_discount: bool, unit_step: Decimal = FOUR_PLACES) -> SentAmounts:
    """
    Quantity × price where that is exact at two places with a price that Xero keeps whole; otherwise one at the
    line's amount, with the calculation in the description. `takes_discount`: bills and credit notes have none
    (developer.xero.com/documentation/api/accounting/invoices). `unit_step`: of the price. Quotes know no `unitdp`
    (Xero's OpenAPI file), without which Xero keeps two places.
    """
    product = line.quantity * line.unit_price * (HUNDRED - line.discount_percent) / HUNDRED
    is_exact = product == line.net_amount and line.unit_price == line.unit_price.quantize(unit_step)
    if is_exact and (takes_discount or not line.discount_percent):
        return SentAmounts(line.description, line.quantity, line.unit_price, line.discount_percent)
    return SentAmounts(_with_calculation(line), Decimal(1), line.net_amount, Decimal(0))


def _with_calculation(line: ExportableLine) -> str:
    discount = f" less {line.discount_percent.normalize():f} %" if line.discount_percent else ""
    return f"{line.description} ({line.quantity.normalize():f} × {line.unit_price.normalize():f}{discount})"
