from datetime import timedelta
from typing import Any

import pytest

from freightbridge.current_times import current_times
from freightbridge.scaled_times import divided_by
from integrations.lanes.lane_times import LaneTimes
from integrations.outbox.delivery_times import DeliveryTimes

SECOND = timedelta(seconds=1)


def test_every_span_shrinks_with_the_scale_and_a_count_stays() -> None:
    shorter = divided_by(DeliveryTimes(), 60)

    assert (shorter.quiet, shorter.settle, shorter.quiet_ticks) == (8 * SECOND, 1.5 * SECOND, 24)


@pytest.mark.parametrize(("scale", "seconds"), [(1, 5), (2, 2.5), (60, 1)])
def test_span_never_falls_short_of_its_least(scale: float, seconds: float) -> None:
    assert divided_by(DeliveryTimes(), scale).send_within == seconds * SECOND


def test_times_that_hold_follow_the_setting(settings: Any) -> None:
    settings.DELIVERY_TIME_SCALE = 60.0

    assert current_times(LaneTimes) == divided_by(LaneTimes(), 60)
    assert current_times(LaneTimes) is current_times(LaneTimes)
