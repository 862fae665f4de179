"""Counts calls against the lane's budget, its share and the app's before they are made."""

from dataclasses import dataclass
from datetime import datetime

from freightbridge.current_times import current_times
from integrations.lanes.app_calls import spend_app_call
from integrations.lanes.fair_shares import Share, next_share
from integrations.lanes.lane_budget import budget_of, keep, spent_of
from integrations.lanes.lane_times import LaneTimes
from integrations.models import OrganisationLane


@dataclass(frozen=True, slots=True)
class Granted:
    """So many calls may be made now, and are counted. None: not before `wait_until`."""

    calls: int
    wait_until: datetime | None = None


def spend_call(lane: OrganisationLane, *, share: Share, now: datetime) -> datetime | None:
    """None: one call may be made, and is counted. Otherwise until when to wait. In `held_lane`, whose lane it is."""
    return spend_calls(lane, share=share, most=1, now=now).wait_until


def spend_calls(lane: OrganisationLane, *, share: Share, most: int, now: datetime) -> Granted:
    """
    `most`: more than one only where nobody else waits; each takes its turn as if it came by itself. In `held_lane`.

    Bulk that keeps to its line has been asked to by `choose_share` for the first call; what it has begun it may go
    on with. What is granted and not made in the end `heed_answer` gives back.
    """
    times = current_times(LaneTimes)
    budget, spent = budget_of(lane), spent_of(lane)
    for calls in range(most):
        wait_until = budget.wait_until(now, share, times=times, is_on_line=calls > 0) or spend_app_call(now=now)
        if wait_until is not None:
            most = calls
            break
        budget = budget.spend(now, times=times)
        spent = (next_share([share], spent)[1] if calls else spent).plus(share)
    if most == 0:
        return Granted(0, wait_until)
    keep(lane, budget, spent)
    return Granted(most)
