"""Dates as people and systems write them. Where day and month could be either, the column match must say."""

import re
from datetime import date
from functools import lru_cache

from invoices.intake.column_match import DateOrder

LONGEST = 40
NO_DATE = "{} cannot be read as a date. Write it as 2026-03-31."
FIRST_YEAR, LAST_YEAR = 1970, 2099
# Two-digit years: 70 to 99 are of the last century.
FIRST_OF_LAST_CENTURY = 70
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
            "sep sept september", "oct october", "nov november", "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
TIME = re.compile(
    r"[T\s]+\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$", re.IGNORECASE
)
YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})|(\d{4})(\d{2})(\d{2})")
WITH_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-\s./]*([a-z]{3,9})\.?,?[-\s./]*(\d{4}|\d{2})", re.IGNORECASE)
NAME_FIRST = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4}|\d{2})", re.IGNORECASE)
NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+", re.IGNORECASE)


class UnreadableDateError(Exception):
    """The text is no date, or could be two. The message says so to the person."""


@lru_cache(maxsize=8192)
def read_date(text: str, order: DateOrder) -> date:
    """A time of day behind it is left out. Raises UnreadableDateError."""
    if len(text) > LONGEST:
        raise UnreadableDateError(NO_DATE.format("This"))
    day = WEEKDAY.sub("", TIME.sub("", text.strip()), count=1)
    if found := YEAR_FIRST.fullmatch(day):
        year, month, number = (part for part in found.group(1, 3, 4, 5, 6, 7) if part)
        return _date(text, year, int(month), int(number))
    if found := WITH_NAME.fullmatch(day):
        return _date(text, found[3], MONTHS.get(found[2].lower(), 0), int(found[1]))
    if found := NAME_FIRST.fullmatch(day):
        return _date(text, found[3], MONTHS.get(found[1].lower(), 0), int(found[2]))
    if found := NUMBERS.fullmatch(day):
        return _ordered(text, int(found[1]), int(found[3]), found[4], order)
    raise UnreadableDateError(NO_DATE.format(f"“{text}”"))


def could_be_two(text: str) -> bool:
    """3/4/2026: the third of April, or the fourth of March."""
    found = NUMBERS.fullmatch(TIME.sub("", text.strip())) if len(text) <= LONGEST else None
    return found is not None and found[1] != found[3] and _is_month(int(found[1])) and _is_month(int(found[3]))


def _ordered(text: str, first: int, second: int, year: str, order: DateOrder) -> date:
    if first == second or (_is_month(second) and not _is_month(first)):
        return _date(text, year, second, first)
    if _is_month(first) and not _is_month(second):
        return _date(text, year, first, second)
    if order is DateOrder.UNKNOWN:
        raise UnreadableDateError(f"“{text}” could be two days. Say in the column match whether the day comes first.")
    day, month = (first, second) if order is DateOrder.DAY_FIRST else (second, first)
    return _date(text, year, month, day)


def _is_month(number: int) -> bool:
    return 1 <= number <= 12  # noqa: PLR2004 months


def _date(text: str, year: str, month: int, day: int) -> date:
    number = int(year)
    if len(year) == 2:  # noqa: PLR2004 digits
        number += 1900 if number >= FIRST_OF_LAST_CENTURY else 2000
    try:
        found = date(number, month, day)
    except ValueError as error:
        raise UnreadableDateError(f"“{text}” is no day in the calendar.") from error
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise UnreadableDateError(f"“{text}” is in the year {number}, which cannot be meant.")
    return found
