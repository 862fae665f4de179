"""Amounts: Decimal, two places, half up, always with their currency when shown."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def round_money(amount: Decimal) -> Decimal:
    """Two places, half up, which is how Xero rounds a line (unconfirmed for x.xx5; its sandbox plays both)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
