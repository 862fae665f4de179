"""How long to wait before a call is made again. Pure."""

import random
from datetime import timedelta

from integrations.outbox.delivery_times import DeliveryTimes

# Calls that began and were never written down as ended: this many, and the job is what kills its workers.
MOST_STARTS = 5


def delay(retry_count: int, *, times: DeliveryTimes, rng: random.Random) -> timedelta:
    """Doubling, up to a quarter of an hour, spread by half so that a hundred jobs do not come back as one."""
    grown: timedelta = min(times.longest_retry, times.first_retry * 2 ** min(retry_count, 10))
    return grown * rng.uniform(0.5, 1.5)


def is_poison(started_count: int) -> bool:
    return started_count >= MOST_STARTS
