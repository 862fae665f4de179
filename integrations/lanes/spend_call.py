"""Counts a call against the lane's budget before it is made."""

from datetime import datetime

from integrations.lanes.claim_lane import HeldLane, budget_of, keep_budget, pause
from integrations.models import OrganisationLane


def spend_call(held: HeldLane, *, now: datetime, is_polling: bool = False) -> datetime | None:
    """
    None: one call may be made, and is counted. Otherwise until when to wait; for what people sent, the lane
    is paused until then. In `held_scope`.
    """
    budget = budget_of(OrganisationLane.objects.get(pk=held.lane_id))
    wait_until = budget.wait_until(now, is_polling=is_polling)
    if wait_until is None:
        keep_budget(held, budget.spend(now))
    elif not is_polling:
        pause(held, until=wait_until, reason="Xero's limit is nearly used up")
    return wait_until
