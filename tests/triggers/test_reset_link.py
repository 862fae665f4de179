import pytest

from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Queue
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import XeroConnection, XeroGrant
from tests.sending import company as connected_company
from tests.sending import documents, jobs, log_of, ours_in_xero, send_all, shipments
from tests.web.page_company import Visitor, company
from tests.xero_company import run_queue
from tests.xero_sandbox.sandbox_process import SandboxProcess


@pytest.mark.django_db(transaction=True)
def test_reset_fetches_a_new_token_reads_again_and_sends_nothing_twice(
    tenant: Tenant, admin: Visitor, xero: SandboxProcess
) -> None:
    connected_company(tenant, xero)
    shipments(tenant, "100.00")
    send_all(tenant)
    sent_before = (jobs(tenant, "state"), documents(tenant, "xero_id"), len(ours_in_xero(xero, "id")))
    with tenant_scope(tenant):
        token, read_at = XeroGrant.objects.get().access_token, XeroConnection.objects.get().reference_data_at

    page = admin.text("xero_connection")
    admin.post("xero_reset_link")
    run_queue(Queue.POLL, Queue.INTERACTIVE, Queue.BULK)

    with tenant_scope(tenant):
        assert XeroGrant.objects.get().access_token != token
        assert XeroConnection.objects.get().reference_data_at > read_at
        assert AuditEvent.objects.filter(action="xero link reset").count() == 1
    assert "forgets its access token and fetches a new one" in page
    assert (jobs(tenant, "state"), documents(tenant, "xero_id"), len(ours_in_xero(xero, "id"))) == sent_before
    assert [text for event, text in log_of(tenant) if event == "link reset"] != []


def test_lost_connection_is_not_reset(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)
    with tenant_scope(tenant):
        XeroConnection.objects.update(status="needs reconnect", lost_at=read_clock())

    shown = "Reset link status" in admin.text("xero_connection")
    admin.post("xero_reset_link")

    with tenant_scope(tenant):
        assert not WorkItem.objects.exists()
    assert (shown, "only reconnecting brings it back" in admin.text("xero_connection")) == (False, True)


def test_operator_may_not_reset(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)

    assert operator.post("xero_reset_link").status_code == 403
