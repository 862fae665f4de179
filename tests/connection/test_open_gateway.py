from datetime import timedelta
from typing import Any

import pytest

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.active_connection import NotConnectedError, find_connection, require_connection
from integrations.connection.open_gateway import GatewayNotOpenError, open_gateway
from integrations.models import XeroConnection, XeroGrant
from tests.sending import log_of
from tests.xero_company import connect
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def test_gateway_speaks_to_the_connected_organisation(tenant: Tenant, xero: SandboxProcess) -> None:
    connection = connect(tenant, xero)

    answer = open_gateway(tenant_id=tenant.pk, connection_id=connection.pk).read("Organisation")

    assert answer.json()["Organisations"][0]["Name"] == "Harbour & Hinterland Freight (AU)"


@pytest.mark.parametrize(("scale", "seconds"), [(1, 60), (10, 6), (600, 1)])
def test_patience_shrinks_with_the_delivery_times(
    tenant: Tenant, xero: SandboxProcess, settings: Any, scale: float, seconds: float
) -> None:
    connection = connect(tenant, xero)
    settings.DELIVERY_TIME_SCALE = scale

    gateway = open_gateway(tenant_id=tenant.pk, connection_id=connection.pk)

    assert gateway.times.read == timedelta(seconds=seconds)


@pytest.mark.parametrize("status", ["needs reconnect", "disconnected"])
def test_connection_that_is_not_connected_waits_for_a_person(tenant: Tenant, xero: SandboxProcess, status: str) -> None:
    connection = connect(tenant, xero)
    with tenant_scope(tenant):
        XeroConnection.objects.update(status=status)

    with pytest.raises(GatewayNotOpenError) as refused:
        open_gateway(tenant_id=tenant.pk, connection_id=connection.pk)

    assert refused.value.retry_at is None


def test_token_that_another_worker_refreshes_is_awaited(tenant: Tenant, xero: SandboxProcess) -> None:
    connection = connect(tenant, xero)
    with tenant_scope(tenant):
        now = read_clock()
        XeroGrant.objects.update(expires_at=now, refresh_lease_until=now + timedelta(seconds=30))

    with pytest.raises(GatewayNotOpenError) as refused:
        open_gateway(tenant_id=tenant.pk, connection_id=connection.pk)

    assert refused.value.retry_at is not None
    assert timedelta(0) < refused.value.retry_at - read_clock() <= timedelta(seconds=5)


def test_lost_grant_is_told_once(tenant: Tenant, xero: SandboxProcess) -> None:
    connection = connect(tenant, xero)
    xero.act("revoke_grant")
    with tenant_scope(tenant):
        XeroGrant.objects.update(expires_at=read_clock())

    for _ in range(2):
        with pytest.raises(GatewayNotOpenError):
            open_gateway(tenant_id=tenant.pk, connection_id=connection.pk)

    with tenant_scope(tenant):
        assert XeroConnection.objects.get().status == "needs reconnect"
    assert len(log_of(tenant, event="connection lost", problem_code="FB-102")) == 1


def test_connection_is_found_while_it_is_not_disconnected(tenant: Tenant, xero: SandboxProcess) -> None:
    connection = connect(tenant, xero)
    found = []

    for status in ("connected", "needs reconnect", "disconnected"):
        with tenant_scope(tenant):
            XeroConnection.objects.update(status=status)
            found.append(find_connection())

    assert found == [connection, connection, None]


def test_sending_without_a_connection_says_who_makes_one(in_tenant: Tenant) -> None:
    with pytest.raises(NotConnectedError, match="an admin does it under Settings"):
        require_connection()
