"""How long to wait before a call is made again. Pure."""

import random
from datetime import timedelta

FIRST, LONGEST = timedelta(seconds=5), timedelta(minutes=15)
# Calls that began and were never written down as ended: this many, and the job is what kills its workers.
MOST_STARTS = 5


def delay(retry_count: int, *, rng: random.Random) -> timedelta:
    """Doubling, up to a quarter of an hour, spread by half so that a hundred jobs do not come back as one."""
    grown: timedelta = min(LONGEST, FIRST * 2 ** min(retry_count, 10))
    return grown * rng.uniform(0.5, 1.5)


def is_poison(started_count: int) -> bool:
    return started_count >= MOST_STARTS
