from typing import Any

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import SyncJob
from invoices.domain.send_by_itself import Verdict, on_status
from invoices.models import Customer, ReachedStatus, Shipment
from tests.freight_factories import ChargeCodeFactory, ShipmentFactory
from tests.intake.planned_files import csv_file
from tests.triggers.trigger_company import agree, batches, not_sent, work
from tests.web.page_company import Visitor, assessed, company
from tests.web.test_shipment_edit_pages import SHIPMENT, charges
from tests.workflows.uploads import USUAL, take_in
from tests.workflows.uploads import company as upload_company

pytestmark = pytest.mark.django_db(transaction=True)
READY = "invoice ready"


def reach(tenant: Tenant, person: Visitor, shipment: Shipment, status: str = READY, **fields: str) -> Any:
    """Somebody saves the shipment's form with another status."""
    with tenant_scope(tenant):
        found = Shipment.objects.select_related("bill_to").get(pk=shipment.pk)
    data = {**SHIPMENT, "number": found.number, "customer": found.bill_to.code, "status": status, **fields}
    with tenant_scope(tenant):
        rows = [
            {"id": one.pk, "charge_code": one.charge_code_id, "quantity": "1", "unit_price": "1250"}
            for one in found.charges.all()
        ]
    return person.post("shipment_edit", found.public_id, **data, **charges(*rows, initial=len(rows)))


def test_shipment_goes_when_it_reaches_the_status_and_only_once(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    agree(tenant, is_automatic=True)
    (shipment,) = assessed(tenant, number="SHP-1")

    reach(tenant, operator, shipment)
    work()
    reach(tenant, operator, shipment)
    work()

    assert batches(tenant) == [("FreightBridge", "status", [("SHP-1", "handed over")])]
    with tenant_scope(tenant):
        assert (SyncJob.objects.count(), ReachedStatus.objects.count()) == (1, 0)


def test_without_the_rule_a_status_sends_nothing(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)

    reach(tenant, operator, shipment)
    work()

    assert (batches(tenant), not_sent(tenant)) == ([], [])


def test_customer_may_have_it_otherwise(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    always, never = assessed(tenant, number="SHP-A")[0], assessed(tenant, number="SHP-N")[0]
    with tenant_scope(tenant):
        Customer.objects.filter(pk=always.bill_to_id).update(own_sending="always")
        Customer.objects.filter(pk=never.bill_to_id).update(own_sending="never", name="Careful Ltd")
    reach(tenant, operator, always)
    agree(tenant, is_automatic=True)

    reach(tenant, operator, never)
    work()

    assert batches(tenant) == [("FreightBridge", "status", [("SHP-A", "handed over")])]
    assert not_sent(tenant) == [("SHP-N", "Careful Ltd is only sent by a person.")]


def test_shipment_that_is_not_ready_says_why_it_did_not_go(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    agree(tenant, is_automatic=True)
    (shipment,) = assessed(tenant, number="SHP-1")

    reach(tenant, operator, shipment, incoterm="")
    work()

    ((number, reason),) = not_sent(tenant)
    assert (number, "Incoterm" in reason or "incoterm" in reason) == ("SHP-1", True)
    page = operator.text("shipment_history", shipment.public_id)
    assert ("Not sent by itself" in page, "FreightBridge" in page) == (True, True)


def test_ticked_box_and_automatic_sending_make_one_send(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    agree(tenant, is_automatic=True)
    (shipment,) = assessed(tenant, number="SHP-1")

    reach(tenant, operator, shipment, send_when_saved="on", form_token="00000000-0000-4000-8000-000000000009")
    work()

    assert batches(tenant) == [("operator@acme-freight.example", "person", [("SHP-1", "handed over")])]


def test_without_a_connection_the_shipment_says_so(tenant: Tenant, operator: Visitor) -> None:
    agree(tenant, is_automatic=True)
    with tenant_scope(tenant):
        shipment = ShipmentFactory(number="SHP-1")
        ChargeCodeFactory()

    reach(tenant, operator, shipment)
    work()

    ((number, reason),) = not_sent(tenant)
    assert (number, reason.startswith("No organisation in Xero is connected yet")) == ("SHP-1", True)


@pytest.mark.parametrize(
    ("is_automatic", "own_sending", "grouping", "verdict"),
    [
        (True, "", "per shipment", Verdict.GOES),
        (False, "", "per shipment", Verdict.WAITS),
        (False, "always", "per shipment", Verdict.GOES),
        (True, "never", "per shipment", Verdict.HELD),
        (False, "never", "per shipment", Verdict.WAITS),
        (True, "", "monthly", Verdict.HELD),
        (True, "", "", Verdict.GOES),
    ],
)
def test_rule_customer_and_grouping_decide(
    *, is_automatic: bool, own_sending: str, grouping: str, verdict: Verdict
) -> None:
    decision = on_status(is_automatic=is_automatic, own_sending=own_sending, grouping=grouping, customer="Acme")

    assert (decision.verdict, bool(decision.reason)) == (verdict, verdict == Verdict.HELD)


def test_shipments_of_a_file_go_as_far_as_they_came_to_the_status(tenant: Tenant) -> None:
    person = upload_company(tenant)
    agree(tenant, is_automatic=True)
    columns = {**USUAL, "Shipment Number": "S-1", "Status": "accounts inv created"}
    booked = {**columns, "Shipment Number": "S-2", "Status": "booked"}

    take_in(tenant, csv_file(list(columns), list(columns.values()), list(booked.values())), by=person)
    take_in(tenant, csv_file(list(columns), list({**columns, "Unit Price": "99"}.values())), by=person)

    assert [number for number, _ in not_sent(tenant)] == ["S-1"]


def test_customer_page_says_and_keeps_whether_it_goes_by_itself(tenant: Tenant, operator: Visitor) -> None:
    operator.post("customer_new", code="C-1", name="Coastal", grouping="per shipment", own_sending="never")

    with tenant_scope(tenant):
        customer = Customer.objects.get()
    assert customer.own_sending == "never"
    assert "Only when a person sends them" in operator.text("customer", customer.public_id)
