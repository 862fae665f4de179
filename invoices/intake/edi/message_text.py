"""Reads what stands in an element: amounts, days, texts of EDI messages. Pure."""

import re
from datetime import date
from decimal import Decimal

from invoices.intake.edi.freight_message import MessageError
from invoices.intake.text_decoding import CONTROL

AMOUNT = re.compile(r"([+-]?)(\d{1,15})(?:[.,](\d{1,6}))?(-?)")
CENTS = re.compile(r"([+-]?)(\d{1,15})(-?)")
DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
SHORT_DAY = re.compile(r"(\d{2})(\d{2})(\d{2})")


def read_amount(text: str, place: str) -> Decimal:
    """With a point or a comma before the decimals, never between thousands. Raises MessageError."""
    found = AMOUNT.fullmatch(text)
    if found is None or (found[1] and found[4]):
        raise MessageError(f"“{text[:40]}” is no amount ({place}).")
    value = Decimal(f"{found[2]}.{found[3] or 0}")
    return _plain(-value if "-" in (found[1], found[4]) else value)


def read_cents(text: str, place: str) -> Decimal:
    """X12's N2: the last two digits are decimals. One with a decimal point is what it says. Raises MessageError."""
    if "." in text:
        return read_amount(text, place)
    found = CENTS.fullmatch(text)
    if found is None:
        raise MessageError(f"“{text[:40]}” is no amount ({place}).")
    value = Decimal(found[2]).scaleb(-2)
    return _plain(-value if "-" in (found[1], found[3]) else value)


def read_day(text: str) -> date | None:
    """2026-03-04 or 20260304, with or without a time behind it; 260304. None: it is neither."""
    found = DAY.match(text)
    parts = (found[1], found[2], found[3]) if found else None
    short = None if found else SHORT_DAY.fullmatch(text)
    if short:
        parts = (f"20{short[1]}", short[2], short[3])
    if parts is None:
        return None
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None


def plain_text(text: str, *, longest: int) -> str:
    """One line, without characters that cannot be seen."""
    return " ".join(CONTROL.sub(" ", text).split())[:longest]


def _plain(value: Decimal) -> Decimal:
    normal = value.normalize()
    return normal.quantize(Decimal(1)) if normal == normal.to_integral_value() else normal
