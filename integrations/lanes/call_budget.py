"""
How many calls an organisation still takes, by our count and by what Xero's headers say. Pure.

Sixty a minute and a number a day for each app and organisation, in fixed windows that begin when Xero likes
(developer.xero.com/documentation/guides/oauth2/limits; that they are fixed is unconfirmed). One call at a time goes
through a lane, so as long as nobody else uses our app the last header is exact, and a call that it leaves room for is
never refused. Somebody else, such as a second installation under the same client id, shows in the headers only. So
bulk keeps to a line through the minute that counts everybody's calls: whoever keeps to it too gets his part, and the
minute is not used up before its end.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from integrations.lanes.fair_shares import Share
from integrations.lanes.lane_times import LaneTimes
from integrations.xero_gateway.answers import RateLimits

# Assumed until the first header.
CALLS_A_MINUTE, CALLS_A_DAY = 60, 1000
# Of the largest plan. Who is told of more counts only these: whatever comes then is no sudden want.
MOST_A_DAY = 5000
# Of a minute, bulk and polling leave the last calls to people, and to what another installation does meanwhile.
MOST_A_MINUTE = 58
# Bulk may begin a minute with so many at once, and is through with it so much before its end: time to catch up.
FIRST_CALLS, SPARE = 6, 1 / 15
# What each leaves of a day to those before it.
KEPT_OF_DAY = {Share.INTERACTIVE: 0.0, Share.BULK: 0.1, Share.POLL: 0.3}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBudget:
    """
    `minute_left` and `day_left` as last known. A window began for us at `…_started_at`: not later than that for
    Xero, so it is over for sure a minute, or a day, afterwards. `heard_at`: when Xero last
    said what is left of the day.
    """

    minute_started_at: datetime
    minute_left: int
    day_started_at: datetime
    day_left: int
    day_limit: int = CALLS_A_DAY
    heard_at: datetime | None = None

    def wait_until(self, now: datetime, share: Share, *, times: LaneTimes, is_on_line: bool = True) -> datetime | None:
        """
        None: a call may be made now. `is_on_line`: False for bulk whose turn it is while people wait; they
        do not keep to the line, and would leave it nothing.
        """
        fresh = self.at(now, times=times)
        minute_opens_at = fresh.minute_opens_at(share, times=times, is_on_line=is_on_line)
        opens_at = max(minute_opens_at, fresh.day_opens_at(share, times=times))
        return opens_at if opens_at > now else None

    def at(self, now: datetime, *, times: LaneTimes) -> "CallBudget":
        """Windows that are over begin again, in step with the one before."""
        fresh = self
        minutes = (now - self.minute_started_at) // times.minute
        if minutes > 0:
            started_at = self.minute_started_at + minutes * times.minute
            fresh = replace(fresh, minute_started_at=started_at, minute_left=CALLS_A_MINUTE)
        days = (now - self.day_started_at) // times.day
        if days > 0:
            fresh = replace(fresh, day_started_at=self.day_started_at + days * times.day, day_left=self.day_limit)
        return fresh

    def spend(self, now: datetime, *, times: LaneTimes) -> "CallBudget":
        fresh = self.at(now, times=times)
        return replace(fresh, minute_left=max(0, fresh.minute_left - 1), day_left=max(0, fresh.day_left - 1))

    def give_back(self, calls: int) -> "CallBudget":
        """Such as were counted and not made after all; fewer than none are counted anew."""
        return replace(self, minute_left=max(0, self.minute_left + calls), day_left=max(0, self.day_left + calls))

    def learn(self, limits: RateLimits, *, now: datetime) -> "CallBudget":
        """
        The smaller of what we think is left and what Xero says. Xero saying that there is more means that a
        window has begun which we did not know of.
        """
        learnt = self if limits.day_remaining is None else self._learn_day(limits.day_remaining, now=now)
        if limits.minute_remaining is None:
            return learnt
        started_at = now if limits.minute_remaining > self.minute_left else self.minute_started_at
        return replace(learnt, minute_left=limits.minute_remaining, minute_started_at=started_at)

    def exhaust(self, problem: str, *, until: datetime, times: LaneTimes) -> "CallBudget":
        """After a 429 that named the minute or the day, which begins again at `until`."""
        if "day" in problem:
            return replace(self, day_left=0, day_started_at=until - times.day)
        if "minute" in problem:
            return replace(self, minute_left=0, minute_started_at=until - times.minute)
        return self

    def day_floor(self, share: Share) -> int:
        return int(self.day_limit * KEPT_OF_DAY[share])

    def _learn_day(self, remaining: int, *, now: datetime) -> "CallBudget":
        """What is first heard in a window tells the tier too: it may allow more than was thought, or less now."""
        remaining = min(remaining, MOST_A_DAY)
        is_new = remaining > self.day_left or self.heard_at is None or self.day_started_at > self.heard_at
        started_at = now if remaining > self.day_left else self.day_started_at
        limit = max(CALLS_A_DAY, remaining) if is_new else self.day_limit
        return replace(self, heard_at=now, day_left=remaining, day_started_at=started_at, day_limit=limit)

    def minute_opens_at(self, share: Share, *, times: LaneTimes, is_on_line: bool) -> datetime:
        number = CALLS_A_MINUTE - self.minute_left + 1
        most = CALLS_A_MINUTE if share == Share.INTERACTIVE or not is_on_line else MOST_A_MINUTE
        if number > most:
            return self.minute_started_at + times.minute
        if share == Share.BULK and is_on_line:
            return self.minute_started_at + max(0, number - FIRST_CALLS) * line_step(times)
        return self.minute_started_at

    def day_opens_at(self, share: Share, *, times: LaneTimes) -> datetime:
        """A day that Xero has begun meanwhile shows in an answer only, so the kept calls are tried now and then."""
        if self.day_left > self.day_floor(share):
            return self.day_started_at
        over_at = self.day_started_at + times.day
        if self.day_left == 0 or self.heard_at is None:
            return over_at
        return min(over_at, self.heard_at + times.day_doubt)


def line_step(times: LaneTimes) -> timedelta:
    """Between two calls of bulk, when it has used up what a minute begins with."""
    return times.minute * (1 - SPARE) / (MOST_A_MINUTE - FIRST_CALLS)


def new_budget(now: datetime) -> CallBudget:
    return CallBudget(minute_started_at=now, minute_left=CALLS_A_MINUTE, day_started_at=now, day_left=CALLS_A_DAY)
