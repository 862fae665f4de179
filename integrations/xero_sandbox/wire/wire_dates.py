"""Dates as Xero writes and reads them.

Source: developer.xero.com/documentation/api/accounting/requests-and-responses ("JSON Responses and Date Formats").
"""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

EPOCH_DATE = date(1970, 1, 1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_IN_MS = 86_400_000

_MS_DATE = re.compile(r"/Date\((?P<ms>-?\d{1,15})(?:[+-]\d{4})?\)/")
_ISO_DATE = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")


class DateNotReadableError(ValueError):
    """The text is no date that Xero accepts; a blank between date and time is one such text."""


def read_date(text: str) -> date:
    """`YYYY-MM-DD`, an ISO moment (its calendar day as written) or `/Date(ms)/` (its day in UTC)."""
    try:
        if matched := _MS_DATE.fullmatch(text):
            return (EPOCH + timedelta(milliseconds=int(matched["ms"]))).date()
        if matched := _ISO_DATE.fullmatch(text):
            return date.fromisoformat(matched["day"])
    except (ValueError, OverflowError) as error:
        raise DateNotReadableError(text) from error
    raise DateNotReadableError(text)


def read_moment(text: str) -> datetime:
    """The value of If-Modified-Since: `yyyy-mm-ddThh:mm:ss` in UTC, or RFC 1123."""
    try:
        moment = _iso_or_rfc_moment(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise DateNotReadableError(text) from error


def _iso_or_rfc_moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return parsedate_to_datetime(text)


def milliseconds(value: date | datetime) -> int:
    """Milliseconds since 1970 in UTC; a date counts as its midnight in UTC."""
    if isinstance(value, datetime):
        return (value - EPOCH) // timedelta(milliseconds=1)
    return (value - EPOCH_DATE).days * DAY_IN_MS


def with_offset(value: date | datetime) -> str:
    return f"/Date({milliseconds(value)}+0000)/"


def without_offset(value: date | datetime) -> str:
    return f"/Date({milliseconds(value)})/"


def day_text(value: date) -> str:
    return f"{value.isoformat()}T00:00:00"


def moment_text(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def seven_digit_text(value: datetime) -> str:
    """As /Connections writes moments: seven decimal digits and no zone."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "0"


def whole_millisecond(value: datetime) -> datetime:
    return value.replace(microsecond=value.microsecond // 1000 * 1000)
