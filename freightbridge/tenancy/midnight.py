"""Days of the company as moments: a column of moments has an index, and its days have none."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def midnight(day: date) -> datetime:
    """When the day begins in the company's time zone, which the middleware has set."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def next_midnight(day: date) -> datetime:
    """When the day ends there; the last day of all ends when it begins."""
    return midnight(min(day, date.max - timedelta(days=1)) + timedelta(days=1))
