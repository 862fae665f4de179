"""A disconnect ends the link at both ends, whatever state Xero is in, and keeps everything else (F72)."""

import pytest

from freightbridge.audit.models import AuditEvent
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.connect_organisation import connect_organisation, keep_grant
from integrations.connection.disconnect_organisation import disconnect_organisation
from integrations.connection.xero_hosts import identity_api
from integrations.models import ChargeRule, XeroConnection, XeroGrant
from integrations.xero_gateway.identity_api import SCOPES, GrantRefusedError, token_set_of
from tests.sending import company, deliver, documents, jobs, log_of, send_all, shipments
from tests.xero_company import PERSON, connect
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def disconnect(tenant: Tenant) -> str:
    with tenant_scope(tenant):
        connection_id = XeroConnection.objects.get().pk
    return disconnect_organisation(tenant_id=tenant.pk, connection_id=connection_id, by=PERSON)


def left_over(tenant: Tenant) -> tuple[str, int]:
    with tenant_scope(tenant):
        return XeroConnection.objects.get().status, XeroGrant.objects.count()


def test_link_is_ended_at_xero_and_here(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)

    remark = disconnect(tenant)

    (call,) = xero.admin("journal", method="DELETE")["entries"]
    assert (remark, call["status"]) == ("", 204)
    assert left_over(tenant) == ("disconnected", 0)
    with tenant_scope(tenant):
        assert AuditEvent.objects.filter(action="xero disconnected", actor=PERSON).count() == 1


def test_documents_rules_and_log_stay(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    send_all(tenant)

    disconnect(tenant)

    with tenant_scope(tenant):
        assert ChargeRule.objects.count() == 1
    assert documents(tenant, "state") == ["in xero"]
    assert ("disconnected", "Disconnected from Harbour & Hinterland Freight (AU).") in log_of(tenant)


def test_queued_jobs_wait_for_the_next_connection(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    xero.fault("throttled", path="/Contacts", method="PUT")
    send_all(tenant)

    disconnect(tenant)
    deliver()

    assert jobs(tenant, "state") == ["queued"]


@pytest.mark.parametrize("fault", ["error", "lost_answer", "reset_before"])
def test_xero_that_does_not_answer_does_not_keep_the_link(tenant: Tenant, xero: SandboxProcess, fault: str) -> None:
    connect(tenant, xero)
    xero.fault(fault, path="/Connections")

    remark = disconnect(tenant)

    assert remark == "Xero could not be reached: remove FreightBridge there too, under Connected apps."
    assert left_over(tenant) == ("disconnected", 0)


def test_link_that_xero_ended_already_is_no_trouble(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    xero.act("disconnect")

    assert disconnect(tenant) == ""
    assert left_over(tenant) == ("disconnected", 0)


def test_withdrawn_consent_is_no_trouble(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    xero.act("revoke_grant")
    with tenant_scope(tenant):
        grant = XeroGrant.objects.get()
        XeroGrant.objects.update(expires_at=grant.refreshed_at)

    assert disconnect(tenant) == ""
    assert left_over(tenant) == ("disconnected", 0)


def test_disconnecting_twice_is_like_once(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    disconnect(tenant)

    assert disconnect(tenant) == ""
    assert left_over(tenant) == ("disconnected", 0)


def test_consent_is_revoked_once_nothing_hangs_on_it(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    with tenant_scope(tenant):
        refresh_token = XeroGrant.objects.get().refresh_token

    disconnect(tenant)

    assert len(xero.admin("journal", path="/connect/revocation")["entries"]) == 1
    with pytest.raises(GrantRefusedError):
        identity_api().refresh(refresh_token)


def test_consent_that_reaches_another_organisation_is_left_alone(tenant: Tenant, xero: SandboxProcess) -> None:
    """The same person's, for another company of ours or for one that is still to be connected."""
    wish = {"organisations": ["AU", "NZ"], "scopes": list(SCOPES)}
    tokens = token_set_of(xero.admin("grants", wish))
    (chosen, _) = identity_api().connections(tokens.access_token)
    with tenant_scope(tenant):
        now = read_clock()
        connect_organisation(chosen, grant=keep_grant(tokens, now=now), by=PERSON, now=now)

    disconnect(tenant)

    assert [one.name for one in identity_api().connections(tokens.access_token)] != []
    assert xero.admin("journal", path="/connect/revocation")["entries"] == []
    assert left_over(tenant) == ("disconnected", 0)


def test_revocation_that_fails_leaves_nothing_to_a_person(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    xero.fault("error", status=503, path="/connect/revocation")

    assert disconnect(tenant) == ""
    assert left_over(tenant) == ("disconnected", 0)
