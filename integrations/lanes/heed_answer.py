"""What an answer means for the lane as a whole: its limits, its pauses, its connection."""

import random
from datetime import datetime

from django.db.models import F

from freightbridge.current_times import current_times
from integrations.lanes.app_calls import pause_all
from integrations.lanes.app_pace import LEAST_LEFT
from integrations.lanes.claim_lane import HeldLane, pause
from integrations.lanes.lane_budget import budget_of, keep
from integrations.lanes.lane_times import LaneTimes
from integrations.lanes.lose_connection import lose_connection
from integrations.lanes.pause_policy import REASONS, pause_after_limit, pause_after_outage
from integrations.models import OrganisationLane, XeroConnection, XeroGrant
from integrations.xero_gateway.answers import FORBIDDEN, OK, TOO_MANY, UNAUTHORISED, Answer, HeldUpError, RateLimits

SERVER_ERROR = 500
# For the log, the page and the mail: they follow "The connection is lost:".
REFUSALS = {
    UNAUTHORISED: "Xero does not accept our authorisation any more (HTTP 401)",
    FORBIDDEN: "Xero does not let us into this organisation any more (HTTP 403)",
}
# Spreads waiting times; nothing secret depends on it.
RNG = random.SystemRandom()


def heed_answer(held: HeldLane, outcome: Answer | Exception, *, now: datetime) -> bool:
    """In `held_scope`. False: no further call in this turn."""
    if isinstance(outcome, HeldUpError):
        return True
    if not isinstance(outcome, Answer):
        return _xero_is_out(held, str(outcome), now=now)
    lane = _learn(held, outcome.limits, now=now)
    if outcome.status == TOO_MANY:
        return _limit_is_used_up(held, outcome.limits, now=now)
    if outcome.status in {UNAUTHORISED, FORBIDDEN}:
        return _not_authorised(held, outcome, now=now)
    if outcome.status >= SERVER_ERROR:
        return _xero_is_out(held, f"HTTP {outcome.status}", now=now)
    if lane.outage_count:
        OrganisationLane.objects.filter(pk=held.lane_id).update(outage_count=0)
    if outcome.status == OK:
        XeroConnection.objects.filter(pk=held.connection_id).update(last_good_call_at=now)
    return True


def _learn(held: HeldLane, limits: RateLimits, *, now: datetime) -> OrganisationLane:
    """The lane as it was before."""
    lane = OrganisationLane.objects.get(pk=held.lane_id)
    keep(lane.pk, budget_of(lane).learn(limits, now=now))
    if limits.app_minute_remaining is not None and limits.app_minute_remaining < LEAST_LEFT:
        pause_all(until=now + current_times(LaneTimes).app_rest, reason=REASONS["app"])
    return lane


def _limit_is_used_up(held: HeldLane, limits: RateLimits, *, now: datetime) -> bool:
    times = current_times(LaneTimes)
    rest = pause_after_limit(limits, now=now, times=times, rng=RNG)
    if rest.is_for_all:
        pause_all(until=rest.until, reason=rest.reason)
    pause(held, until=rest.until, reason=rest.reason)
    lane, until = OrganisationLane.objects.get(pk=held.lane_id), now + limits.wait.total_seconds() * times.second
    keep(lane.pk, budget_of(lane).exhaust(limits.problem, until=until, times=times))
    return False


def _not_authorised(held: HeldLane, answer: Answer, *, now: datetime) -> bool:
    """An expired token is refreshed when the gateway is opened next; anything else takes a person."""
    if answer.status == UNAUTHORISED and "TokenExpired" in answer.text():
        XeroGrant.objects.filter(connections=held.connection_id).update(expires_at=now)
    else:
        lose_connection(held.connection_id, reason=REFUSALS[answer.status], now=now)
    return False


def _xero_is_out(held: HeldLane, reason: str, *, now: datetime) -> bool:
    """One failing lane waits as a whole, so that a hundred documents do not each find out for themselves."""
    mine = OrganisationLane.objects.filter(pk=held.lane_id)
    mine.update(outage_count=F("outage_count") + 1)
    count = mine.values_list("outage_count", flat=True).get()
    rest = pause_after_outage(count, reason, now=now, times=current_times(LaneTimes), rng=RNG)
    pause(held, until=rest.until, reason=rest.reason)
    return False
