"""One worker at a time speaks to an organisation; who lost the lane changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection as database

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import directory_scope, tenant_scope
from integrations.lanes.app_calls import may_resume, pause_all
from integrations.lanes.claim_lane import (
    HeldLane,
    LaneLostError,
    claim_due_lane,
    claim_lane_of,
    held_scope,
    next_lane_due_at,
    pause,
    release,
    wake_lane,
)
from integrations.lanes.lane_times import LaneTimes
from integrations.lanes.new_lane import make_lane
from integrations.models import AppBudget, OrganisationLane, SyncJob, XeroConnection, XeroDocument
from integrations.outbox.delivery_times import DeliveryTimes
from integrations.xero_gateway.call_times import CallTimes
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
    release(slow, next_at=None, click_at=None, seen_wakes=0)

    after = current(tenant)
    assert (after.fence, after.lease_until is not None, after.next_at is not None) == (quick.fence, True, True)


def test_lane_that_was_released_is_held_by_nobody(tenant: Tenant) -> None:
    lane(tenant)
    held = claim()
    release(held, next_at=None, click_at=None, seen_wakes=0)

    with pytest.raises(LaneLostError), held_scope(held):
        pytest.fail("The lane was nobody's.")


def test_released_lane_sleeps_until_there_is_something_to_do(tenant: Tenant) -> None:
    made = lane(tenant, wake_count=4)
    held = claim()
    at = read_clock() + timedelta(minutes=3)

    release(held, next_at=at, click_at=at, seen_wakes=4)

    after = current(tenant)
    assert (after.next_at, after.click_at, after.lease_until) == (at, at, None)
    assert made.last_served_at is None
    assert after.last_served_at is not None


def test_work_left_while_the_lane_was_held_is_not_slept_over(tenant: Tenant) -> None:
    """The holder saw nothing to do, and somebody left something before it let go."""
    lane(tenant, wake_count=4)
    held = claim()
    with tenant_scope(tenant):
        wake_lane(connection_id=held.connection_id, at=read_clock())

    release(held, next_at=None, click_at=None, seen_wakes=4)

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
    release(held, next_at=now, click_at=None, seen_wakes=0)

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


def test_lane_in_which_a_person_waits_goes_before_all_others(tenant: Tenant, other_tenant: Tenant) -> None:
    now = read_clock()
    clicked = lane(tenant, last_served_at=now)
    lane(other_tenant, last_served_at=now - timedelta(hours=1))
    with tenant_scope(tenant):
        wake_lane(connection_id=clicked.connection_id, at=now, for_person=True)

    assert claim().lane_id == clicked.pk


def test_worker_for_clicks_leaves_bulk_to_others(tenant: Tenant, other_tenant: Tenant) -> None:
    now = read_clock()
    lane(tenant)
    lane(other_tenant, click_at=now + timedelta(seconds=60))

    assert claim_due_lane(clicks_only=True) is None


def test_click_that_came_meanwhile_is_not_forgotten(tenant: Tenant) -> None:
    lane(tenant)
    held = claim()
    with tenant_scope(tenant):
        wake_lane(connection_id=held.connection_id, at=read_clock(), for_person=True)

    release(held, next_at=None, click_at=None, seen_wakes=0)

    assert claim_due_lane(clicks_only=True) is not None


def test_lanes_come_back_from_an_outage_ten_a_second(tenant: Tenant) -> None:
    now = read_clock()

    allowed = [may_resume(now=now + timedelta(milliseconds=ms)) for ms in (0, 99, 100, 150, 200)]

    assert allowed == [True, False, True, False, True]


def test_eight_workers_bring_one_lane_back_at_a_time(tenant: Tenant) -> None:
    now = read_clock()

    def ask(_number: int) -> bool:
        try:
            return may_resume(now=now)
        finally:
            database.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(8))) == 1


@pytest.mark.parametrize(("others_in", "is_claimed"), [(60, False), (-1, True)])
def test_lane_comes_back_after_an_outage_when_it_is_its_turn(tenant: Tenant, others_in: int, is_claimed: bool) -> None:
    lane(tenant, outage_count=1)
    AppBudget.objects.create(client_id="sandbox-client", next_resume_at=read_clock() + timedelta(seconds=others_in))

    assert (claim_due_lane() is not None) == is_claimed


def test_lane_that_is_well_does_not_wait_for_those_that_come_back(tenant: Tenant, other_tenant: Tenant) -> None:
    well = lane(other_tenant, last_served_at=read_clock())
    lane(tenant, outage_count=1)

    assert claim().lane_id == well.pk


def test_limit_of_the_app_stops_all_lanes(tenant: Tenant, other_tenant: Tenant) -> None:
    lane(tenant)
    lane(other_tenant)
    pause_all(until=read_clock() + timedelta(seconds=30), reason="x")
    while_paused = claim_due_lane()
    pause_all(until=read_clock(), reason="x")

    assert while_paused is None
    assert claim_due_lane() is not None


@pytest.mark.parametrize(
    ("spent", "due_in", "is_open"), [(0, 0, True), (1, 0, False), (1, 2, False), (1, 60, True), (1, None, True)]
)
def test_reading_that_had_its_share_lets_the_outbox_go_first(
    tenant: Tenant, spent: int, due_in: int | None, is_open: bool
) -> None:
    made = lane(tenant, spent_poll=spent)
    if due_in is not None:
        leave_job(tenant, made, next_at=read_clock() + timedelta(seconds=due_in))

    held = claim_lane_of(tenant_id=tenant.pk, connection_id=made.connection_id)

    assert (held is not None) == is_open
    assert (current(tenant).poll_asked_at is None) == is_open


def leave_job(tenant: Tenant, of: OrganisationLane, *, next_at: datetime) -> None:
    with tenant_scope(tenant):
        document = XeroDocument.objects.create(
            connection_id=of.connection_id, kind="sales invoice", identity="x", number="INV-1", currency="AUD", total=1,
            state="queued",
        )  # fmt: skip
        SyncJob.objects.create(
            connection_id=of.connection_id, document=document, operation="create", kind="sales invoice", source={},
            target_status="AUTHORISED", next_at=next_at, created_at=next_at,
        )  # fmt: skip


def test_lane_whose_holder_died_is_due_when_its_lease_is_over(tenant: Tenant) -> None:
    """Nobody else tells; a living holder prolongs it before."""
    lane(tenant)
    claim()

    with directory_scope():
        due_at = next_lane_due_at()

    assert due_at == current(tenant).lease_until


def test_lease_outlasts_the_longest_call() -> None:
    """The intent may wait before it is sent; connecting and sending have the same time-out."""
    delivery, call, lease = DeliveryTimes(), CallTimes(), LaneTimes().lease

    assert delivery.send_within + 2 * call.connect + call.read < lease
