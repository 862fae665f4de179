"""How long to wait before a call is made again. Pure."""

import random
from datetime import timedelta

from integrations.outbox.delivery_times import DeliveryTimes

# Starts of a job that were never written down as ended, before anybody tries it by itself, and before it is poison.
# Workers are killed by other things too.
MOST_STARTS_WITH_OTHERS = 2
MOST_STARTS = 5


def delay(retry_count: int, *, times: DeliveryTimes, rng: random.Random) -> timedelta:
    """Doubling, up to a quarter of an hour, spread by half so that a hundred jobs do not come back as one."""
    grown: timedelta = min(times.longest_retry, times.first_retry * 2 ** min(retry_count, 10))
    return grown * rng.uniform(0.5, 1.5)


def is_suspect(started_count: int) -> bool:
    """`started_count`: those that have been."""
    return started_count >= MOST_STARTS_WITH_OTHERS


def is_poison(started_count: int) -> bool:
    """`started_count`: with the one that begins."""
    return started_count > MOST_STARTS
