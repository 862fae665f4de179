"""A click that waits for its document's earlier job is nobody's turn until then."""

import time
from dataclasses import replace

import pytest

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import directory_scope, tenant_scope
from integrations.lanes.claim_lane import next_lane_due_at
from integrations.mapping.source import DocumentKind
from integrations.models import OrganisationLane
from integrations.models.sync_job import Priority
from integrations.outbox.deliver import deliver_clicks
from integrations.outbox.enqueue_change import enqueue_void
from tests.outbox.test_change_steps import create, sender
from tests.sending import deliver, go_on, jobs, ours_in_xero
from tests.xero_company import connect
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def test_click_behind_an_open_job_keeps_no_worker_busy(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    xero.fault("lost_answer", method="PUT", path="/Invoices", times=1)
    unclear = create(tenant, DocumentKind.SALES_INVOICE, "A-1")
    with tenant_scope(tenant):
        enqueue_void(unclear, sender=replace(sender(), priority=Priority.INTERACTIVE), now=read_clock())
        OrganisationLane.objects.update(paused_until=None, outage_count=0)

    served = [deliver_clicks(time.monotonic() + 30) for _ in range(3)]

    assert served == [True, False, False]
    with directory_scope():
        assert next_lane_due_at(clicks_only=True) is None
    assert jobs(tenant, "operation", "state") == [("create", "unknown"), ("void", "queued")]


def test_click_has_its_turn_once_the_earlier_job_is_done(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    xero.fault("lost_answer", method="PUT", path="/Invoices", times=1)
    unclear = create(tenant, DocumentKind.SALES_INVOICE, "A-1")
    with tenant_scope(tenant):
        enqueue_void(unclear, sender=replace(sender(), priority=Priority.INTERACTIVE), now=read_clock())
    deliver()

    for _ in range(2):
        go_on(tenant)

    assert jobs(tenant, "state") == ["done", "done"]
    assert ours_in_xero(xero, "status") == ["VOIDED"]
