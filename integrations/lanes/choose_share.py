"""Gives the next call of a lane to one of those who wait for it."""

from collections.abc import Collection
from datetime import datetime

from freightbridge.current_times import current_times
from integrations.lanes.fair_shares import Share
from integrations.lanes.lane_budget import budget_of, keep, spent_of
from integrations.lanes.lane_times import LaneTimes
from integrations.lanes.next_turn import Turn, next_turn
from integrations.models import OrganisationLane


def choose_share(lane: OrganisationLane, waiting: Collection[Share], *, now: datetime) -> Turn:
    """
    `waiting`: those of the outbox that have something due. In `held_lane`, whose lane it is.

    When it is the turn of a reading that found the lane busy, the outbox steps back for a moment, once; a reading
    that comes too late asks again.
    """
    times = current_times(LaneTimes)
    is_asked = lane.poll_asked_at is not None and lane.poll_asked_at > now - times.poll_asked
    all_waiting = {*waiting, Share.POLL} if waiting and is_asked else set(waiting)
    turn, spent = next_turn(all_waiting, spent_of(lane), budget_of(lane), now=now, times=times)
    if spent != spent_of(lane):
        keep(lane, spent)
    if turn.share != Share.POLL:
        return turn
    OrganisationLane.objects.filter(pk=lane.pk).update(poll_asked_at=None)
    return Turn(wait_until=now + times.poll_room)
