"""Days of the company as moments: a column of moments has an index, and its days have none."""

from datetime import date, datetime, time

from django.utils import timezone


def midnight(day: date) -> datetime:
    """When the day begins in the company's time zone, which the middleware has set."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
