"""Moments and dates as Xero writes them."""

import re
from datetime import UTC, date, datetime

WIRE = re.compile(r"/Date\((?P<milliseconds>-?\d+)(?:[+-]\d{4})?\)/")


def moment_of(wire: str | None) -> datetime | None:
    """`/Date(1539993600000+0000)/` in UTC; None where there is none. The offset says nothing: it is UTC."""
    match = WIRE.fullmatch(wire or "")
    return datetime.fromtimestamp(int(match["milliseconds"]) / 1000, UTC) if match else None


def date_of(wire: str | None) -> date | None:
    """A date is midnight UTC of the calendar day, in whatever zone the organisation is."""
    moment = moment_of(wire)
    return moment.date() if moment else None
