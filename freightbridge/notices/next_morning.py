"""When a company's day begins. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = time(7)


def next_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """The next seven o'clock there, whatever the clocks do in between."""
    today = now.astimezone(zone).date()
    mornings = (datetime.combine(today + timedelta(days=days), MORNING, tzinfo=zone) for days in (0, 1))
    return next(morning for morning in mornings if morning > now)
