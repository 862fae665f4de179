"""When to look again at what people wait for: the longer it takes, the less often. Pure."""

from datetime import datetime, timedelta

SOONEST, LATEST, SHARE = timedelta(seconds=2), timedelta(minutes=5), 0.03


def first_look_at(now: datetime) -> datetime:
    return now + SOONEST


def next_look_at(now: datetime, *, began_at: datetime) -> datetime:
    """About eighty looks for each tenfold of its time."""
    return now + min(LATEST, max(SOONEST, (now - began_at) * SHARE))
