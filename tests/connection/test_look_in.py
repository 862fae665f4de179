"""Who disconnects us in Xero does not tell us: once a day we ask."""

from datetime import timedelta

import pytest

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Queue
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.connection_work import DAILY_DIGEST
from integrations.models import XeroConnection, XeroGrant
from tests.sending import log_of
from tests.xero_company import connect, run_queue
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everything_polled")]
KIND = "look in at xero"


def look(tenant: Tenant) -> timedelta | None:
    """How long until the next time; None: there is none."""
    with tenant_scope(tenant):
        WorkItem.objects.exclude(kind=KIND).update(next_at=read_clock() + timedelta(days=1))
        WorkItem.objects.filter(kind=KIND).update(next_at=read_clock())
    run_queue(Queue.POLL)
    with tenant_scope(tenant):
        found = WorkItem.objects.filter(kind=KIND).first()
        return found.next_at - read_clock() if found else None


def connection_of(tenant: Tenant) -> XeroConnection:
    with tenant_scope(tenant):
        return XeroConnection.objects.get()


def asked(xero: SandboxProcess) -> list[tuple[str, str]]:
    entries = (
        xero.admin("journal", path="/onnections")["entries"] or xero.admin("journal", path="/Connections")["entries"]
    )
    return [(entry["method"], entry["path"]) for entry in entries]


def test_organisation_that_knows_us_is_asked_again_tomorrow_by_one_call(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    before, calls = connection_of(tenant), len(asked(xero))

    wait = look(tenant)

    after = connection_of(tenant)
    assert wait is not None
    assert timedelta(hours=17) < wait <= timedelta(days=1)
    assert (after.status, len(asked(xero)) - calls) == ("connected", 1)
    assert (after.last_good_call_at or read_clock()) > (before.last_good_call_at or read_clock())


def test_organisation_that_disconnected_us_is_lost_and_everybody_told(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    xero.act("disconnect")

    assert look(tenant) is None

    lost = connection_of(tenant)
    assert (lost.status, lost.lost_reason) == (
        "needs reconnect",
        "somebody has disconnected FreightBridge in Xero",
    )
    assert len(log_of(tenant, event="connection lost")) == 1


def test_withdrawn_consent_is_found_out_by_the_token_endpoint(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    xero.act("revoke_grant")
    xero.fault("unauthorised", path="/Connections")

    first = look(tenant)
    second = look(tenant)

    assert first is not None
    assert timedelta(0) < first <= timedelta(minutes=1)
    assert second is None
    assert connection_of(tenant).lost_reason == "Xero has ended our authorisation"


@pytest.mark.parametrize("fault", [{"fault": "error", "status": 503}, {"fault": "lost_answer"}, {"fault": "html"}])
def test_outage_is_no_answer(tenant: Tenant, xero: SandboxProcess, fault: dict[str, object]) -> None:
    connect(tenant, xero)
    xero.fault(**fault, path="/Connections")  # type: ignore[arg-type]

    wait = look(tenant)

    assert wait is not None
    assert timedelta(0) < wait <= timedelta(minutes=5)
    assert connection_of(tenant).status == "connected"


def test_token_under_way_is_awaited(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    with tenant_scope(tenant):
        now = read_clock()
        XeroGrant.objects.update(expires_at=now, refresh_lease_until=now + timedelta(seconds=30))

    wait = look(tenant)

    assert wait is not None
    assert wait <= timedelta(seconds=5)


@pytest.mark.parametrize("status", ["needs reconnect", "disconnected"])
def test_connection_that_is_not_connected_is_left_to_people(tenant: Tenant, xero: SandboxProcess, status: str) -> None:
    connect(tenant, xero)
    calls = len(asked(xero))
    with tenant_scope(tenant):
        XeroConnection.objects.update(status=status)

    assert look(tenant) is None
    assert len(asked(xero)) == calls


def test_daily_digest_that_nobody_has_asked_for_yet_comes_from_then_on(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    with tenant_scope(tenant):
        WorkItem.objects.filter(kind=DAILY_DIGEST).delete()

    look(tenant)

    with tenant_scope(tenant):
        assert WorkItem.objects.filter(kind=DAILY_DIGEST, subject_id=tenant.pk).count() == 1
