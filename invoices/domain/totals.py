"""Arithmetic of invoices: per line, two places, half up, then summed, as Xero does it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from freightbridge.money import ZERO, round_money

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class LineAmounts:
    net: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    net: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        return self.net + self.tax


def line_amounts(
    *, quantity: Decimal, unit_price: Decimal, discount_percent: Decimal, tax_rate: Decimal
) -> LineAmounts:
    """`discount_percent` and `tax_rate` in per cent. The tax is taken on the rounded net amount."""
    net = round_money(quantity * unit_price * (HUNDRED - discount_percent) / HUNDRED)
    return LineAmounts(net=net, tax=round_money(net * tax_rate / HUNDRED))


def sum_lines(lines: Iterable[LineAmounts]) -> Totals:
    kept = list(lines)
    return Totals(net=sum((line.net for line in kept), ZERO), tax=sum((line.tax for line in kept), ZERO))
