"""When a reading that could not be done is tried again. Pure."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTimes:
    # Somebody else holds the lane.
    busy: timedelta = timedelta(seconds=3)
    # Xero did not answer, or not as it should.
    trouble: timedelta = timedelta(seconds=30)
