"""How long a lane rests after an answer that says stop, and what its tenant is told of it. Pure."""

import random
from dataclasses import dataclass
from datetime import datetime

from integrations.lanes.lane_times import LaneTimes
from integrations.xero_gateway.answers import RateLimits

# By a part of X-Rate-Limit-Problem's value; the words for the app's are unconfirmed.
REASONS = {
    "concurrent": "Xero had too many calls from us at once",
    "app": "Xero's limit for all organisations together is used up",
    "day": "Xero's daily limit is used up",
    "minute": "Xero's limit of calls a minute is used up",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """`is_for_all`: no lane may call before."""

    until: datetime
    reason: str
    is_for_all: bool = False


def pause_after_limit(limits: RateLimits, *, now: datetime, times: LaneTimes, rng: random.Random) -> Pause:
    """
    As long as Xero says, and a little more.

    Source: developer.xero.com/documentation/guides/oauth2/limits.
    """
    kind = next((kind for kind in REASONS if kind in limits.problem), "")
    until = now + limits.wait.total_seconds() * times.second + times.jitter * rng.random()
    reason = REASONS.get(kind, "A limit of Xero's is used up")
    return Pause(until=until, reason=reason, is_for_all=kind == "app")


def pause_after_outage(count: int, reason: str, *, now: datetime, times: LaneTimes, rng: random.Random) -> Pause:
    """`count` failures in a row: twice as long each time, up to five minutes, and never all lanes at once."""
    grown = min(times.longest_outage, times.first_outage * 2 ** min(count - 1, 10))
    return Pause(
        until=now + grown * rng.uniform(0.5, 1.0), reason=f"Xero gives no proper answer at the moment ({reason})"
    )
