"""How long one call to Xero may take. Pure."""

from dataclasses import dataclass, field
from datetime import timedelta

from freightbridge.scaled_times import LEAST


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTimes:
    """However fast time runs, the other side must be able to answer at all."""

    connect: timedelta = field(default=timedelta(seconds=5), metadata={LEAST: timedelta(seconds=1)})
    # Between two bytes of an answer.
    read: timedelta = field(default=timedelta(seconds=60), metadata={LEAST: timedelta(seconds=1)})


REAL_TIMES = CallTimes()
