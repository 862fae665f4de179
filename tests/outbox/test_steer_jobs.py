"""What is paused or cancelled stays away from Xero, over real HTTP."""

import pytest

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import OrganisationLane, SendBatch
from invoices.workflows.prepare_batch import prepare_chunk
from invoices.workflows.steer_batch import cancel_rest, pause_batch, resume_batch
from tests.sending import click, company, jobs, ours_in_xero, shipments
from tests.xero_company import PERSON, run_workers
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def prepared(tenant: Tenant, xero: SandboxProcess) -> Tenant:
    """Two documents are queued, and nothing of them was sent."""
    company(tenant, xero, attach_pdf=False)
    shipments(tenant, "10.00", "20.00")
    click(tenant)
    with tenant_scope(tenant):
        prepare_chunk(SendBatch.objects.get(), tenant=tenant, now=read_clock())
    return tenant


def test_paused_documents_reach_xero_only_when_they_may_go_on(prepared: Tenant, xero: SandboxProcess) -> None:
    with tenant_scope(prepared):
        pause_batch(SendBatch.objects.get(), by=PERSON, now=read_clock())
        OrganisationLane.objects.update(paused_until=read_clock().replace(year=2999))
    run_workers()
    with tenant_scope(prepared):
        OrganisationLane.objects.update(paused_until=None)
    run_workers()
    held = (jobs(prepared, "state"), ours_in_xero(xero, "status"))
    with tenant_scope(prepared):
        resume_batch(SendBatch.objects.get(), by=PERSON, now=read_clock())
    run_workers()

    assert held == (["queued"] * 2, [])
    assert jobs(prepared, "state", "paused_at") == [("done", None)] * 2
    assert ours_in_xero(xero, "status") == ["AUTHORISED"] * 2


def test_lane_of_paused_documents_keeps_no_worker_busy(prepared: Tenant) -> None:
    with tenant_scope(prepared):
        pause_batch(SendBatch.objects.get(), by=PERSON, now=read_clock())
        OrganisationLane.objects.update(paused_until=read_clock().replace(year=2999))
    run_workers()
    with tenant_scope(prepared):
        OrganisationLane.objects.update(paused_until=None)
    run_workers()

    with tenant_scope(prepared):
        assert list(OrganisationLane.objects.values_list("next_at", "click_at")) == [(None, None)]


def test_cancelled_documents_never_reach_xero(prepared: Tenant, xero: SandboxProcess) -> None:
    with tenant_scope(prepared):
        cancel_rest(SendBatch.objects.get(), by=PERSON, now=read_clock())
        OrganisationLane.objects.update(paused_until=read_clock().replace(year=2999))
    run_workers()
    with tenant_scope(prepared):
        OrganisationLane.objects.update(paused_until=None)
    run_workers()

    assert jobs(prepared, "state") == ["cancelled"] * 2
    assert ours_in_xero(xero, "status") == []
