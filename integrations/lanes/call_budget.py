"""How many calls an organisation still takes, by our count and by what Xero's headers say. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from integrations.xero_gateway.answers import RateLimits

# Assumed until the first header: developer.xero.com/documentation/guides/oauth2/limits.
CALLS_A_MINUTE, CALLS_A_DAY = 60, 1000
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# Xero's minute begins when it likes; ours keeps this much away from the edge.
RESERVE = 3
# Polling leaves the last tenth of a day to people's clicks and to what they sent.
POLLING_FLOOR = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBudget:
    """`minute_left` and `day_left` as last known; the moments say when their windows began for us."""

    minute_started_at: datetime
    minute_left: int
    day_started_at: datetime
    day_left: int
    day_limit: int = CALLS_A_DAY

    def wait_until(self, now: datetime, *, is_polling: bool = False) -> datetime | None:
        """None: a call may be made now."""
        fresh = self.at(now)
        if fresh.minute_left <= RESERVE:
            return fresh.minute_started_at + MINUTE
        floor = int(fresh.day_limit * POLLING_FLOOR) if is_polling else 0
        return fresh.day_started_at + DAY if fresh.day_left <= floor else None

    def at(self, now: datetime) -> "CallBudget":
        """Windows that are over begin again."""
        fresh = self
        if now >= self.minute_started_at + MINUTE:
            fresh = replace(fresh, minute_started_at=now, minute_left=CALLS_A_MINUTE)
        if now >= self.day_started_at + DAY:
            fresh = replace(fresh, day_started_at=now, day_left=self.day_limit)
        return fresh

    def spend(self, now: datetime) -> "CallBudget":
        fresh = self.at(now)
        return replace(fresh, minute_left=fresh.minute_left - 1, day_left=max(0, fresh.day_left - 1))

    def learn(self, limits: RateLimits) -> "CallBudget":
        """
        Xero's word counts where it gives one: it knows of the calls of another installation too, and of a
        tier that allows more.
        """
        minute = self.minute_left if limits.minute_remaining is None else limits.minute_remaining
        day = self.day_left if limits.day_remaining is None else limits.day_remaining
        return replace(self, minute_left=minute, day_left=day, day_limit=max(self.day_limit, day))


def new_budget(now: datetime) -> CallBudget:
    return CallBudget(minute_started_at=now, minute_left=CALLS_A_MINUTE, day_started_at=now, day_left=CALLS_A_DAY)
