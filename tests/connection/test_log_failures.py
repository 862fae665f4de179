"""A sweep, a look into what a webhook told, a renewal of access that fail: each stands in the log. Real HTTP."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.accounting_log import write_failure
from integrations.connection.access_tokens import access_token_of
from integrations.connection.refresh_grant import NoTokenYetError
from integrations.models import AccountingLogEntry, OrganisationLane, WebhookEvent, XeroConnection, XeroGrant
from integrations.payments.sweep_unsettled import sweep_unsettled
from integrations.webhooks.process_events import process_events
from tests.sending import company, documents, send_all, shipments
from tests.xero_company import connect
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everything_polled")]
XEROS = "The fault is Xero's, or lies on the way to it, and there is nothing for you to do. It is tried again at "


@pytest.fixture
def sent(tenant: Tenant, xero: SandboxProcess) -> Tenant:
    """Two invoices in Xero, and no word yet of what became of them."""
    company(tenant, xero)
    shipments(tenant, "100.00", "100.00")
    send_all(tenant)
    return tenant


def run(tenant: Tenant, do: Callable[[Work], Again | None]) -> None:
    """As if no earlier failure made the organisation's lane rest."""
    with tenant_scope(tenant):
        OrganisationLane.objects.update(paused_until=None, minute_left=60)
        work = Work(tenant_id=tenant.pk, subject_id=XeroConnection.objects.get().pk)
    do(work)


def told_of(tenant: Tenant, *numbers: int) -> None:
    with tenant_scope(tenant):
        organisation, now = XeroConnection.objects.get().organisation_id, read_clock()
    ids = documents(tenant, "xero_id")
    WebhookEvent.objects.all().delete()
    WebhookEvent.objects.bulk_create(
        WebhookEvent(
            organisation_id=organisation, category="INVOICE", resource_id=UUID(str(ids[number])),
            event_type="UPDATE", happened_at=now, received_at=now,
        )
        for number in numbers
    )  # fmt: skip


def entries(tenant: Tenant, event: str) -> list[AccountingLogEntry]:
    with tenant_scope(tenant):
        return list(AccountingLogEntry.objects.filter(event=event).order_by("id"))


def renew(tenant: Tenant, **state: Any) -> None:
    with tenant_scope(tenant):
        XeroGrant.objects.update(refresh_lease_until=None, **state)
        grant_id = XeroGrant.objects.get().pk
    access_token_of(tenant_id=tenant.pk, grant_id=grant_id)


def test_failed_sweep_says_so_once_an_hour(sent: Tenant, xero: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    xero.fault("error", status=503, path="/Invoices")
    run(sent, sweep_unsettled)
    run(sent, sweep_unsettled)

    (entry,) = entries(sent, "sweep failed")
    said = f"Unsettled documents were not looked at: Invoices could not be read (Xero answered 503). {XEROS}"
    assert entry.text.startswith(said)
    assert (entry.direction, entry.result, entry.document_id, entry.has_news) == ("poll", "waiting", None, True)
    assert [call["status"] for call in entry.details["calls"]] == [503]

    monkeypatch.setattr(write_failure, "SAID_FOR", timedelta(0))
    run(sent, sweep_unsettled)
    assert len(entries(sent, "sweep failed")) == 2


def test_failed_look_into_an_event_stands_on_each_shipment_that_it_concerns(sent: Tenant, xero: SandboxProcess) -> None:
    first, second = documents(sent, "pk")
    xero.fault("lost_answer", path="/Invoices")
    told_of(sent, 0)
    run(sent, process_events)
    told_of(sent, 0, 1)
    run(sent, process_events)

    told = entries(sent, "webhook not read")
    assert [entry.document_id for entry in told] == [first, second]
    said = "Invoices could not be read (the connection broke off before the answer had come)"
    assert told[0].text.startswith(f"What Xero told of was not looked into: {said}. {XEROS}")
    assert {entry.direction for entry in told} == {"webhook"}


def test_of_many_documents_only_the_organisation_is_told(
    sent: Tenant, xero: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_failure, "MOST_DOCUMENTS", 1)
    xero.fault("error", status=500, path="/Invoices")
    told_of(sent, 0, 1)
    run(sent, process_events)

    assert [entry.document_id for entry in entries(sent, "webhook not read")] == [None]


def test_access_that_is_not_renewed_says_until_when_it_is_good_and_then_that_all_waits(
    tenant: Tenant, xero: SandboxProcess
) -> None:
    connect(tenant, xero)
    xero.fault("error", status=503, path="/connect/token")
    for _ in range(2):
        renew(tenant, expires_at=read_clock() + timedelta(minutes=2))
    with pytest.raises(NoTokenYetError):
        renew(tenant, expires_at=read_clock())

    good, run_out = (entry.text for entry in entries(tenant, "access not renewed"))
    assert good.startswith("Our access to Xero was not renewed (HTTP 503). What we have is good until ")
    assert f"so nothing waits yet. {XEROS}" in good
    assert f"(HTTP 503). What is to go to Xero, or come from it, waits for it. {XEROS}" in run_out


def test_our_own_fault_at_the_identity_service_is_called_ours(
    tenant: Tenant, xero: SandboxProcess, settings: Any
) -> None:
    connect(tenant, xero)
    settings.XERO_CLIENT_SECRET = "mistyped"
    with pytest.raises(NoTokenYetError):
        renew(tenant, expires_at=read_clock())

    (entry,) = entries(tenant, "access not renewed")
    assert "(invalid_client)" in entry.text
    assert "how FreightBridge itself signs in there, which those who run it must mend" in entry.text


def test_failure_of_a_lost_connection_is_not_told_twice(sent: Tenant, xero: SandboxProcess) -> None:
    xero.act("disconnect")
    told_of(sent, 0)
    run(sent, process_events)
    run(sent, sweep_unsettled)

    assert entries(sent, "webhook not read") == entries(sent, "sweep failed") == []
    assert len(entries(sent, "connection lost")) == 1
