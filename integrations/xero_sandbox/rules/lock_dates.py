"""Periods that an organisation has closed. Wording: unconfirmed, from integrators' logs; they match its beginning."""

from datetime import date


def refusal_by_lock(day: date, *, period_lock_date: date | None, end_of_year_lock_date: date | None) -> str:
    """Why a document of that day may not be touched; empty if it may. A lock date itself is locked."""
    if end_of_year_lock_date and day <= end_of_year_lock_date:
        return _words("end of year lock date", end_of_year_lock_date)
    if period_lock_date and day <= period_lock_date:
        return _words("period lock date", period_lock_date)
    return ""


def _words(name: str, lock: date) -> str:
    return f"The document date cannot be before the {name}, currently set at {lock.day} {lock:%B %Y}"
