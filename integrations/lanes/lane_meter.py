"""What a page says of a lane: how many calls Xero still takes, and until when it waits and why."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from freightbridge.current_times import current_times
from integrations.lanes.call_budget import CALLS_A_MINUTE
from integrations.lanes.fair_shares import Share
from integrations.lanes.finish_estimate import Backlog, finish_at
from integrations.lanes.lane_budget import budget_of
from integrations.lanes.lane_times import LaneTimes
from integrations.models import AppBudget, OrganisationLane

DAY_IS_KEPT = "Nine tenths of today's calls are used, and the rest is kept for what people send by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneMeter:
    """
    `paused_until`: nothing is sent before, `bulk_until`: nothing that was sent in bulk; `reason` says why, in words
    for people. None where nothing waits for more than the next call. `is_outage`: Xero gave no proper answer the last
    times. `backlog_at`: when the backlog is through.
    """

    minute_left: int
    minute_limit: int
    day_left: int
    day_limit: int
    paused_until: datetime | None
    bulk_until: datetime | None
    reason: str
    is_outage: bool
    backlog_at: datetime


def lane_meter(lane: OrganisationLane, backlog: Backlog, *, share: Share = Share.BULK, now: datetime) -> LaneMeter:
    """One query. In the tenant's scope. `share`: whose the backlog is."""
    times = current_times(LaneTimes)
    budget = budget_of(lane).at(now, times=times)
    paused_until, reason = _pause(lane, now)
    day_opens_at = budget.day_opens_at(Share.BULK, times=times)
    bulk_until = day_opens_at if day_opens_at > now else None
    begins_at = max(now, paused_until or now)
    return LaneMeter(
        minute_left=budget.minute_left,
        minute_limit=max(CALLS_A_MINUTE, budget.minute_left),
        day_left=budget.day_left,
        day_limit=budget.day_limit,
        paused_until=paused_until,
        bulk_until=bulk_until,
        is_outage=lane.outage_count > 0,
        reason=reason or (DAY_IS_KEPT if bulk_until else ""),
        backlog_at=finish_at(backlog.calls, budget, share=share, now=begins_at, times=times),
    )


def _pause(lane: OrganisationLane, now: datetime) -> tuple[datetime | None, str]:
    """The lane's own, or that of all lanes, whichever is longer."""
    pauses = [(lane.paused_until, lane.pause_reason)]
    shared = AppBudget.objects.filter(client_id=settings.XERO_CLIENT_ID, paused_until__gt=now).first()
    if shared is not None:
        pauses.append((shared.paused_until, shared.pause_reason))
    return max(((until, reason) for until, reason in pauses if until and until > now), default=(None, ""))
