"""What concerns the lane as a whole: limits, tokens, outages, a connection that ends, a worker that lost its turn."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from freightbridge.background_work.work_kinds import Queue
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.lanes.claim_lane import claim_due_lane
from integrations.models import (
    ChargeRule,
    OrganisationLane,
    SyncAttempt,
    SyncJob,
    TaxRule,
    XeroConnection,
    XeroGrant,
)
from tests.sending import (
    Calls,
    click,
    company,
    deliver,
    documents,
    go_on,
    jobs,
    log_of,
    ours_in_xero,
    send_all,
    shipments,
    wait_over,
)
from tests.xero_company import connect, run_queue
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def lane_of(tenant: Tenant) -> OrganisationLane:
    with tenant_scope(tenant):
        return OrganisationLane.objects.get()


def connection_of(tenant: Tenant) -> XeroConnection:
    with tenant_scope(tenant):
        return XeroConnection.objects.get()


def expire(tenant: Tenant, xero: SandboxProcess) -> None:
    """Xero ends the access token before we expect it."""
    xero.act("expire_access_tokens")


@pytest.mark.parametrize(
    ("problem", "retry_after", "seconds"), [("minute", 26, 26), ("day", 4000, 4000), ("concurrent", None, 3)]
)
def test_limit_pauses_the_lane_for_as_long_as_xero_says(
    tenant: Tenant, xero: SandboxProcess, problem: str, retry_after: int | None, seconds: int
) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00", "20.00")
    fault: dict[str, Any] = {"problem": problem, "method": "PUT", "path": "/Invoices", "times": 1}
    if retry_after is not None:
        fault["retry_after"] = retry_after
    xero.fault("throttled", **fault)
    calls = Calls(xero)

    send_all(tenant)
    lane, waiting = lane_of(tenant), jobs(tenant, "state", "unknown_since")
    with tenant_scope(tenant):
        attempt = SyncAttempt.objects.get(http_status=429)
    go_on(tenant)

    first, second = calls.entries("PUT", "Invoices")
    assert lane.paused_until is not None
    assert timedelta(seconds=seconds) <= lane.paused_until - attempt.finished_at <= timedelta(seconds=seconds + 3)
    assert lane.pause_reason.startswith("Xero")
    assert waiting == [("queued", None)] * 2
    assert first["idempotency_key"] == second["idempotency_key"]
    assert ours_in_xero(xero, "status") == ["AUTHORISED"] * 2


def test_limit_of_one_company_does_not_pause_another(
    tenant: Tenant, other_tenant: Tenant, xero: SandboxProcess
) -> None:
    company(tenant, xero)
    company(other_tenant, xero, country="UK", default_sales_account="200")
    shipments(tenant, "10.00")
    xero.fault("throttled", organisation="AU")
    send_all(tenant)

    assert lane_of(tenant).paused_until is not None
    assert lane_of(other_tenant).paused_until is None


def test_calls_stay_below_what_the_headers_leave(tenant: Tenant, xero: SandboxProcess) -> None:
    """People may use all of a minute; what goes beyond waits for the next one, and no call is answered 429."""
    company(tenant, xero, attach_pdf=False)
    xero.admin("limits", {"limits": "real", "minute": 5, "forget": True})
    calls = Calls(xero)
    for _ in range(4):
        shipments(tenant, "10.00")
        send_all(tenant)

    lane = lane_of(tenant)
    assert [one["status"] for one in calls.entries()] == [200] * 5
    assert set(jobs(tenant, "state")) == {"done", "queued", "sending"}
    assert (lane.minute_left, lane.paused_until) == (0, None)
    assert lane.next_at is not None
    assert lane.next_at > read_clock()


def test_expired_token_is_refreshed_and_the_sending_goes_on(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    expire(tenant, xero)
    calls = Calls(xero)

    send_all(tenant)
    go_on(tenant)

    assert calls.made(path="Contacts") == ["PUT Contacts"] * 2
    assert jobs(tenant, "state") == ["done"]
    assert connection_of(tenant).status == "connected"


def test_company_that_disconnected_in_xero_waits_for_a_person(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00", "20.00")
    xero.act("disconnect")
    calls = Calls(xero)

    send_all(tenant)
    go_on(tenant)

    assert len(calls.entries()) == 1
    assert connection_of(tenant).status == "needs reconnect"
    assert jobs(tenant, "state", "finished_at") == [("queued", None)] * 2
    text = (
        "The connection to Harbour & Hinterland Freight (AU) is lost: "
        "Xero does not let us into this organisation any more (HTTP 403). "
        "What is queued waits until it is reconnected."
    )
    assert log_of(tenant, event="connection lost") == [("connection lost", text)]


def test_what_waited_goes_by_itself_after_reconnecting(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    xero.act("disconnect")
    send_all(tenant)
    with tenant_scope(tenant):
        ChargeRule.objects.all().delete()
        TaxRule.objects.all().delete()

    connect(tenant, xero)
    go_on(tenant)

    assert jobs(tenant, "state") == ["done"]
    assert ours_in_xero(xero, "status") == ["AUTHORISED"]


def test_withdrawn_consent_ends_the_connection_and_keeps_the_jobs(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    xero.act("revoke_grant")
    with tenant_scope(tenant):
        XeroGrant.objects.update(expires_at=read_clock())

    send_all(tenant)

    assert connection_of(tenant).status == "needs reconnect"
    assert jobs(tenant, "state") == ["queued"]
    assert log_of(tenant, event="connection lost")[0][1].endswith(
        "Xero has ended our authorisation. What is queued waits until it is reconnected."
    )


def test_outage_pauses_the_lane_longer_each_time_and_ends_with_the_first_answer(
    tenant: Tenant, xero: SandboxProcess
) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    xero.fault("error", method="POST", path="/Invoices", status=503, times=3)
    counts, pauses = [], []

    send_all(tenant)
    for _ in range(3):
        lane = lane_of(tenant)
        counts.append(lane.outage_count)
        pauses.append((lane.paused_until - lane.last_served_at).total_seconds())  # type: ignore[operator]
        go_on(tenant)

    assert counts == [1, 2, 3]
    assert [pause <= most for pause, most in zip(pauses, [5, 10, 20], strict=True)] == [True] * 3
    assert pauses[2] > 9
    assert lane_of(tenant).outage_count == 0
    assert jobs(tenant, "state") == ["done"]


def test_worker_that_lost_its_lane_writes_nothing(tenant: Tenant, xero: SandboxProcess) -> None:
    """It slept through its lease while Xero was working; another one has the lane and knows nothing of the answer."""
    company(tenant, xero)
    shipments(tenant, "10.00")
    xero.fault("latency", method="PUT", path="/Invoices", seconds=2)
    click(tenant)
    slow = threading.Thread(target=_deliver_in_thread)
    slow.start()
    _wait_until_sent(tenant)
    with tenant_scope(tenant):
        OrganisationLane.objects.update(lease_until=read_clock(), next_at=read_clock())
    other = claim_due_lane()
    slow.join()

    with tenant_scope(tenant):
        attempt = SyncAttempt.objects.get(step="create")
    assert other is not None
    assert (attempt.finished_at, attempt.http_status) == (None, None)
    assert jobs(tenant, "state", "xero_id") == [("unknown", None)]
    assert lane_of(tenant).fence == other.fence


def test_job_that_kills_its_workers_is_given_up_and_told(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00", "20.00")
    xero.fault("error", method="POST", path="/Invoices", status=503, times=1)
    send_all(tenant)
    with tenant_scope(tenant):
        SyncJob.objects.filter(document__number="INV-00001").update(started_count=5)

    go_on(tenant)

    assert jobs(tenant, "state", "problem_code") == [("attention", "FB-602"), ("done", "")]
    assert documents(tenant, "state") == ["attention", "in xero"]


def test_nothing_is_called_while_nothing_is_due(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    send_all(tenant)
    calls = Calls(xero)

    deliver()
    wait_over(tenant)
    deliver()

    assert calls.made() == []


def _deliver_in_thread() -> None:
    try:
        run_queue(Queue.INTERACTIVE)
    finally:
        connection.close()


def _wait_until_sent(tenant: Tenant) -> None:
    deadline = read_clock() + timedelta(seconds=60)
    while jobs(tenant, "state") != ["unknown"]:
        assert read_clock() < deadline
