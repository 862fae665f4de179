"""Poison: a job of which no call can be built, or of which workers die, harms no other and is given up in the end."""

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import SyncJob, XeroConnection
from tests.sending import Calls, click, company, documents, go_on, jobs, send_all, shipments
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def poison(tenant: Tenant, xero: SandboxProcess, number: str) -> None:
    """Sent with the others, but held up before its create: and what is stored of it cannot be read any more."""
    xero.fault("error", method="PUT", path="/Contacts", status=503, times=1)
    send_all(tenant)
    with tenant_scope(tenant):
        SyncJob.objects.filter(document__number=number).update(mapped={"lines": "none"})


def test_document_that_cannot_be_built_holds_up_no_other(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, *["10.00"] * 5)
    poison(tenant, xero, "INV-00003")

    for _ in range(3):
        go_on(tenant)

    assert jobs(tenant, "state") == ["done", "done", "queued", "done", "done"]


def test_document_that_cannot_be_built_is_given_up_and_told(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    poison(tenant, xero, "INV-00001")
    calls = Calls(xero)

    counts = []
    for _ in range(6):
        go_on(tenant)
        counts += jobs(tenant, "started_count")

    assert counts == [1, 2, 3, 4, 5, 6]
    assert jobs(tenant, "state", "problem_code") == [("attention", "FB-602")]
    assert documents(tenant, "state", "problem_code") == [("attention", "FB-602")]
    assert "PUT Invoices" not in calls.made()


def test_jobs_begun_twice_without_an_end_go_alone(tenant: Tenant, xero: SandboxProcess) -> None:
    """So that of fifty of which one kills its workers the others are not given up with it."""
    company(tenant, xero)
    shipments(tenant, "10.00", "20.00", "30.00")
    xero.fault("error", method="POST", path="/Invoices", status=503, times=1)
    send_all(tenant)
    with tenant_scope(tenant):
        SyncJob.objects.update(started_count=2)
    calls = Calls(xero)

    go_on(tenant)

    assert calls.made() == ["POST Invoices"] * 3
    assert jobs(tenant, "state") == ["done"] * 3


def test_start_that_came_to_no_call_is_taken_back(tenant: Tenant, xero: SandboxProcess) -> None:
    """Waiting for Xero is nobody's fault."""
    company(tenant, xero)
    shipments(tenant, "10.00")
    xero.fault("error", method="GET", path="/Contacts", status=503)
    click(tenant)
    with tenant_scope(tenant):
        XeroConnection.objects.update(contacts_read_at=None)

    for _ in range(3):
        go_on(tenant)

    assert jobs(tenant, "state", "started_count") == [("queued", 0)]
