"""An invoice that nobody wants sent any more: at once, after Xero was asked, or with its draft in Xero deleted."""

import pytest

from freightbridge.audit.models import AuditEvent
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import ShipmentCharge
from tests.lifecycle.lifecycle_company import REASON, click, newest, one_in_xero, shipment_state, statuses
from tests.sending import (
    company,
    documents,
    go_on,
    jobs,
    log_of,
    ours_in_xero,
    quiet_over,
    send_all,
    shipments,
)
from tests.web.page_company import Visitor
from tests.xero_company import run_workers
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
ADMIN = "admin@acme-freight.example"


def test_queued_invoice_is_given_up_at_once_and_its_charges_are_free(
    tenant: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    company(tenant, xero)
    shipments(tenant, "100.00")
    xero.fault("error", status=503, method="PUT", path="/Contacts", times=1)
    send_all(tenant)
    invoice = newest(tenant)

    shown = click(admin, "invoice_give_up", invoice)

    assert "INV-00001 is given up; its charges can be invoiced again." in shown
    assert "It is voided. Its charges can be invoiced again" in shown
    assert statuses(tenant) == [("INV-00001", "voided")]
    assert (jobs(tenant, "state"), documents(tenant, "state")) == (["cancelled"], ["cancelled"])
    assert (shipment_state(tenant), ours_in_xero(xero, "id")) == ("ready", [])
    with tenant_scope(tenant):
        assert ShipmentCharge.objects.get().invoice_id is None
        event = AuditEvent.objects.get(action="invoice given up")
    assert (event.actor, event.details) == (ADMIN, {"reason": REASON})
    assert ("given up", f"Given up by {ADMIN}: {REASON}") in log_of(tenant)


def test_given_up_while_xero_has_not_answered_is_asked_about_first_and_its_draft_deleted(
    tenant: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    company(tenant, xero)
    shipments(tenant, "100.00")
    xero.fault("lost_answer", method="PUT", path="/Invoices", times=1)
    send_all(tenant)
    invoice = newest(tenant)

    shown = click(admin, "invoice_give_up", invoice)
    waiting = (statuses(tenant), jobs(tenant, "state"))
    again = click(admin, "invoice_give_up", invoice)
    go_on(tenant)
    run_workers()

    assert "INV-00001 is being given up: Xero is asked first what it holds" in shown
    assert waiting == ([("INV-00001", "approved")], ["unknown"])
    assert "It is being given up already" in again
    assert (jobs(tenant, "state"), ours_in_xero(xero, "status")) == (["cancelled"], ["DELETED"])
    assert (statuses(tenant), shipment_state(tenant)) == ([("INV-00001", "voided")], "ready")


def test_given_up_and_never_arrived_is_waited_for_until_that_is_certain(
    tenant: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    company(tenant, xero)
    shipments(tenant, "100.00")
    xero.fault("reset_before", method="PUT", path="/Invoices", times=1)
    send_all(tenant)
    click(admin, "invoice_give_up", newest(tenant))

    go_on(tenant)
    waiting = jobs(tenant, "state")
    quiet_over(tenant)
    go_on(tenant)
    run_workers()

    assert (waiting, jobs(tenant, "state")) == (["unknown"], ["cancelled"])
    assert (statuses(tenant), ours_in_xero(xero, "id")) == ([("INV-00001", "voided")], [])


def test_stopped_invoice_with_a_draft_in_xero_is_given_up_and_the_draft_deleted(
    tenant: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    company(tenant, xero)
    shipments(tenant, "0.25")
    xero.switch(rounding="half_even")
    send_all(tenant)
    invoice = newest(tenant)
    stopped = (jobs(tenant, "state", "problem_code"), ours_in_xero(xero, "status"))

    shown = click(admin, "invoice_give_up", invoice)

    assert stopped == ([("attention", "FB-504")], ["DRAFT"])
    assert "INV-00001 is being given up" in shown
    assert (jobs(tenant, "state"), ours_in_xero(xero, "status")) == (["cancelled"], ["DELETED"])
    assert (statuses(tenant), shipment_state(tenant)) == ([("INV-00001", "voided")], "ready")
    assert log_of(tenant)[-1] == ("cancelled", "Its draft in Xero is deleted.")
    page = admin.text("invoice", invoice.public_id)
    assert "It is voided. Its charges can be invoiced again" in page
    assert "Send again" not in page


def test_given_up_invoice_is_sent_again_under_a_new_number(
    tenant: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    company(tenant, xero)
    shipments(tenant, "0.25")
    xero.switch(rounding="half_even")
    send_all(tenant)
    click(admin, "invoice_give_up", newest(tenant))
    xero.switch(rounding="half_up")

    send_all(tenant)

    assert statuses(tenant) == [("INV-00001", "voided"), ("INV-00002", "approved")]
    assert ours_in_xero(xero, "number", "status") == [("INV-00001", "DELETED"), ("INV-00002", "AUTHORISED")]
    assert shipment_state(tenant) == "in xero"


def test_one_that_was_approved_in_xero_meanwhile_stays_and_the_log_says_so(
    tenant: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    company(tenant, xero)
    shipments(tenant, "100.00")
    xero.fault("lost_answer", method="POST", path="/Invoices", times=1)
    send_all(tenant)
    invoice = newest(tenant)

    click(admin, "invoice_give_up", invoice)
    go_on(tenant)
    run_workers()

    assert (jobs(tenant, "state"), statuses(tenant)) == (["done"], [("INV-00001", "approved")])
    assert ours_in_xero(xero, "status") == ["AUTHORISED"]
    assert log_of(tenant)[-1][0] == "not cancelled"
    assert shipment_state(tenant) == "in xero"


def test_giving_up_wants_a_reason_and_something_to_give_up(
    tenant: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    invoice = one_in_xero(tenant, xero)

    assert "Nothing was changed: say in a few words why." in click(admin, "invoice_give_up", invoice, reason=" ")
    assert "It is in Xero already: void it there, or take it back." in click(admin, "invoice_give_up", invoice)
    assert statuses(tenant) == [("INV-00001", "approved")]
