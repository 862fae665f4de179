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
from integrations.connection.access_tokens import (
    EARLY,
    GrantLostError,
    NoTokenYetError,
    access_token_of,
    store_tokens,
)
from integrations.models import XeroGrant
from integrations.xero_gateway.identity_api import TokenSet
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
    before = expire(tenant, left=EARLY - timedelta(seconds=1))

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


@pytest.mark.parametrize("fault", ["lost_answer", "reset_after", "truncated", "html"])
def test_lost_answer_to_a_refresh_is_made_good_by_the_token_before(
    tenant: Tenant, xero: SandboxProcess, fault: str
) -> None:
    """Xero has changed the tokens and we do not know: the one we have works for half an hour more."""
    connect(tenant, xero)
    before = expire(tenant)
    xero.fault(fault, path="/connect/token", times=1, **({"commits": True} if fault == "html" else {}))

    with pytest.raises(NoTokenYetError):
        token_of(tenant)
    waiting = grant_of(tenant)
    token = token_of(tenant)

    assert (waiting.refresh_token, waiting.refresh_lease_until) == (before.refresh_token, None)
    assert waiting.refresh_started_at is not None
    assert token == grant_of(tenant).access_token
    assert refreshes(xero) == 2


def test_token_before_the_last_is_tried_where_the_last_is_refused(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    with tenant_scope(tenant):
        grant = XeroGrant.objects.get()
        grant.previous_refresh_token, grant.refresh_token = grant.refresh_token, "never-stored-by-xero"
        grant.expires_at = read_clock()
        grant.save()

    assert token_of(tenant) == grant_of(tenant).access_token
    assert refreshes(xero) == 2


def test_withdrawn_grant_is_lost(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    expire(tenant)
    xero.act("revoke_grant")

    with pytest.raises(GrantLostError, match="invalid_grant"):
        token_of(tenant)


def test_revoked_grant_is_not_even_asked_for(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    expire(tenant, revoked_at=read_clock())

    with pytest.raises(GrantLostError, match="it was revoked"):
        token_of(tenant)
    assert refreshes(xero) == 0


@pytest.mark.parametrize("fault", [{"fault": "error", "status": 503}, {"fault": "reset_before"}])
def test_outage_never_loses_a_grant(tenant: Tenant, xero: SandboxProcess, fault: dict[str, Any]) -> None:
    connect(tenant, xero)
    expire(tenant)
    xero.fault(**fault, path="/connect/token")

    for _ in range(3):
        with pytest.raises(NoTokenYetError):
            token_of(tenant)

    assert grant_of(tenant).revoked_at is None


def test_second_of_two_that_refreshed_at_once_stores_nothing(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    first, second = grant_of(tenant), grant_of(tenant)
    tokens = TokenSet(
        access_token="a", refresh_token="r", expires_in=60, scopes=(), xero_user_id=str(first.xero_user_id),
        authentication_event_id="",
    )  # fmt: skip

    with tenant_scope(tenant):
        stored = [store_tokens(grant, tokens, now=read_clock()) for grant in (first, second)]

    assert stored == [True, False]
    assert grant_of(tenant).version == first.version


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
