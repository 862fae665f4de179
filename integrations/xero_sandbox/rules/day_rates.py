"""A foreign-exchange rate for any day, as stable as a table but without one.

Xero fills in XE.com's rate for the invoice date (developer.xero.com/documentation/api/accounting/invoices).
Each currency has a price in US dollars that swings gently with the calendar, so that two days differ.
"""

import math
from datetime import date
from decimal import Decimal

SIX_PLACES = Decimal("0.000001")

# Rough prices of one unit in US dollars.
DOLLARS = {
    "AUD": 0.66, "CAD": 0.73, "CHF": 1.12, "CNY": 0.139, "EUR": 1.09, "GBP": 1.27, "HKD": 0.128, "INR": 0.012,
    "JPY": 0.0067, "KES": 0.0077, "NGN": 0.00065, "NZD": 0.60, "SGD": 0.75, "THB": 0.028, "USD": 1.0,
    "VND": 0.00004, "XOF": 0.00166, "ZAR": 0.054, "ZMW": 0.038,
}  # fmt: skip
SWING = 0.03
ODD_FACTOR = Decimal("1.5")


def units_per_base(*, currency: str, base: str, day: date) -> Decimal:
    """How many units of `currency` one unit of `base` buys on that day."""
    if currency == base:
        return Decimal("1.000000")
    rate = _dollars(base, day) / _dollars(currency, day)
    return Decimal(repr(rate)).quantize(SIX_PLACES) or SIX_PLACES


def is_odd(rate: Decimal, usual: Decimal) -> bool:
    """So far from the day's rate that Xero would warn (which limit Xero uses is unconfirmed)."""
    return rate > usual * ODD_FACTOR or rate * ODD_FACTOR < usual


def _dollars(currency: str, day: date) -> float:
    phase = sum(map(ord, currency))
    return DOLLARS.get(currency, 1.0) * (1 + SWING * math.sin(day.toordinal() / 58 + phase))
