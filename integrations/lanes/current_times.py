from functools import cache

from django.conf import settings

from integrations.lanes.lane_times import LaneTimes


def lane_times() -> LaneTimes:
    """Real ones, unless DELIVERY_TIME_SCALE makes them shorter for a campaign."""
    return _scaled(settings.DELIVERY_TIME_SCALE)


@cache
def _scaled(scale: float) -> LaneTimes:
    return LaneTimes().divided_by(scale)
