"""Before anybody clicks, each shipment says whether it can go, and if not, why."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.background_work.work_kinds import Work
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import ChargeRule, XeroConnection
from invoices.models import Shipment
from invoices.workflows import assess_shipments as module
from invoices.workflows.assess_shipments import assess_all, assess_shipments
from tests.conftest import NOW
from tests.freight_factories import BillingEntityFactory, ShipmentFactory, ready_shipment
from tests.offline_company import offline_company

pytestmark = pytest.mark.django_db


def assess(tenant: Tenant) -> list[tuple[str, list[str]]]:
    assess_shipments(list(Shipment.objects.values_list("id", flat=True)), tenant=tenant, now=NOW)
    found = Shipment.objects.order_by("id").values_list("readiness", "readiness_problems")
    return [(readiness, [problem["code"] for problem in problems]) for readiness, problems in found]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("ready", [])),
        ({"incoterm": "", "declared_value": None}, ("not ready", ["FB-401", "FB-401"])),
        ({"currency": "CHF", "exchange_rate": "0.58"}, ("not ready", ["FB-402"])),
        ({"currency": "NZD"}, ("not ready", ["FB-401"])),
    ],
)
def test_shipment_says_what_an_invoice_would_lack(
    in_tenant: Tenant, changes: dict[str, Any], expected: tuple[str, list[str]]
) -> None:
    offline_company()
    ready_shipment(**changes)

    assert assess(in_tenant) == [expected]


def test_shipment_without_charges_has_nothing_to_invoice(in_tenant: Tenant) -> None:
    offline_company()
    ShipmentFactory(incoterm="")

    assert assess(in_tenant) == [("nothing", [])]


def test_mended_rule_makes_what_waited_for_it_ready(in_tenant: Tenant) -> None:
    offline_company()
    ChargeRule.objects.update(charge_code="OTHER")
    ready_shipment()
    before = assess(in_tenant)

    ChargeRule.objects.update(charge_code="FRT")

    assert (before, assess(in_tenant)) == ([("not ready", ["FB-301"])], [("ready", [])])


def test_without_a_connection_only_the_freight_is_checked(in_tenant: Tenant) -> None:
    BillingEntityFactory()
    ready_shipment()
    ready_shipment(currency="CHF", exchange_rate="0.58")
    ready_shipment(incoterm="")

    assert assess(in_tenant) == [("ready", []), ("ready", []), ("not ready", ["FB-401"])]


def test_before_the_reference_data_has_come_nothing_is_mapped(in_tenant: Tenant) -> None:
    offline_company()
    XeroConnection.objects.update(reference_data_at=None)
    ready_shipment(currency="CHF", exchange_rate="0.58")

    assert assess(in_tenant) == [("ready", [])]


def test_unknown_customer_is_not_ready_where_he_is_held(in_tenant: Tenant) -> None:
    offline_company(unknown_customer="hold")
    ready_shipment()

    assert assess(in_tenant) == [("not ready", ["FB-201"])]


def test_same_result_writes_nothing(in_tenant: Tenant) -> None:
    offline_company()
    ready_shipment()
    assess(in_tenant)

    with CaptureQueriesContext(connection) as queries:
        assess(in_tenant)

    assert not [query for query in queries.captured_queries if query["sql"].startswith("UPDATE")]


def test_number_of_queries_does_not_grow(in_tenant: Tenant) -> None:
    offline_company()
    counts = []
    for number in (1, 20):
        ids = [ready_shipment().pk for _ in range(number)]
        with CaptureQueriesContext(connection) as queries:
            assess_shipments(ids, tenant=in_tenant, now=NOW)
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_all_shipments_are_assessed_in_stretches(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)
    monkeypatch.setattr(module, "STRETCH_SECONDS", 0.0)
    with tenant_scope(tenant):
        offline_company()
        for _ in range(5):
            ready_shipment()
    work = Work(tenant_id=tenant.pk, subject_id=1)

    begun = assess_all(work)
    monkeypatch.setattr(module, "STRETCH_SECONDS", 20.0)
    assert begun is not None
    ended = assess_all(Work(tenant_id=tenant.pk, subject_id=1, cursor=begun.cursor))

    with tenant_scope(tenant):
        assert set(Shipment.objects.values_list("readiness", flat=True)) == {"ready"}
    assert ended is None
