"""What an answer means for the lane as a whole: its limits, its pauses, its connection."""

import random
from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import F

from freightbridge.current_times import current_times
from integrations.lanes.app_calls import pause_all
from integrations.lanes.app_pace import LEAST_LEFT
from integrations.lanes.claim_lane import HeldLane, pause
from integrations.lanes.lane_budget import budget_of, keep
from integrations.lanes.lane_times import LaneTimes
from integrations.lanes.lose_connection import lose_connection
from integrations.lanes.pause_policy import REASONS, pause_after_limit, pause_after_outage
from integrations.models import OrganisationLane, XeroGrant
from integrations.xero_gateway.answers import FORBIDDEN, OK, TOO_MANY, UNAUTHORISED, Answer, HeldUpError, RateLimits

SERVER_ERROR = 500
CALL_WAS_GOOD = "UPDATE integrations_xeroconnection SET last_good_call_at = %s WHERE id = %s"
# For the log, the page and the mail: they follow "The connection is lost:".
REFUSALS = {
    UNAUTHORISED: "Xero does not accept our authorisation any more (HTTP 401)",
    FORBIDDEN: "Xero does not let us into this organisation any more (HTTP 403)",
}
# Spreads waiting times; nothing secret depends on it.
RNG = random.SystemRandom()


def ends_turn(outcome: Answer | Exception) -> bool:
    """Whether no further call may be made before `heed_answer` has said what it means."""
    if not isinstance(outcome, Answer):
        return not isinstance(outcome, HeldUpError)
    return outcome.status in {TOO_MANY, UNAUTHORISED, FORBIDDEN} or outcome.status >= SERVER_ERROR


def heed_answer(
    held: HeldLane,
    lane: OrganisationLane,
    outcome: Answer | Exception,
    *,
    now: datetime,
    before: Sequence[Answer] = (),
    unmade: int = 0,
) -> bool:
    """
    In `held_lane`, whose lane it is. False: no further call in this turn. Of several calls `outcome` is that of the
    last one made, `before` are the answers to the others, none of which ended the turn, and `unmade` were counted and
    not made.
    """
    if isinstance(outcome, HeldUpError):
        return True
    if not isinstance(outcome, Answer):
        if before:
            _learn(lane, before[-1].limits, now=now, later=1, unmade=unmade)
        return _xero_is_out(held, str(outcome), now=now)
    _learn(lane, outcome.limits, now=now, unmade=unmade)
    if outcome.status == TOO_MANY:
        return _limit_is_used_up(held, outcome.limits, now=now)
    if outcome.status in {UNAUTHORISED, FORBIDDEN}:
        return _not_authorised(held, outcome, now=now)
    if outcome.status >= SERVER_ERROR:
        return _xero_is_out(held, f"HTTP {outcome.status}", now=now)
    if lane.outage_count:
        OrganisationLane.objects.filter(pk=held.lane_id).update(outage_count=0)
    if outcome.status == OK:
        with connection.cursor() as cursor:
            cursor.execute(CALL_WAS_GOOD, [now, held.connection_id])
    return True


def _learn(lane: OrganisationLane, limits: RateLimits, *, now: datetime, later: int = 0, unmade: int = 0) -> None:
    """`later`: calls that were made after what these limits tell of."""
    known = budget_of(lane)
    learned = known.give_back(later + unmade).learn(limits, now=now).give_back(-later)
    if learned != known:
        keep(lane, learned)
    if limits.app_minute_remaining is not None and limits.app_minute_remaining < LEAST_LEFT:
        pause_all(until=now + current_times(LaneTimes).app_rest, reason=REASONS["app"])


def _limit_is_used_up(held: HeldLane, limits: RateLimits, *, now: datetime) -> bool:
    times = current_times(LaneTimes)
    rest = pause_after_limit(limits, now=now, times=times, rng=RNG)
    if rest.is_for_all:
        pause_all(until=rest.until, reason=rest.reason)
    pause(held, until=rest.until, reason=rest.reason)
    lane, until = OrganisationLane.objects.get(pk=held.lane_id), now + limits.wait.total_seconds() * times.second
    keep(lane, budget_of(lane).exhaust(limits.problem, until=until, times=times))
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
