"""
One worker at a time speaks to an organisation. It holds the lane's lease; every write it makes while it does
names the lane's fence, so a worker that slept through its lease changes nothing when it wakes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Least

from freightbridge.clock import read_clock
from freightbridge.current_times import current_times
from freightbridge.tenancy.scope import directory_scope, tenant_scope
from integrations.job_states import OPEN_STATES
from integrations.lanes.app_calls import all_paused_until, may_resume
from integrations.lanes.fair_shares import Share
from integrations.lanes.lane_budget import spent_of
from integrations.lanes.lane_times import LaneTimes
from integrations.models import OrganisationLane, SyncJob
from integrations.models.xero_connection import ConnectionStatus

CANDIDATES = 8
# Lanes that come back after an outage hold up none that are well. As SQL, since workers ask it before every turn:
# built anew each time, it took longer than it ran.
DUE_LANES = """
    SELECT lane.id, lane.tenant_id, lane.connection_id, lane.fence, lane.outage_count
    FROM integrations_organisationlane AS lane
    JOIN integrations_xeroconnection AS connection ON connection.id = lane.connection_id
    WHERE connection.status = %(connected)s AND lane.next_at <= %(now)s
        AND (lane.lease_until IS NULL OR lane.lease_until <= %(now)s)
        AND (lane.paused_until IS NULL OR lane.paused_until <= %(now)s)
        AND (lane.click_at <= %(now)s OR NOT %(clicks_only)s)
    ORDER BY lane.outage_count > 0, (lane.click_at IS NOT NULL AND lane.click_at <= %(now)s) DESC,
        lane.last_served_at NULLS FIRST, lane.next_at
    LIMIT %(most)s
"""
# Null does not count: a lane that is neither paused nor held is due at its own moment. A pause of all lanes that is
# over changes nothing, since what was due before it ended is due now.
FIRST_DUE = """
    SELECT
        min(greatest(lane.next_at, CASE WHEN %(clicks_only)s THEN click_at END, lane.paused_until, lane.lease_until)),
        (SELECT paused_until FROM integrations_appbudget WHERE client_id = %(client)s)
    FROM integrations_organisationlane AS lane
    JOIN integrations_xeroconnection AS connection ON connection.id = lane.connection_id
    WHERE connection.status = %(connected)s AND lane.next_at IS NOT NULL
        AND (lane.click_at IS NOT NULL OR NOT %(clicks_only)s)
"""
# One statement, since every call to Xero stands between two of these.
PROLONG = """
    UPDATE integrations_organisationlane SET lease_until = clock_timestamp() + %(lease)s
    WHERE id = %(id)s AND tenant_id = %(tenant)s AND fence = %(fence)s AND lease_until IS NOT NULL
    RETURNING *
"""


class LaneLostError(Exception):
    """Another worker has the lane now: drop everything, it starts from what was committed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLane:
    tenant_id: int
    lane_id: int
    connection_id: int
    fence: int


def claim_due_lane(*, clicks_only: bool = False) -> HeldLane | None:
    """
    A due lane, those first in which a person waits, then that which was served longest ago; None: nothing is
    due, others are at it, or Xero wants a rest from all of us. `clicks_only`: none but the first ones.

    A lane that comes back after an outage begins with one call, since calls go one by one and the first that
    fails ends the turn; and of those lanes ten a second come back.
    """
    for lane in _due_lanes(clicks_only=clicks_only):
        if lane.outage_count and not may_resume(now=read_clock()):
            continue
        with tenant_scope(lane.tenant_id):
            held = _take(lane, now=read_clock())
        if held is not None:
            return held
    return None


def claim_lane_of(*, tenant_id: int, connection_id: int) -> HeldLane | None:
    """
    For work that is not in the outbox, such as polling. None: another worker has it, or what people sent waits and
    polling has had its share; the lane then makes room for it when its turn comes.
    """
    with tenant_scope(tenant_id):
        lane, now = OrganisationLane.objects.filter(connection=connection_id).first(), read_clock()
        if lane is None:
            return None
        held = _take(lane, now=now, poll_asked_at=None) if _is_open_to_polling(lane, now) else None
        if held is None:
            OrganisationLane.objects.filter(pk=lane.pk).update(poll_asked_at=now)
        return held


def next_lane_due_at(*, clicks_only: bool = False) -> datetime | None:
    """
    When the first of the lanes has something to do. One that is held counts from the end of its lease, which a
    living holder prolongs: should he be dead, nobody else will tell. In the scope of the directory.
    """
    asked = {"connected": ConnectionStatus.CONNECTED.value, "client": settings.XERO_CLIENT_ID}
    with connection.cursor() as cursor:
        cursor.execute(FIRST_DUE, {**asked, "clicks_only": clicks_only})
        first: datetime | None
        first, paused_until = cursor.fetchone()
    return max(first, paused_until) if first and paused_until else first


@contextmanager
def held_lane(held: HeldLane) -> Iterator[tuple[OrganisationLane, datetime]]:
    """
    A transaction of the lane's holder: the lane as it stands, and the moment it began. The lease is prolonged, and the
    lane's row stays locked until the commit, so that nobody takes the lane in the middle. Raises LaneLostError.
    """
    mine = {"id": held.lane_id, "tenant": held.tenant_id, "fence": held.fence}
    with tenant_scope(held.tenant_id):
        lease = current_times(LaneTimes).lease
        lane = next(iter(OrganisationLane.objects.raw(PROLONG, {**mine, "lease": lease})), None)
        if lane is None or lane.lease_until is None:
            raise LaneLostError(f"Lane {held.lane_id} is held by somebody else.")
        yield lane, lane.lease_until - lease


@contextmanager
def held_scope(held: HeldLane) -> Iterator[datetime]:
    """`held_lane` where nobody asks how the lane stands."""
    with held_lane(held) as (_, now):
        yield now


def release(held: HeldLane, *, next_at: datetime | None, click_at: datetime | None, seen_wakes: int) -> None:
    """
    `next_at`: when there is something to do again, `click_at`: when for a person, as far as was known at
    `seen_wakes`. Whoever left work since then has raised the count, and the lane is due at once. Losing the lane
    just before is no harm.
    """
    with tenant_scope(held.tenant_id):
        now = read_clock()
        mine = OrganisationLane.objects.filter(pk=held.lane_id, fence=held.fence)
        freed = {"lease_until": None, "last_served_at": now}
        if not mine.filter(wake_count=seen_wakes).update(next_at=next_at, click_at=click_at, **freed):
            mine.update(next_at=now, **freed)


def wake_lane(*, connection_id: int, at: datetime, for_person: bool = False) -> None:
    """
    Makes the lane due. Its row stays locked until the caller's commit, so whoever changes jobs that stand
    already calls this first and reads them afterwards: the lane's holder then changes none of them
    meanwhile. Whoever only adds jobs calls it last, to keep the lane for as short as possible.
    """
    woken = {"next_at": Least(Coalesce(F("next_at"), at), at), "wake_count": F("wake_count") + 1}
    if for_person:
        woken["click_at"] = Least(Coalesce(F("click_at"), at), at)
    OrganisationLane.objects.filter(connection=connection_id).update(**woken)


def pause(held: HeldLane, *, until: datetime, reason: str) -> None:
    """In `held_scope`."""
    OrganisationLane.objects.filter(pk=held.lane_id).update(paused_until=until, pause_reason=reason[:200])


def _due_lanes(*, clicks_only: bool) -> list[OrganisationLane]:
    with directory_scope():
        now = read_clock()
        if all_paused_until(now):
            return []
        asked = {"now": now, "clicks_only": clicks_only, "connected": ConnectionStatus.CONNECTED, "most": CANDIDATES}
        return list(OrganisationLane.directory.raw(DUE_LANES, asked))


def _is_open_to_polling(lane: OrganisationLane, now: datetime) -> bool:
    """In the tenant's scope."""
    soon = now + current_times(LaneTimes).poll_room
    waiting = SyncJob.objects.filter(connection=lane.connection_id, state__in=OPEN_STATES, next_at__lte=soon)
    return spent_of(lane).has_turn(Share.POLL) or not waiting.exists()


def _take(lane: OrganisationLane, *, now: datetime, **also: datetime | None) -> HeldLane | None:
    """Compare and set: of two workers that saw the lane free, the one whose update counts has it. In its scope."""
    is_free = Q(lease_until=None) | Q(lease_until__lte=now)
    won = OrganisationLane.objects.filter(is_free, pk=lane.pk, fence=lane.fence).update(
        fence=lane.fence + 1, lease_until=now + current_times(LaneTimes).lease, **also
    )
    if not won:
        return None
    return HeldLane(tenant_id=lane.tenant_id, lane_id=lane.pk, connection_id=lane.connection_id, fence=lane.fence + 1)
