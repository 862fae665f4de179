"""When a document falls due by an organisation's terms. Types: xero_accounting.yaml, PaymentTermType."""

import calendar
from datetime import date, timedelta


def due_date_by(terms: tuple[int, str] | None, *, document_date: date) -> date:
    """`terms` is (day, type); without terms a document is due on its own day (unconfirmed)."""
    if terms is None:
        return document_date
    day, kind = terms
    if kind == "DAYSAFTERBILLDATE":
        return document_date + timedelta(days=day)
    if kind == "DAYSAFTERBILLMONTH":
        return _day_of_month(document_date, 0, 31) + timedelta(days=day)
    return _day_of_month(document_date, 0 if kind == "OFCURRENTMONTH" else 1, day)


def _day_of_month(start: date, months: int, day: int) -> date:
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day, last))
