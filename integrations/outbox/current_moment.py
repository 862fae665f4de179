"""The moment at which something happens to jobs: the transaction's clock, the heartbeat, and the times that hold."""

import random
from datetime import datetime

from freightbridge.current_times import current_times
from integrations.outbox.delivery_times import DeliveryTimes
from integrations.outbox.job_snapshot import Moment

RNG = random.SystemRandom()


def moment(now: datetime, *, ticks: int) -> Moment:
    return Moment(now=now, ticks=ticks, times=current_times(DeliveryTimes), rng=RNG)
