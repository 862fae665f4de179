"""A cause that is mended once lets everything go on that it stopped (N2). Real HTTP."""

import pytest

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.transactions import TransactionError
from integrations.models import ChargeRule, ContactLink, ReferenceRecord, SyncJob, XeroConnection
from integrations.outbox.requeue_job import requeue_jobs
from tests.freight_factories import CustomerFactory
from tests.sending import company, deliver, documents, jobs, log_of, ours_in_xero, send_all, shipments
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def requeue(tenant: Tenant) -> int:
    with tenant_scope(tenant):
        ids = list(SyncJob.objects.values_list("id", flat=True))
        going = requeue_jobs(
            ids, connection=XeroConnection.objects.get(), link_base="http://localhost:8000", now=read_clock()
        )
    deliver()
    return going


def test_jobs_that_one_cause_stopped_go_on_together(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00", "20.00", currency="NZD", exchange_rate="1.08")
    xero.act("drop_currency", currency="NZD")
    send_all(tenant)
    stopped = jobs(tenant, "state", "problem_code")

    xero.act("add_currency", currency="NZD")
    going = requeue(tenant)

    assert stopped == [("rejected", "FB-402")] * 2
    assert going == 2
    assert jobs(tenant, "state", "problem_code", "generation") == [("done", "", 2)] * 2
    assert documents(tenant, "state", "problem_code") == [("in xero", "")] * 2
    assert ours_in_xero(xero, "status", "currency") == [("AUTHORISED", "NZD")] * 2


def test_document_is_mapped_anew_with_the_rules_of_today(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00", currency="NZD", exchange_rate="1.08")
    xero.act("drop_currency", currency="NZD")
    send_all(tenant)
    xero.act("add_currency", currency="NZD")
    with tenant_scope(tenant):
        ChargeRule.objects.update(account_code="201")

    requeue(tenant)

    ((line,),) = ours_in_xero(xero, "lines")
    assert line["account_code"] == "201"


def test_another_contact_for_the_customer_is_used(tenant: Tenant, xero: SandboxProcess) -> None:
    """The contact was archived in Xero, and somebody has matched the customer with another one."""
    company(tenant, xero)
    with tenant_scope(tenant):
        coral = CustomerFactory(code="CORAL02")
    shipments(tenant, "10.00", bill_to=coral)
    xero.act("archive_contact", contact="Coral Coast Imports")
    send_all(tenant)
    stopped = jobs(tenant, "state", "problem_code")
    with tenant_scope(tenant):
        other = ReferenceRecord.objects.get(kind="contact", code="YARRA04")
        ContactLink.objects.filter(customer_code="CORAL02").update(contact_id=other.key, matched_by="hand")

    requeue(tenant)

    assert stopped == [("rejected", "FB-202")]
    assert jobs(tenant, "state") == ["done"]
    assert ours_in_xero(xero, "contact_name") == ["Yarra Valley Wines"]


def test_job_that_still_cannot_be_mapped_stays_with_its_problem_of_today(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00", currency="NZD", exchange_rate="1.08")
    xero.act("drop_currency", currency="NZD")
    send_all(tenant)
    with tenant_scope(tenant):
        ChargeRule.objects.all().delete()

    going = requeue(tenant)

    assert going == 0
    assert jobs(tenant, "state", "problem_code") == [("rejected", "FB-301")]
    assert documents(tenant, "problem_code") == ["FB-301"]


def test_jobs_that_were_not_stopped_are_left_alone(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    send_all(tenant)

    assert requeue(tenant) == 0
    assert jobs(tenant, "state", "generation") == [("done", 1)]
    assert ("mended", "Goes on after the mend.") not in log_of(tenant)


def test_requeueing_needs_the_callers_transaction(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        connection = XeroConnection(name="Harbour")

    with pytest.raises(TransactionError):
        requeue_jobs([], connection=connection, link_base="", now=read_clock())
