from functools import cache
from typing import Any

from django.conf import settings

from freightbridge.scaled_times import Times, divided_by


def current_times(times_class: type[Times]) -> Times:
    """The defaults of a dataclass of waiting times, unless DELIVERY_TIME_SCALE makes them shorter for a campaign."""
    times: Times = _scaled(times_class, settings.DELIVERY_TIME_SCALE)
    return times


@cache
def _scaled(times_class: type[Any], scale: float) -> Any:
    return divided_by(times_class(), scale)
