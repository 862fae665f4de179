"""When Xero's limits let a backlog be through. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from integrations.lanes.call_budget import CALLS_A_MINUTE, FIRST_CALLS, MOST_A_MINUTE, CallBudget, line_step
from integrations.lanes.fair_shares import Share
from integrations.lanes.lane_times import LaneTimes

DOCUMENTS_IN_A_CALL = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """Documents that stand before a step, counted at every step that they have still before them."""

    to_create: int
    to_attach: int
    to_promote: int

    @property
    def calls(self) -> int:
        """Fifty documents go in a call, but each PDF needs one of its own."""
        return ceil(self.to_create / DOCUMENTS_IN_A_CALL) + self.to_attach + ceil(self.to_promote / DOCUMENTS_IN_A_CALL)


def finish_at(calls: int, budget: CallBudget, *, share: Share, now: datetime, times: LaneTimes) -> datetime:
    """When the last of so many calls of a share may be made, if nobody else makes any. Never before `now`."""
    if calls <= 0:
        return now
    fresh, moment = budget.at(now, times=times), now
    floor = fresh.day_floor(share)
    left_today = max(0, fresh.day_left - floor)
    while calls > left_today:
        calls -= left_today
        moment = fresh.day_started_at + times.day
        fresh = CallBudget(
            minute_started_at=moment, minute_left=CALLS_A_MINUTE, day_started_at=moment,
            day_left=fresh.day_limit, day_limit=fresh.day_limit,
        )  # fmt: skip
        left_today = max(1, fresh.day_limit - floor)
    return max(moment, _within_a_day(calls, fresh, share=share, times=times))


def _within_a_day(calls: int, budget: CallBudget, *, share: Share, times: LaneTimes) -> datetime:
    """As the line through the minutes has it, to which people do not keep."""
    most = CALLS_A_MINUTE if share == Share.INTERACTIVE else MOST_A_MINUTE
    used = min(most, CALLS_A_MINUTE - budget.minute_left)
    minutes, before = divmod(max(0, used + calls - 1), most)
    on_line = max(0, before + 1 - FIRST_CALLS) * line_step(times) if share == Share.BULK else timedelta()
    return budget.minute_started_at + minutes * times.minute + on_line
