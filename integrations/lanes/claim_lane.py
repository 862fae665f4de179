"""
One worker at a time speaks to an organisation. It holds the lane's lease; every write it makes while it does
names the lane's fence, so a worker that slept through its lease changes nothing when it wakes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.db.models.functions import Coalesce, Least

from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import directory_scope, tenant_scope
from integrations.lanes.call_budget import CallBudget
from integrations.models import OrganisationLane
from integrations.models.xero_connection import ConnectionStatus

LEASE = timedelta(seconds=180)
CANDIDATES = 8
BUDGET_FIELDS = [field.name for field in fields(CallBudget)]


class LaneLostError(Exception):
    """Another worker has the lane now: drop everything, it starts from what was committed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLane:
    tenant_id: int
    lane_id: int
    connection_id: int
    fence: int


def claim_due_lane() -> HeldLane | None:
    """The due lane that was served longest ago; None: nothing is due, or others are at it."""
    for lane in _due_lanes():
        held = _claim(lane)
        if held is not None:
            return held
    return None


def claim_lane_of(*, tenant_id: int, connection_id: int) -> HeldLane | None:
    """For work that is not in the outbox, such as polling; None: another worker has it."""
    with tenant_scope(tenant_id):
        lane = OrganisationLane.objects.filter(connection=connection_id).first()
    return _claim(lane) if lane else None


@contextmanager
def held_scope(held: HeldLane) -> Iterator[datetime]:
    """
    A transaction of the lane's holder, with the moment it began. The lease is prolonged, and the lane's row
    stays locked until the commit, so that nobody takes the lane in the middle. Raises LaneLostError.
    """
    with tenant_scope(held.tenant_id):
        now = read_clock()
        mine = OrganisationLane.objects.filter(pk=held.lane_id, fence=held.fence, lease_until__isnull=False)
        if not mine.update(lease_until=now + LEASE):
            raise LaneLostError(f"Lane {held.lane_id} is held by somebody else.")
        yield now


def release(held: HeldLane, *, next_at: datetime | None, seen_wakes: int) -> None:
    """
    `next_at`: when there is something to do again, as far as was known at `seen_wakes`. Whoever left work
    since then has raised the count, and the lane is due at once. Losing the lane just before is no harm.
    """
    with tenant_scope(held.tenant_id):
        now = read_clock()
        mine = OrganisationLane.objects.filter(pk=held.lane_id, fence=held.fence)
        freed = {"lease_until": None, "last_served_at": now}
        if not mine.filter(wake_count=seen_wakes).update(next_at=next_at, **freed):
            mine.update(next_at=now, **freed)


def wake_lane(*, connection_id: int, at: datetime) -> None:
    """
    Makes the lane due. Its row stays locked until the caller's commit, so whoever changes jobs that stand
    already calls this first and reads them afterwards: the lane's holder then changes none of them
    meanwhile. Whoever only adds jobs calls it last, to keep the lane for as short as possible.
    """
    lanes = OrganisationLane.objects.filter(connection=connection_id)
    lanes.update(next_at=Least(Coalesce(F("next_at"), at), at), wake_count=F("wake_count") + 1)


def pause(held: HeldLane, *, until: datetime, reason: str) -> None:
    """In `held_scope`."""
    OrganisationLane.objects.filter(pk=held.lane_id).update(paused_until=until, pause_reason=reason[:200])


def budget_of(lane: OrganisationLane) -> CallBudget:
    return CallBudget(**{name: getattr(lane, name) for name in BUDGET_FIELDS})


def keep_budget(held: HeldLane, budget: CallBudget) -> None:
    """In `held_scope`."""
    changed = {name: getattr(budget, name) for name in BUDGET_FIELDS}
    OrganisationLane.objects.filter(pk=held.lane_id).update(**changed)


def _due_lanes() -> list[OrganisationLane]:
    with directory_scope():
        now = read_clock()
        due = OrganisationLane.directory.filter(
            Q(lease_until=None) | Q(lease_until__lte=now),
            Q(paused_until=None) | Q(paused_until__lte=now),
            next_at__lte=now,
            connection__status=ConnectionStatus.CONNECTED,
        )
        return list(due.order_by(F("last_served_at").asc(nulls_first=True), "next_at")[:CANDIDATES])


def _claim(lane: OrganisationLane) -> HeldLane | None:
    """Compare and set: of two workers that saw the lane free, the one whose update counts has it."""
    with tenant_scope(lane.tenant_id):
        now = read_clock()
        is_free = Q(lease_until=None) | Q(lease_until__lte=now)
        won = OrganisationLane.objects.filter(is_free, pk=lane.pk, fence=lane.fence).update(
            fence=lane.fence + 1, lease_until=now + LEASE
        )
    if not won:
        return None
    return HeldLane(tenant_id=lane.tenant_id, lane_id=lane.pk, connection_id=lane.connection_id, fence=lane.fence + 1)
