"""How long background work is waited for, and when it is tried again. Pure."""

from dataclasses import dataclass, field
from datetime import timedelta

from freightbridge.scaled_times import LEAST


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkTimes:
    # Longer than any stretch of work, so that only a dead worker loses its claim; and no clock makes work go faster.
    lease: timedelta = field(default=timedelta(seconds=180), metadata={LEAST: timedelta(seconds=15)})
    first_retry: timedelta = timedelta(seconds=5)
    longest_retry: timedelta = timedelta(minutes=10)
