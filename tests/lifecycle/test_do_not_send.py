"""Shipments that must not be sent: what of them is on its way is given up, what is in Xero is named and skipped."""

import pytest

from freightbridge.audit.models import AuditEvent
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import Shipment
from tests.freight_factories import CustomerFactory
from tests.lifecycle.lifecycle_company import REASON, statuses
from tests.sending import company, go_on, jobs, ours_in_xero, send_all, shipments
from tests.web.page_company import Visitor
from tests.xero_company import run_workers
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def mark(person: Visitor, tenant: Tenant) -> str:
    """All shipments; the page that comes of it."""
    with tenant_scope(tenant):
        ids = list(Shipment.objects.order_by("id").values_list("public_id", flat=True))
    person.post("do_not_send", shipment=ids, reason=REASON)
    shown = person.text("shipments")
    go_on(tenant)
    run_workers()
    return shown


def states(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant):
        return list(Shipment.objects.order_by("id").values_list("accounting_state", flat=True))


def test_queued_and_stopped_ones_are_given_up_and_those_in_xero_are_named(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor
) -> None:
    company(tenant, xero)
    shipments(tenant, "100.00")
    send_all(tenant)
    xero.switch(rounding="half_even")
    shipments(tenant, "0.25")
    send_all(tenant)
    xero.fault("error", status=503, method="PUT", path="/Contacts", times=1)
    shipments(tenant, "20.00")
    send_all(tenant)
    before = jobs(tenant, "state")

    shown = mark(operator, tenant)

    assert before == ["done", "attention", "sending"]
    assert "3 shipments marked as do not send. 2 invoices given up. In Xero already, and skipped: INV-00001." in shown
    assert jobs(tenant, "state") == ["done", "cancelled", "cancelled"]
    assert statuses(tenant) == [("INV-00001", "approved"), ("INV-00002", "voided"), ("INV-00003", "voided")]
    assert ours_in_xero(xero, "number", "status") == [("INV-00001", "AUTHORISED"), ("INV-00002", "DELETED")]
    assert states(tenant) == ["do not send"] * 3
    with tenant_scope(tenant):
        given_up = AuditEvent.objects.filter(action="invoice given up").order_by("id")
        assert [one.details["reason"] for one in given_up] == [REASON, REASON]


def test_invoice_for_several_shipments_is_given_up_whole_and_the_others_can_be_billed(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor
) -> None:
    company(tenant, xero)
    with tenant_scope(tenant):
        customer = CustomerFactory(grouping="monthly")
    shipments(tenant, "10.00", "20.00", bill_to=customer)
    xero.fault("error", status=503, method="PUT", path="/Contacts", times=1)
    send_all(tenant)
    with tenant_scope(tenant):
        first = Shipment.objects.order_by("id")[0]

    operator.post("do_not_send", shipment=[first.public_id], reason=REASON, back="1")
    run_workers()
    history = operator.text("shipment_history", first.public_id)

    assert (jobs(tenant, "state"), statuses(tenant)) == (["cancelled"], [("INV-00001", "voided")])
    assert states(tenant) == ["do not send", "ready"]
    assert ["invoice given up" in history.lower(), "marked as do not send" in history.lower()] == [True, True]


def test_mark_that_is_taken_off_brings_nothing_back(tenant: Tenant, xero: SandboxProcess, operator: Visitor) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    xero.fault("error", status=503, method="PUT", path="/Contacts", times=1)
    send_all(tenant)
    mark(operator, tenant)
    with tenant_scope(tenant):
        shipment = Shipment.objects.get()

    operator.post("do_not_send", shipment=[shipment.public_id], reason="")

    assert (states(tenant), jobs(tenant, "state")) == (["ready"], ["cancelled"])
