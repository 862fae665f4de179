"""The PDF goes onto the stored draft before anybody can approve it. Real HTTP; the PDF is any bytes."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from freightbridge.background_work.work_kinds import Queue
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.outbox.provide_pdf import report_missing_pdf
from invoices.models import Invoice
from tests.sending import Calls, click, company, deliver, documents, go_on, jobs, ours_in_xero, shipments, store_pdfs
from tests.xero_company import run_queue
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def test_draft_waits_for_its_pdf_and_goes_on_the_moment_it_is_there(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero, attach_pdf=True)
    shipments(tenant, "10.00", "20.00")
    click(tenant)
    deliver()
    before = jobs(tenant, "state", "step")

    store_pdfs(tenant)
    deliver()

    assert before == [("sending", "attach")] * 2
    assert ours_in_xero(xero, "status") == ["AUTHORISED"] * 2
    assert documents(tenant, "state", "has_pdf") == [("in xero", True)] * 2


def test_pdf_that_was_there_before_costs_no_waiting(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero, attach_pdf=True)
    shipments(tenant, "10.00")
    click(tenant)
    xero.fault("throttled", method="PUT", path="/Contacts", times=1, retry_after=1)
    deliver()
    store_pdfs(tenant)

    go_on(tenant)

    assert jobs(tenant, "state") == ["done"]


def test_pdf_that_comes_while_xero_is_working_is_not_overlooked(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero, attach_pdf=True)
    shipments(tenant, "10.00")
    click(tenant)
    with during_the_create(tenant, xero):
        store_pdfs(tenant)

    deliver()

    assert jobs(tenant, "state") == ["done"]


def test_pdf_that_fails_while_xero_is_working_stops_the_draft(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero, attach_pdf=True)
    shipments(tenant, "10.00")
    click(tenant)
    with during_the_create(tenant, xero), tenant_scope(tenant):
        report_missing_pdf(invoice_id=Invoice.objects.get().pk, reason="It has more than 2000 lines.", now=read_clock())

    deliver()

    assert jobs(tenant, "state", "step", "problem_code") == [("attention", "attach", "FB-601")]
    assert ours_in_xero(xero, "status", "id") == [("DRAFT", str(documents(tenant, "xero_id")[0]))]


def test_pdf_that_cannot_be_made_keeps_the_document_a_draft(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero, attach_pdf=True)
    shipments(tenant, "10.00")
    click(tenant)
    deliver()

    with tenant_scope(tenant):
        report_missing_pdf(invoice_id=Invoice.objects.get().pk, reason="It has more than 2000 lines.", now=read_clock())
    go_on(tenant)

    assert jobs(tenant, "state", "problem_code") == [("attention", "FB-601")]
    assert ours_in_xero(xero, "status") == ["DRAFT"]


@pytest.mark.parametrize("is_online", [True, False])
def test_file_is_named_after_the_invoice_and_shown_online_by_the_rules(
    tenant: Tenant, xero: SandboxProcess, is_online: bool
) -> None:
    company(tenant, xero, attach_pdf=True, show_pdf_online=is_online)
    shipments(tenant, "10.00")
    click(tenant)
    deliver()
    store_pdfs(tenant)
    deliver()

    ((attachment,),) = ours_in_xero(xero, "attachments")
    (identity,) = documents(tenant, "identity")
    assert attachment["file_name"] == f"INV-00001-FB-{identity[:10]}.pdf"
    assert (attachment["mime_type"], attachment["include_online"]) == ("application/pdf", is_online)


def test_every_document_costs_one_call_more_with_its_pdf(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero, attach_pdf=True)
    shipments(tenant, *["10.00"] * 20)
    calls = Calls(xero)
    click(tenant)
    deliver()
    store_pdfs(tenant)
    deliver()

    assert jobs(tenant, "state") == ["done"] * 20
    assert sorted(calls.made()) == sorted(
        ["PUT Contacts", "PUT Invoices", "POST Invoices", *["PUT Invoices/…/Attachments/…"] * 20]
    )


def test_document_that_xero_lost_is_told(tenant: Tenant, xero: SandboxProcess) -> None:
    """Somebody deleted the draft while it waited for its PDF."""
    company(tenant, xero, attach_pdf=True)
    shipments(tenant, "10.00")
    click(tenant)
    deliver()
    xero.act("delete", document="INV-00001")
    store_pdfs(tenant)
    deliver()

    assert jobs(tenant, "state", "problem_code") == [("attention", "FB-506")]


class during_the_create:  # noqa: N801 it reads like a statement
    """What stands inside happens while Xero is working on the create."""

    def __init__(self, tenant: Tenant, xero: SandboxProcess) -> None:
        self._tenant = tenant
        xero.fault("latency", method="PUT", path="/Invoices", seconds=2)
        self._worker = threading.Thread(target=self._work)

    def __enter__(self) -> None:
        self._worker.start()
        deadline = read_clock() + timedelta(seconds=60)
        while jobs(self._tenant, "state") != ["unknown"]:
            assert read_clock() < deadline

    def __exit__(self, *_exception: object) -> None:
        self._worker.join()

    @staticmethod
    def _work() -> None:
        try:
            run_queue(Queue.INTERACTIVE)
        finally:
            connection.close()
