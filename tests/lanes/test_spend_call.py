"""Calls are counted before they are made: of the lane, of its share, and of all lanes together."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection as database

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.lanes.app_calls import CHUNKS, Chunk, fill, spend_app_call
from integrations.lanes.app_pace import AHEAD, CHUNK, call_gap, chunk_life
from integrations.lanes.call_budget import FIRST_CALLS
from integrations.lanes.choose_share import choose_share
from integrations.lanes.claim_lane import HeldLane, claim_due_lane, held_scope
from integrations.lanes.fair_shares import Share
from integrations.lanes.lane_times import LaneTimes
from integrations.lanes.new_lane import make_lane
from integrations.lanes.next_turn import Turn
from integrations.lanes.spend_call import Granted, spend_call, spend_calls
from integrations.models import AppBudget, OrganisationLane, XeroConnection

pytestmark = pytest.mark.django_db(transaction=True)
REAL_TIMES = LaneTimes()


@pytest.fixture(autouse=True)
def _no_calls_of_other_tests() -> Iterator[None]:
    CHUNKS.clear()
    yield
    CHUNKS.clear()


@pytest.fixture
def held(tenant: Tenant) -> HeldLane:
    with tenant_scope(tenant):
        now = read_clock()
        lane = make_lane(XeroConnection.objects.create(organisation_id=UUID(int=1), name="Harbour"), now=now)
        OrganisationLane.objects.filter(pk=lane.pk).update(next_at=now)
    claimed = claim_due_lane()
    assert claimed is not None
    return claimed


def change(held: HeldLane, **fields: Any) -> None:
    with held_scope(held):
        OrganisationLane.objects.update(**fields)


def current(held: HeldLane) -> OrganisationLane:
    with held_scope(held):
        return OrganisationLane.objects.get()


@pytest.mark.parametrize("share", Share)
def test_call_is_counted_before_it_is_made(held: HeldLane, share: Share) -> None:
    with held_scope(held) as now:
        waits = spend_call(OrganisationLane.objects.get(), share=share, now=now)

    lane = current(held)
    assert (waits, lane.minute_left, lane.day_left) == (None, 59, 999)
    assert [lane.spent_interactive, lane.spent_bulk, lane.spent_poll] == [int(share == one) for one in Share]
    assert AppBudget.objects.get().paced_until == now + CHUNK * call_gap(REAL_TIMES)


def test_call_that_must_wait_is_not_counted(held: HeldLane) -> None:
    with held_scope(held) as now:
        OrganisationLane.objects.update(minute_left=0, minute_started_at=now)
        waits = spend_call(OrganisationLane.objects.get(), share=Share.INTERACTIVE, now=now)

    assert waits == now + timedelta(minutes=1)
    assert (current(held).day_left, current(held).paused_until) == (1000, None)


def test_bulk_keeps_to_its_line_with_a_round_too(held: HeldLane) -> None:
    with held_scope(held) as now:
        granted = spend_calls(OrganisationLane.objects.get(), share=Share.BULK, most=25, now=now)

    lane = current(held)
    assert granted == Granted(FIRST_CALLS)
    assert (lane.minute_left, lane.day_left) == (60 - FIRST_CALLS, 1000 - FIRST_CALLS)


def test_turns_of_a_round_are_counted_as_if_they_came_one_by_one(held: HeldLane) -> None:
    def spent() -> tuple[int, int, int]:
        lane = current(held)
        return lane.spent_interactive, lane.spent_bulk, lane.spent_poll

    change(held, spent_poll=3)
    with held_scope(held) as now:
        for _ in range(5):
            assert choose_share(OrganisationLane.objects.get(), [Share.BULK], now=now).share == Share.BULK
            spend_call(OrganisationLane.objects.get(), share=Share.BULK, now=now)
    one_by_one = spent()
    change(held, spent_interactive=0, spent_bulk=0, spent_poll=3, minute_left=60)
    with held_scope(held) as now:
        assert spend_calls(OrganisationLane.objects.get(), share=Share.BULK, most=5, now=now) == Granted(5)

    assert spent() == one_by_one


def test_lane_that_is_free_goes_to_bulk_and_to_a_click_first(held: HeldLane) -> None:
    with held_scope(held) as now:
        lane = OrganisationLane.objects.get()
        turns = [
            choose_share(lane, waiting, now=now) for waiting in ([Share.BULK], [Share.BULK, Share.INTERACTIVE], [])
        ]

    assert turns == [Turn(share=Share.BULK), Turn(share=Share.INTERACTIVE), Turn()]


def test_outbox_makes_room_for_a_reading_that_found_the_lane_busy(held: HeldLane) -> None:
    """Once it has had its own turns; and once for each time it is asked."""
    with held_scope(held) as now:
        OrganisationLane.objects.update(poll_asked_at=now)
        first = choose_share(OrganisationLane.objects.get(), [Share.BULK], now=now)
        OrganisationLane.objects.update(spent_bulk=2)
        second = choose_share(OrganisationLane.objects.get(), [Share.BULK], now=now)
        third = choose_share(OrganisationLane.objects.get(), [Share.BULK], now=now)

    assert (first, third) == (Turn(share=Share.BULK),) * 2
    assert second == Turn(wait_until=now + timedelta(seconds=4))


def test_reading_that_asked_long_ago_is_not_waited_for(held: HeldLane) -> None:
    with held_scope(held) as now:
        OrganisationLane.objects.update(poll_asked_at=now - timedelta(seconds=31), spent_bulk=2)

        assert choose_share(OrganisationLane.objects.get(), [Share.BULK], now=now) == Turn(share=Share.BULK)


def test_round_that_is_over_is_remembered(held: HeldLane) -> None:
    change(held, spent_bulk=2, spent_poll=9)

    with held_scope(held) as now:
        choose_share(OrganisationLane.objects.get(), [Share.BULK], now=now)

    assert (current(held).spent_bulk, current(held).spent_poll) == (0, 8)


def test_row_of_the_app_is_written_once_for_ten_calls(tenant: Tenant) -> None:
    now = read_clock()

    waits = [spend_app_call(now=now) for _ in range(CHUNK)]
    first = AppBudget.objects.get().paced_until
    spend_app_call(now=now)

    assert waits == [None] * CHUNK
    assert first == now + CHUNK * call_gap(REAL_TIMES)
    assert AppBudget.objects.get().paced_until == now + 2 * CHUNK * call_gap(REAL_TIMES)


def test_calls_that_a_worker_did_not_make_in_time_are_void(tenant: Tenant) -> None:
    now = read_clock()
    spend_app_call(now=now)

    spend_app_call(now=now + chunk_life(REAL_TIMES))

    assert CHUNKS["sandbox-client"].left == CHUNK - 1


def test_limit_of_the_app_makes_a_call_wait(held: HeldLane) -> None:
    with held_scope(held) as now:
        AppBudget.objects.create(client_id="sandbox-client", paced_until=now + timedelta(minutes=1))
        waits = spend_call(OrganisationLane.objects.get(), share=Share.INTERACTIVE, now=now)

    assert waits == now + CHUNK * call_gap(REAL_TIMES)
    assert current(held).minute_left == 60


def test_eight_processes_never_take_more_than_the_app_may(tenant: Tenant) -> None:
    """So many chunks are there at any moment; who comes later waits, and none is given out twice."""
    now = read_clock()

    def take(_number: int) -> bool:
        try:
            return fill(Chunk(), now=now) is None
        finally:
            database.close()

    with ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(take, range(40)))

    assert taken == AHEAD // CHUNK + 1
    assert AppBudget.objects.get().paced_until == now + taken * CHUNK * call_gap(REAL_TIMES)
