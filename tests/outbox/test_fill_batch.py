"""A click becomes one batch, however often it is repeated and whoever else clicks at the same moment."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import BatchMember, SendBatch
from integrations.outbox import fill_batch
from integrations.outbox.fill_batch import make_batch
from integrations.web.batch_progress import progress_of
from invoices.models import Shipment
from tests.freight_factories import ShipmentFactory

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = uuid.UUID(int=1)


def click(tenant: Tenant, token: uuid.UUID = TOKEN) -> tuple[int, bool]:
    try:
        with tenant_scope(tenant):
            batch, is_new = make_batch(
                Shipment.objects.all(), sides="sales", form_token=token, by="mia", now=read_clock()
            )
            return batch.number, is_new
    finally:
        connection.close()


def at_once(count: int, *calls: Any) -> list[Any]:
    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(*call) for call in calls]]


def fill(tenant: Tenant, count: int) -> None:
    with tenant_scope(tenant):
        ShipmentFactory.create_batch(count, bill_to=None)


def test_selection_becomes_the_members_in_the_order_of_the_shipments(tenant: Tenant) -> None:
    fill(tenant, 3)

    click(tenant)

    with tenant_scope(tenant):
        members = list(BatchMember.objects.order_by("id").values_list("shipment_id", "outcome"))
        expected = [(pk, "waiting") for pk in Shipment.objects.order_by("id").values_list("id", flat=True)]
    assert members == expected


def test_what_a_click_leaves_over_becomes_members_before_they_are_looked_at(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fill_batch, "AT_ONCE", 2)
    fill(tenant, 5)
    click(tenant)
    fill(tenant, 1)

    with tenant_scope(tenant):
        expected = list(Shipment.objects.order_by("id").values_list("id", flat=True))[:5]
        first = list(BatchMember.objects.order_by("id").values_list("shipment_id", flat=True))
        batch = SendBatch.objects.get()
        ((_, progress),) = progress_of([batch])
        stale = SendBatch.objects.get()
        fill_batch.complete_batch(batch)
        fill_batch.complete_batch(stale)
        members = list(BatchMember.objects.order_by("id").values_list("shipment_id", flat=True))
        ((_, completed),) = progress_of([SendBatch.objects.get()])

    assert (first, members) == (expected[:2], expected)
    assert [(one.selected, one.waiting) for one in (progress, completed)] == [(5, 5), (5, 5)]


def test_second_click_finds_the_first_ones_batch(tenant: Tenant) -> None:
    fill(tenant, 2)
    first = click(tenant)
    fill(tenant, 1)

    second = click(tenant)

    with tenant_scope(tenant):
        assert BatchMember.objects.count() == 2
    assert (first, second) == ((1, True), (1, False))


def test_twenty_clicks_at_once_make_one_batch(tenant: Tenant) -> None:
    fill(tenant, 2)

    results = at_once(20, *[(click, tenant)] * 20)

    with tenant_scope(tenant):
        assert (SendBatch.objects.count(), BatchMember.objects.count()) == (1, 2)
    assert sorted(results) == [(1, False)] * 19 + [(1, True)]


def test_people_who_click_at_once_each_get_a_batch_of_their_own(tenant: Tenant) -> None:
    fill(tenant, 1)

    results = at_once(8, *[(click, tenant, uuid.uuid4()) for _ in range(8)])

    assert sorted(results) == [(number, True) for number in range(1, 9)]


def test_batch_holds_no_shipment_of_another_tenant(tenant: Tenant, other_tenant: Tenant) -> None:
    fill(tenant, 1)
    fill(other_tenant, 3)

    click(tenant)

    with tenant_scope(tenant):
        assert BatchMember.objects.count() == 1
