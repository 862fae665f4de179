"""One worker at a time speaks to an organisation; who lost the lane changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection as database

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.lanes.claim_lane import (
    HeldLane,
    LaneLostError,
    claim_due_lane,
    claim_lane_of,
    held_scope,
    pause,
    release,
    wake_lane,
)
from integrations.lanes.new_lane import make_lane
from integrations.models import OrganisationLane, XeroConnection
from tests.conftest import make_tenant

pytestmark = pytest.mark.django_db(transaction=True)


def lane(tenant: Tenant, *, status: str = "connected", **fields: Any) -> OrganisationLane:
    """Due since a second ago unless `fields` say otherwise."""
    with tenant_scope(tenant):
        now = read_clock()
        connection = XeroConnection.objects.create(organisation_id=UUID(int=tenant.pk), name=tenant.name, status=status)
        made = make_lane(connection, now=now)
        OrganisationLane.objects.filter(pk=made.pk).update(**{"next_at": now - timedelta(seconds=1), **fields})
        return OrganisationLane.objects.get()


def current(tenant: Tenant) -> OrganisationLane:
    with tenant_scope(tenant):
        return OrganisationLane.objects.get()


def claim() -> HeldLane:
    held = claim_due_lane()
    assert held is not None
    return held


def claim_in_thread() -> HeldLane | None:
    try:
        return claim_due_lane()
    finally:
        database.close()


def test_due_lane_is_claimed_with_a_new_fence_and_a_lease(tenant: Tenant) -> None:
    made = lane(tenant)

    held = claim()

    after = current(tenant)
    assert held == HeldLane(
        tenant_id=tenant.pk, lane_id=made.pk, connection_id=made.connection_id, fence=made.fence + 1
    )
    assert after.fence == held.fence
    assert after.lease_until is not None
    assert timedelta(seconds=170) < after.lease_until - read_clock() <= timedelta(seconds=180)


@pytest.mark.parametrize(
    ("fields", "is_due"),
    [
        ({}, True),
        ({"next_at": None}, False),
        ({"next_at": timedelta(seconds=60)}, False),
        ({"lease_until": timedelta(seconds=60)}, False),
        ({"lease_until": timedelta(seconds=-1)}, True),
        ({"paused_until": timedelta(seconds=60)}, False),
        ({"paused_until": timedelta(seconds=-1)}, True),
        ({"status": "needs reconnect"}, False),
        ({"status": "disconnected"}, False),
    ],
)
def test_only_what_is_due_free_and_connected_is_claimed(tenant: Tenant, fields: dict[str, Any], is_due: bool) -> None:
    now = read_clock()
    lane(tenant, **{name: now + value if isinstance(value, timedelta) else value for name, value in fields.items()})

    assert (claim_due_lane() is not None) == is_due


def test_lane_that_was_served_longest_ago_goes_first(tenant: Tenant) -> None:
    now = read_clock()
    tenants = [make_tenant(f"company-{number}") for number in range(4)]
    for one, minutes in zip(tenants, (5, 9, 1, None), strict=True):
        lane(one, last_served_at=now - timedelta(minutes=minutes) if minutes else None)

    order = [claim().tenant_id for _ in range(4)]

    assert order == [tenants[index].pk for index in (3, 1, 0, 2)]


def test_eight_workers_share_three_lanes_without_meeting(tenant: Tenant, other_tenant: Tenant) -> None:
    for one in (tenant, other_tenant, make_tenant("third")):
        lane(one)

    with ThreadPoolExecutor(8) as pool:
        held = [future.result() for future in [pool.submit(claim_in_thread) for _ in range(8)]]

    lanes = [one.lane_id for one in held if one is not None]
    assert len(lanes) == len(set(lanes)) == 3


def test_lane_of_one_company_can_be_claimed_by_name_though_it_is_not_due(tenant: Tenant) -> None:
    made = lane(tenant, next_at=None)

    first = claim_lane_of(tenant_id=tenant.pk, connection_id=made.connection_id)
    second = claim_lane_of(tenant_id=tenant.pk, connection_id=made.connection_id)

    assert first is not None
    assert second is None
    assert claim_lane_of(tenant_id=tenant.pk, connection_id=0) is None


def test_every_write_of_the_holder_prolongs_its_lease(tenant: Tenant) -> None:
    lane(tenant)
    held = claim()
    with tenant_scope(tenant):
        OrganisationLane.objects.update(lease_until=read_clock() + timedelta(seconds=1))

    with held_scope(held) as now:
        pass

    assert current(tenant).lease_until == now + timedelta(seconds=180)


def test_worker_that_slept_through_its_lease_changes_nothing(tenant: Tenant) -> None:
    lane(tenant)
    slow = claim()
    with tenant_scope(tenant):
        OrganisationLane.objects.update(lease_until=read_clock())
    quick = claim()

    with pytest.raises(LaneLostError), held_scope(slow):
        pytest.fail("The lane was another's.")
    release(slow, next_at=None, seen_wakes=0)

    after = current(tenant)
    assert (after.fence, after.lease_until is not None, after.next_at is not None) == (quick.fence, True, True)


def test_lane_that_was_released_is_held_by_nobody(tenant: Tenant) -> None:
    lane(tenant)
    held = claim()
    release(held, next_at=None, seen_wakes=0)

    with pytest.raises(LaneLostError), held_scope(held):
        pytest.fail("The lane was nobody's.")


def test_released_lane_sleeps_until_there_is_something_to_do(tenant: Tenant) -> None:
    made = lane(tenant, wake_count=4)
    held = claim()
    at = read_clock() + timedelta(minutes=3)

    release(held, next_at=at, seen_wakes=4)

    after = current(tenant)
    assert (after.next_at, after.lease_until) == (at, None)
    assert made.last_served_at is None
    assert after.last_served_at is not None


def test_work_left_while_the_lane_was_held_is_not_slept_over(tenant: Tenant) -> None:
    """The holder saw nothing to do, and somebody left something before it let go."""
    lane(tenant, wake_count=4)
    held = claim()
    with tenant_scope(tenant):
        wake_lane(connection_id=held.connection_id, at=read_clock())

    release(held, next_at=None, seen_wakes=4)

    after = current(tenant)
    assert after.next_at is not None
    assert after.next_at <= read_clock()


@pytest.mark.parametrize(("before", "after"), [(None, 0), (60, 0), (-60, -60)])
def test_lane_is_woken_at_the_earlier_moment(tenant: Tenant, before: int | None, after: int) -> None:
    now = read_clock()
    made = lane(tenant, next_at=now + timedelta(seconds=before) if before is not None else None)

    with tenant_scope(tenant):
        wake_lane(connection_id=made.connection_id, at=now)

    assert (current(tenant).next_at, current(tenant).wake_count) == (
        now + timedelta(seconds=after),
        made.wake_count + 1,
    )


def test_pause_keeps_the_lane_from_being_claimed(tenant: Tenant) -> None:
    lane(tenant)
    held = claim()
    with held_scope(held) as now:
        pause(held, until=now + timedelta(seconds=30), reason="x" * 300)
    release(held, next_at=now, seen_wakes=0)

    assert claim_due_lane() is None
    assert current(tenant).pause_reason == "x" * 200


def test_nobody_takes_the_lane_in_the_middle_of_a_write(tenant: Tenant) -> None:
    """Its lease is over, but it is just writing, which prolongs it: who wants the lane waits and goes without."""
    lane(tenant)
    held = claim()
    with tenant_scope(tenant):
        OrganisationLane.objects.update(lease_until=read_clock())

    with ThreadPoolExecutor(1) as pool:
        with held_scope(held):
            taken = pool.submit(claim_in_thread)
            with pytest.raises(TimeoutError):
                taken.result(timeout=0.2)
        assert taken.result() is None
