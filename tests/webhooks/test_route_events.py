"""Events find their company, and wait a little for those that come with them."""

from datetime import timedelta
from uuid import UUID

import pytest

from freightbridge.background_work.models import WorkItem
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import WebhookEvent, XeroConnection
from integrations.webhooks.process_events import PROCESS_EVENTS
from integrations.webhooks.route_events import DEBOUNCE, route_events
from tests.conftest import NOW
from tests.webhooks.xero_messages import ORGANISATION

pytestmark = pytest.mark.django_db


def connected(tenant: Tenant, organisation_id: UUID = ORGANISATION, **fields: object) -> XeroConnection:
    with tenant_scope(tenant):
        return XeroConnection.objects.create(organisation_id=organisation_id, name="Harbour", **fields)


def receive(number: int, organisation_id: UUID = ORGANISATION, after: timedelta = timedelta(0)) -> WebhookEvent:
    return WebhookEvent.objects.create(
        organisation_id=organisation_id, resource_id=UUID(int=number), category="INVOICE", event_type="UPDATE",
        happened_at=NOW, received_at=NOW + after,
    )  # fmt: skip


def work(tenant: Tenant) -> list[tuple[int, object]]:
    with tenant_scope(tenant):
        return list(WorkItem.objects.filter(kind=PROCESS_EVENTS).values_list("subject_id", "next_at"))


def test_events_become_one_piece_of_work_of_their_own_company(tenant: Tenant, other_tenant: Tenant) -> None:
    ours, theirs = connected(tenant), connected(other_tenant, UUID(int=2))
    receive(1)
    receive(2, after=timedelta(seconds=3))
    receive(3, UUID(int=2))

    assert route_events(0.0)

    assert (work(tenant), work(other_tenant)) == ([(ours.pk, NOW + DEBOUNCE)], [(theirs.pk, NOW + DEBOUNCE)])
    assert not WebhookEvent.objects.filter(routed_at=None).exists()


def test_storm_does_not_put_the_work_off(tenant: Tenant) -> None:
    connection = connected(tenant)
    for second in range(20):
        receive(second, after=timedelta(seconds=second))
        route_events(0.0)

    assert work(tenant) == [(connection.pk, NOW + DEBOUNCE)]


def test_what_is_done_already_does_not_hurry_what_comes_later(tenant: Tenant) -> None:
    connection = connected(tenant)
    receive(1)
    route_events(0.0)
    WebhookEvent.objects.update(settled_at=NOW)
    receive(2, after=timedelta(seconds=60))

    route_events(0.0)

    assert work(tenant) == [(connection.pk, NOW + timedelta(seconds=60) + DEBOUNCE)]


def test_there_is_nothing_to_route_twice(tenant: Tenant) -> None:
    connected(tenant)
    receive(1)

    assert [route_events(0.0), route_events(0.0)] == [True, False]


@pytest.mark.parametrize("status", [None, "disconnected"])
def test_events_of_an_organisation_that_nobody_is_connected_to_are_forgotten(
    tenant: Tenant, status: str | None
) -> None:
    if status:
        connected(tenant, status=status)
    receive(1)

    route_events(0.0)

    assert work(tenant) == []
    assert not WebhookEvent.objects.exists()


def test_events_of_a_lost_connection_wait_for_it(tenant: Tenant) -> None:
    connection = connected(tenant, status="needs reconnect")
    receive(1)

    route_events(0.0)

    assert work(tenant) == [(connection.pk, NOW + DEBOUNCE)]


def test_quiet_times_cost_one_query(tenant: Tenant, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert not route_events(0.0)


def test_work_asked_for_now_is_due_when_the_first_has_waited(tenant: Tenant) -> None:
    """By the clock of the database, which both are taken from."""
    connected(tenant)
    now = read_clock()
    WebhookEvent.objects.filter(pk=receive(1).pk).update(received_at=now)

    route_events(0.0)

    ((_, due_at),) = work(tenant)
    assert due_at == now + timedelta(seconds=5)
