"""When an event is tried again, and when nobody tries any more. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTimes:
    """`pause`: how long an endpoint that gave no answer at all is left alone."""

    first_retry: timedelta = timedelta(seconds=10)
    longest_retry: timedelta = timedelta(hours=2)
    give_up: timedelta = timedelta(hours=24)
    pause: timedelta = timedelta(seconds=30)


def next_try_at(tries: int, *, asked_at: datetime, now: datetime, times: EventTimes) -> datetime | None:
    """After so many tries in vain: each wait twice the one before. None: it was tried long enough."""
    if now - asked_at >= times.give_up:
        return None
    return now + min(times.longest_retry, times.first_retry * 2 ** min(tries - 1, 30))
