"""One worker refreshes, the others use what there is, and an answer that was lost costs nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.transactions import TransactionError
from integrations.connection.access_tokens import access_token_of, distrust_access_token
from integrations.connection.refresh_grant import GrantLostError, NoTokenYetError
from integrations.connection.token_times import TokenTimes
from integrations.models import XeroConnection, XeroGrant
from tests.xero_company import connect
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def grant_of(tenant: Tenant) -> XeroGrant:
    with tenant_scope(tenant):
        return XeroGrant.objects.get()


def expire(tenant: Tenant, *, left: timedelta = timedelta(0), **changes: Any) -> XeroGrant:
    with tenant_scope(tenant):
        XeroGrant.objects.update(expires_at=read_clock() + left, **changes)
    return grant_of(tenant)


def token_of(tenant: Tenant) -> str:
    return access_token_of(tenant_id=tenant.pk, grant_id=grant_of(tenant).pk)


def refreshes(xero: SandboxProcess) -> int:
    return len(xero.admin("journal", path="/connect/token")["entries"])


def in_thread(tenant: Tenant) -> str:
    try:
        return token_of(tenant)
    except NoTokenYetError:
        return "later"
    finally:
        connection.close()


def test_token_that_is_good_is_used_without_a_call(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)

    token = token_of(tenant)

    assert token == grant_of(tenant).access_token
    assert refreshes(xero) == 0


def test_token_is_refreshed_before_it_expires(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    before = expire(tenant, left=TokenTimes().early - timedelta(seconds=1))

    token = token_of(tenant)

    after = grant_of(tenant)
    assert token == after.access_token != before.access_token
    assert after.refresh_token != before.refresh_token
    assert (after.previous_refresh_token, after.version) == (before.refresh_token, before.version + 1)
    assert (after.refresh_lease_until, after.refresh_started_at) == (None, None)
    assert timedelta(minutes=29) < after.expires_at - read_clock() <= timedelta(minutes=30)


def test_eight_workers_on_an_expired_token_refresh_once(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    expire(tenant)
    xero.fault("latency", path="/connect/token", seconds=0.2)

    with ThreadPoolExecutor(8) as pool:
        tokens = [future.result() for future in [pool.submit(in_thread, tenant) for _ in range(8)]]

    assert refreshes(xero) == 1
    assert set(tokens) <= {"later", grant_of(tenant).access_token}
    assert token_of(tenant) != "later"


def test_others_use_the_old_token_while_one_refreshes(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    grant = expire(tenant, left=timedelta(minutes=2), refresh_lease_until=read_clock() + timedelta(seconds=30))

    assert token_of(tenant) == grant.access_token
    assert refreshes(xero) == 0


def test_worker_that_died_while_refreshing_holds_nobody_up(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    expire(tenant, refresh_lease_until=read_clock() - timedelta(seconds=1))

    assert token_of(tenant) == grant_of(tenant).access_token
    assert refreshes(xero) == 1


def test_token_that_another_refreshes_is_awaited_once_the_old_one_is_no_good(
    tenant: Tenant, xero: SandboxProcess
) -> None:
    connect(tenant, xero)
    expire(tenant, refresh_lease_until=read_clock() + timedelta(seconds=30))

    with pytest.raises(NoTokenYetError) as refused:
        token_of(tenant)

    assert timedelta(0) < refused.value.retry_at - read_clock() <= timedelta(seconds=5)
    assert refreshes(xero) == 0


def test_token_that_xero_did_not_take_is_refreshed(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    before = grant_of(tenant)

    distrust_access_token(tenant_id=tenant.pk, grant_id=before.pk)

    assert token_of(tenant) != before.access_token
    assert refreshes(xero) == 1


def test_revoked_grant_is_not_even_asked_for_and_its_connection_is_lost(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    expire(tenant, revoked_at=read_clock())

    with pytest.raises(GrantLostError, match="Xero has ended it"):
        token_of(tenant)

    with tenant_scope(tenant):
        assert XeroConnection.objects.get().status == "needs reconnect"
    assert refreshes(xero) == 0


def test_refresh_stays_out_of_transactions(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    grant = expire(tenant)

    with tenant_scope(tenant), pytest.raises(TransactionError):
        access_token_of(tenant_id=tenant.pk, grant_id=grant.pk)


def test_tokens_stand_sealed_in_the_table(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)

    grant = grant_of(tenant)

    stored = bytes(grant.access_token_sealed) + bytes(grant.refresh_token_sealed)
    assert grant.access_token.encode() not in stored
    assert grant.refresh_token.encode() not in stored
