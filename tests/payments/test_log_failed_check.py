"""A check of payments that fails stands in the log, once an hour. Real HTTP."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from freightbridge.background_work.work_kinds import Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.accounting_log import write_failure
from integrations.models import AccountingLogEntry, OrganisationLane, XeroConnection
from integrations.payments.poll_changes import check_payments
from tests.sending import company
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everything_polled")]


@pytest.fixture
def connected(tenant: Tenant, xero: SandboxProcess) -> Tenant:
    company(tenant, xero)
    return tenant


def check(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        work = Work(tenant_id=tenant.pk, subject_id=XeroConnection.objects.get().pk)
    check_payments(work)


def check_after_the_pause(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        OrganisationLane.objects.update(paused_until=None, minute_left=60)
    check(tenant)


def failures(tenant: Tenant) -> list[AccountingLogEntry]:
    with tenant_scope(tenant):
        return list(AccountingLogEntry.objects.filter(event="check failed").order_by("id"))


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        ({"fault": "error", "status": 503}, 503, "Invoices could not be read (Xero answered 503). The fault is Xero's"),
        (
            {"fault": "throttled", "retry_after": 90},
            429,
            "Invoices could not be read (Xero answered 429). Xero limits how often",
        ),
        ({"fault": "error", "status": 404}, 404, "Invoices could not be read (Xero answered 404). The fault is ours"),
        (
            {"fault": "lost_answer"},
            None,
            "Invoices could not be read (the connection broke off before the answer had come). The fault is Xero's",
        ),
        ({"fault": "html"}, 200, "Invoices came in a form that cannot be read. The fault is Xero's"),
    ],
    ids=lambda value: value.get("fault") if isinstance(value, dict) else "",
)
def test_check_that_failed_says_what_failed_and_when_it_is_tried_again(
    connected: Tenant, xero: SandboxProcess, fault: dict[str, Any], status: int | None, said: str
) -> None:
    xero.fault(**fault, path="/Invoices", times=1)

    check(connected)

    (entry,) = failures(connected)
    with tenant_scope(connected):
        paused_until = OrganisationLane.objects.get().paused_until
    assert (entry.has_news, entry.direction, entry.result) == (True, "poll", "waiting")
    assert entry.text.startswith(f"Payments were not checked: {said}")
    # The reading itself would come back in 30 seconds, the lane's pause may be longer.
    earliest = entry.at + timedelta(seconds=28)
    next_try = max(filter(None, (earliest, paused_until)))
    told = re.search(r"It is tried again at (.+) AE[DS]T\.$", entry.text)
    assert told is not None
    at = datetime.strptime(told[1], "%d %b %Y %H:%M:%S").replace(tzinfo=connected.zone)
    assert timedelta(seconds=-1) <= at - next_try <= timedelta(seconds=3)
    (call,) = entry.details["calls"]
    assert (call["method"], call["path"].partition("?")[0], call["status"]) == ("GET", "/Invoices", status)
    assert call["seconds"] >= 0


def test_long_outage_says_each_cause_once_an_hour(
    connected: Tenant, xero: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    xero.fault("error", status=503, path="/Invoices", times=4)
    for _ in range(3):
        check_after_the_pause(connected)
    assert len(failures(connected)) == 1

    monkeypatch.setattr(write_failure, "SAID_FOR", timedelta(0))
    check_after_the_pause(connected)
    assert len(failures(connected)) == 2

    monkeypatch.undo()
    xero.fault("error", status=500, path="/CreditNotes", times=1)
    check_after_the_pause(connected)
    *_, last = failures(connected)
    assert "CreditNotes could not be read (Xero answered 500)" in last.text
    assert [call["status"] for call in last.details["calls"]][-1] == 500


def test_check_that_asked_nothing_says_nothing(connected: Tenant, xero: SandboxProcess) -> None:
    later = read_clock() + timedelta(seconds=40)
    for waiting in ({"paused_until": later}, {"paused_until": None, "lease_until": later}):
        with tenant_scope(connected):
            OrganisationLane.objects.update(**waiting)
        check(connected)

    assert failures(connected) == []


def test_check_that_finds_the_connection_lost_leaves_it_to_that_entry(connected: Tenant, xero: SandboxProcess) -> None:
    xero.act("disconnect")

    check(connected)
    check(connected)

    assert failures(connected) == []
    with tenant_scope(connected):
        assert AccountingLogEntry.objects.filter(event="connection lost").count() == 1
