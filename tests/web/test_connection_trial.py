"""Test now: one call of a worker's, and what came of it on the connection's page."""

import re
from datetime import timedelta

import pytest

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Queue
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import OrganisationLane, XeroConnection
from tests.conftest import NOW
from tests.web.page_company import Visitor, company
from tests.xero_company import connect, run_queue
from tests.xero_sandbox.sandbox_process import SandboxProcess


def told(visitor: Visitor) -> str:
    """What the page says of the last test, without its markup."""
    page = " ".join(visitor.text("xero_connection").split())
    (shown,) = re.findall(r"Last test</dt><dd[^>]*>(.*?)</dd>", page)
    return re.sub("<[^>]+>", "", shown)


def reads(xero: SandboxProcess) -> int:
    return len(xero.admin("journal", path="/Organisation")["entries"])


@pytest.mark.django_db(transaction=True)
def test_answer_and_its_time_appear_after_one_call(tenant: Tenant, admin: Visitor, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    before, calls = told(admin), reads(xero)

    admin.post("xero_test")
    during, page = told(admin), admin.text("xero_connection")
    run_queue(Queue.INTERACTIVE)

    assert (before, during) == ("Never yet", "Being asked")
    assert 'hx-trigger="every 3s"' in page
    assert re.fullmatch(r"Answered in \d+\.\d sat \d+ \w+ 20\d\d, \d\d:\d\d", told(admin))
    assert reads(xero) - calls == 1
    with tenant_scope(tenant):
        assert not WorkItem.objects.filter(kind="test connection").exists()


@pytest.mark.django_db(transaction=True)
def test_outage_is_told_with_what_to_do_and_the_next_answer_clears_it(
    tenant: Tenant, admin: Visitor, xero: SandboxProcess
) -> None:
    connect(tenant, xero)
    xero.fault("error", status=503, path="/Organisation", times=1)

    admin.post("xero_test")
    run_queue(Queue.INTERACTIVE)
    failed = told(admin)
    with tenant_scope(tenant):
        OrganisationLane.objects.update(paused_until=None)
    admin.post("xero_test")
    run_queue(Queue.INTERACTIVE)

    assert failed.startswith("No good answer at ")
    assert (
        "Organisation could not be read (Xero answered 503). Nothing is lost, and what waits goes by itself." in failed
    )
    assert "Test again from " in failed
    assert told(admin).startswith("Answered in ")


@pytest.mark.django_db(transaction=True)
def test_ended_consent_asks_to_reconnect(tenant: Tenant, admin: Visitor, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    xero.act("revoke_grant")
    xero.fault("unauthorised", path="/Organisation")
    admin.post("xero_test")
    run_queue(Queue.INTERACTIVE)
    with tenant_scope(tenant):
        OrganisationLane.objects.update(paused_until=None)

    admin.post("xero_test")
    run_queue(Queue.INTERACTIVE)

    assert told(admin).endswith("Reconnect; what waits then goes by itself.")


@pytest.mark.django_db(transaction=True)
def test_busy_lane_is_waited_for(tenant: Tenant, admin: Visitor, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    with tenant_scope(tenant):
        OrganisationLane.objects.update(lease_until=read_clock() + timedelta(minutes=1))

    admin.post("xero_test")
    calls = reads(xero)
    run_queue(Queue.INTERACTIVE)
    waiting = told(admin)
    with tenant_scope(tenant):
        OrganisationLane.objects.update(lease_until=None)
        WorkItem.objects.filter(kind="test connection").update(next_at=read_clock())
    run_queue(Queue.INTERACTIVE)

    assert waiting == "Being asked"
    assert told(admin).startswith("Answered in ")
    assert reads(xero) - calls == 1


def test_result_from_before_the_last_consent_is_not_shown(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)
    with tenant_scope(tenant):
        XeroConnection.objects.update(tested_at=NOW, test_error="HTTP 503", connected_at=NOW + timedelta(hours=1))

    assert told(admin) == "Never yet"


def test_operator_sees_the_button_with_its_reason_and_may_not_press_it(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)

    page = operator.text("xero_connection")

    (button,) = re.findall(r"<button[^>]*>(?:(?!</button>).)*Test now.*?</button>", page, re.DOTALL)
    assert "disabled" in button
    assert operator.post("xero_test").status_code == 403
    with tenant_scope(tenant):
        assert not WorkItem.objects.exists()
