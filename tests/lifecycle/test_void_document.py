"""What is in Xero is voided there, or taken back to be changed and approved anew; Xero is always asked first."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Queue
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.connection_work import CHECK_PAYMENTS, FOLLOW_DOCUMENT
from integrations.models import XeroConnection, XeroDocument
from invoices.models import Invoice, ShipmentCharge
from invoices.work_names import RENDER_PDF
from invoices.workflows.allowed_changes import ChangeRefusedError
from invoices.workflows.void_document import void_document
from tests.lifecycle.lifecycle_company import REASON, click, newest, one_in_xero, shipment_state, statuses
from tests.sending import Calls, documents, go_on, jobs, log_of, ours_in_xero
from tests.web.page_company import Visitor
from tests.xero_company import run_queue, run_workers
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everything_polled")]
ADMIN = "admin@acme-freight.example"


def poll(tenant: Tenant) -> None:
    """What people in Xero did meanwhile becomes known."""
    with tenant_scope(tenant):
        enqueue_work(CHECK_PAYMENTS, [XeroConnection.objects.get().pk], now=read_clock())
    run_queue(Queue.POLL)


def test_voided_in_xero_and_here_and_its_charges_are_free(tenant: Tenant, xero: SandboxProcess, admin: Visitor) -> None:
    invoice = one_in_xero(tenant, xero)

    shown = click(admin, "invoice_void", invoice)

    assert "INV-00001 is being voided in Xero, once it is certain that no money stands on it." in shown
    assert jobs(tenant, "operation", "state") == [("create", "done"), ("void", "done")]
    assert (ours_in_xero(xero, "status"), statuses(tenant)) == (["VOIDED"], [("INV-00001", "voided")])
    assert (documents(tenant, "state"), shipment_state(tenant)) == (["voided"], "ready")
    with tenant_scope(tenant):
        assert ShipmentCharge.objects.get().invoice_id is None
        events = AuditEvent.objects.filter(subject_id=invoice.public_id).order_by("id")
        asked = events.get(action="asked to void it")
        assert (asked.actor, asked.details) == (ADMIN, {"reason": REASON})
        assert events.last().action == "invoice voided"
    assert ("queued", f"Voiding is queued. {REASON}") in log_of(tenant)


def test_draft_in_xero_is_deleted(tenant: Tenant, xero: SandboxProcess, admin: Visitor) -> None:
    invoice = one_in_xero(tenant, xero, target_status="DRAFT")

    click(admin, "invoice_void", invoice)

    assert (ours_in_xero(xero, "status"), statuses(tenant)) == (["DELETED"], [("INV-00001", "voided")])


def test_payment_that_nobody_knew_of_keeps_it_and_says_so_until_it_is_removed(
    tenant: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    invoice = one_in_xero(tenant, xero)
    xero.act("pay", document="INV-00001")

    click(admin, "invoice_void", invoice)
    page = admin.text("invoice", invoice.public_id)
    xero.act("unpay", document="INV-00001")
    admin.post("invoice_send_again", invoice.public_id)
    run_workers()

    assert "Payments or credits stand on the document in Xero. Remove them there first; then try again." in page
    assert "FB-508" in page
    assert (ours_in_xero(xero, "status"), statuses(tenant)) == (["VOIDED"], [("INV-00001", "voided")])


def test_void_that_was_refused_is_given_up_and_the_invoice_stays(
    tenant: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    invoice = one_in_xero(tenant, xero)
    xero.act("pay", document="INV-00001")
    click(admin, "invoice_void", invoice)

    shown = click(admin, "invoice_give_up", invoice)

    assert "The change of INV-00001 is given up; what Xero holds stays as it is." in shown
    assert (documents(tenant, "state"), statuses(tenant)) == (["in xero"], [("INV-00001", "approved")])
    assert shipment_state(tenant) == "in xero"
    assert ours_in_xero(xero, "status") == ["PAID"]


def test_known_payment_disables_the_buttons_with_the_reason(
    tenant: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    invoice = one_in_xero(tenant, xero)
    xero.act("pay", document="INV-00001")
    poll(tenant)
    calls = Calls(xero)

    page = admin.text("invoice", invoice.public_id)
    shown = click(admin, "invoice_void", invoice)

    reason = "Payments or credits stand on the document in Xero. Remove them there first."
    assert f'Void in Xero<span class="visually-hidden">: {reason}' in page
    assert f'Take back to draft<span class="visually-hidden">: {reason}' in page
    assert reason in shown
    assert (jobs(tenant, "operation"), calls.made()) == (["create"], [])


def test_two_clicks_void_once_and_the_same_news_twice_changes_nothing(
    tenant: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    invoice = one_in_xero(tenant, xero)
    admin.post("invoice_void", invoice.public_id, reason=REASON)
    second = click(admin, "invoice_void", invoice)
    with tenant_scope(tenant):
        before = list(Invoice.objects.values())
        enqueue_work(FOLLOW_DOCUMENT, [XeroDocument.objects.get().pk], now=read_clock())
    run_workers()
    third = click(admin, "invoice_take_back", invoice)

    assert "It is being voided in Xero; wait until it is there." in second
    assert "It is voided already." in third
    assert jobs(tenant, "operation") == ["create", "void"]
    with tenant_scope(tenant):
        assert list(Invoice.objects.values()) == before
        assert AuditEvent.objects.filter(action="invoice voided").count() == 1
        assert not WorkItem.objects.filter(kind=FOLLOW_DOCUMENT).exists()


def test_two_admins_at_once_ask_for_one_thing(tenant: Tenant, xero: SandboxProcess) -> None:
    invoice = one_in_xero(tenant, xero)

    def act(takes_back: bool) -> str:
        try:
            with tenant_scope(tenant):
                found = Invoice.objects.get(pk=invoice.pk)
                void_document(found, reason=REASON, by=ADMIN, now=read_clock(), takes_back=takes_back)
        except ChangeRefusedError:
            return "refused"
        finally:
            connection.close()
        return "asked"

    with ThreadPoolExecutor(4) as pool:
        results = sorted(pool.map(act, [True, False, True, False]))

    assert results == ["asked", "refused", "refused", "refused"]
    assert len(jobs(tenant, "id")) == 2


def test_pdf_that_is_made_later_brings_nothing_back(tenant: Tenant, xero: SandboxProcess, admin: Visitor) -> None:
    invoice = one_in_xero(tenant, xero, attach_pdf=True)
    click(admin, "invoice_void", invoice)

    with tenant_scope(tenant):
        enqueue_work(RENDER_PDF, [invoice.pk], now=read_clock())
    run_workers()

    assert documents(tenant, "state") == ["voided"]


def test_lost_answer_to_a_void_is_looked_up(tenant: Tenant, xero: SandboxProcess, admin: Visitor) -> None:
    invoice = one_in_xero(tenant, xero)
    xero.fault("lost_answer", method="POST", path="/Invoices", times=1)

    click(admin, "invoice_void", invoice)
    go_on(tenant)
    run_workers()

    assert (ours_in_xero(xero, "status"), statuses(tenant)) == (["VOIDED"], [("INV-00001", "voided")])


def test_taken_back_becomes_a_draft_that_is_sent_as_a_new_document(
    tenant: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    invoice = one_in_xero(tenant, xero)

    click(admin, "invoice_take_back", invoice)
    draft = newest(tenant)
    old_page, new_page = (admin.text("invoice", one.public_id) for one in (invoice, draft))
    admin.post("invoice_approve", draft.public_id)
    run_workers()

    with tenant_scope(tenant):
        charge = ShipmentCharge.objects.get()
        identities = set(XeroDocument.objects.values_list("identity", flat=True))
        lines = [tuple(one) for one in Invoice.objects.order_by("id").values_list("export_version", "total")]
    assert "It was taken back:" in old_page
    assert "It takes the place of" in new_page
    assert ">INV-00001</a>, which was taken back." in new_page
    assert statuses(tenant) == [("INV-00001", "voided"), ("INV-00002", "approved")]
    assert ours_in_xero(xero, "number", "status") == [("INV-00001", "VOIDED"), ("INV-00002", "AUTHORISED")]
    assert (charge.invoice_id, lines) == (draft.pk, [(1, Decimal("110.00")), (2, Decimal("110.00"))])
    assert (len(identities), shipment_state(tenant)) == (2, "in xero")


def test_voided_by_somebody_in_xero_is_voided_here_too(tenant: Tenant, xero: SandboxProcess, admin: Visitor) -> None:
    invoice = one_in_xero(tenant, xero)
    xero.act("void", document="INV-00001")
    poll(tenant)

    page = admin.text("invoice", invoice.public_id)
    click(admin, "invoice_void", invoice)

    assert "Void here too" in page
    assert (statuses(tenant), shipment_state(tenant)) == ([("INV-00001", "voided")], "ready")


def test_only_an_admin_may_and_only_with_a_reason(
    tenant: Tenant, xero: SandboxProcess, admin: Visitor, operator: Visitor
) -> None:
    invoice = one_in_xero(tenant, xero)

    page = operator.text("invoice", invoice.public_id)
    answers = [operator.post(name, invoice.public_id, reason=REASON) for name in ("invoice_void", "invoice_take_back")]
    without = click(admin, "invoice_void", invoice, reason="")

    assert "Your role is Operator; to void or take back documents takes Admin." in page
    assert [answer.status_code for answer in answers] == [403, 403]
    assert "Nothing was changed: say in a few words why." in without
    assert jobs(tenant, "operation") == ["create"]
