"""What was stopped goes on: mapped anew, and its PDF asked for again where it could not be made. Real HTTP."""

import pytest

from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.models import WorkItem
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.active_connection import NotConnectedError
from integrations.outbox.provide_pdf import report_missing_pdf
from invoices.models import Invoice
from invoices.workflows.send_again import send_again
from tests.sending import click, company, deliver, jobs, shipments, store_pdfs
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def again(tenant: Tenant) -> int:
    with tenant_scope(tenant):
        return send_again(list(Invoice.objects.all()), by="mia", now=read_clock())


def test_document_without_its_pdf_gets_another_chance_to_have_one(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero, attach_pdf=True)
    shipments(tenant, "10.00")
    click(tenant)
    deliver()
    with tenant_scope(tenant):
        invoice = Invoice.objects.get()
        WorkItem.objects.filter(kind="render pdf").delete()
        report_missing_pdf(invoice_id=invoice.pk, reason="It has more than 2000 lines.", now=read_clock())
    stopped = jobs(tenant, "state", "problem_code")

    going = again(tenant)

    with tenant_scope(tenant):
        asked = list(WorkItem.objects.filter(kind="render pdf").values_list("subject_id", flat=True))
        actions = list(AuditEvent.objects.filter(subject_name="INV-00001").values_list("action", flat=True))
    assert stopped == [("attention", "FB-601")]
    assert (going, asked, actions) == (1, [invoice.pk], ["sent again"])
    store_pdfs(tenant)
    deliver()
    assert jobs(tenant, "state") == ["done"]


def test_nothing_stopped_is_nothing_sent_again(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    click(tenant)
    deliver()

    assert again(tenant) == 0
    assert jobs(tenant, "state", "generation") == [("done", 1)]


def test_company_that_is_not_connected_is_told(in_tenant: Tenant) -> None:
    with pytest.raises(NotConnectedError):
        send_again([], by="mia", now=read_clock())
