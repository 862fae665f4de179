"""Counts a call against the lane's budget, its share and the app's before it is made."""

from datetime import datetime

from freightbridge.current_times import current_times
from integrations.lanes.app_calls import spend_app_call
from integrations.lanes.claim_lane import HeldLane
from integrations.lanes.fair_shares import Share
from integrations.lanes.lane_budget import budget_of, keep, spent_of
from integrations.lanes.lane_times import LaneTimes
from integrations.models import OrganisationLane


def spend_call(held: HeldLane, *, share: Share, now: datetime) -> datetime | None:
    """
    None: one call may be made, and is counted. Otherwise until when to wait. In `held_scope`.

    Bulk that keeps to its line has been asked to by `choose_share`; what it has begun it may go on with.
    """
    lane, times = OrganisationLane.objects.get(pk=held.lane_id), current_times(LaneTimes)
    budget = budget_of(lane)
    wait_until = budget.wait_until(now, share, times=times, is_on_line=False) or spend_app_call(now=now)
    if wait_until is None:
        keep(lane.pk, budget.spend(now, times=times), spent_of(lane).plus(share))
    return wait_until
