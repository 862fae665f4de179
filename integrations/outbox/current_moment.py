"""The moment at which something happens to jobs: the transaction's clock, the heartbeat, and the times that hold."""

import random
from datetime import datetime
from functools import cache

from django.conf import settings

from integrations.outbox.delivery_times import DeliveryTimes
from integrations.outbox.job_snapshot import Moment

RNG = random.SystemRandom()


def delivery_times() -> DeliveryTimes:
    """Real ones, unless DELIVERY_TIME_SCALE makes them shorter for a campaign."""
    return _scaled(settings.DELIVERY_TIME_SCALE)


def moment(now: datetime, *, ticks: int) -> Moment:
    return Moment(now=now, ticks=ticks, times=delivery_times(), rng=RNG)


@cache
def _scaled(scale: float) -> DeliveryTimes:
    return DeliveryTimes().divided_by(scale)
