"""A grant survives whatever happens to the answers; it is lost only when Xero says so, twice."""

from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from freightbridge.background_work.models import WorkItem
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.access_tokens import access_token_of
from integrations.connection.connect_organisation import keep_grant
from integrations.connection.refresh_grant import (
    GrantLostError,
    NoTokenYetError,
    refresh_grant,
    replace_tokens,
    take_lease,
)
from integrations.models import XeroConnection, XeroGrant
from integrations.xero_gateway.identity_api import TokenSet
from tests.sending import log_of
from tests.xero_company import connect
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "/connect/token"
RETRIES = [5, 15, 60, 60]


def grant_of(tenant: Tenant) -> XeroGrant:
    with tenant_scope(tenant):
        return XeroGrant.objects.get()


def change(tenant: Tenant, **changes: Any) -> XeroGrant:
    with tenant_scope(tenant):
        XeroGrant.objects.update(**changes)
    return grant_of(tenant)


def expire(tenant: Tenant, **changes: Any) -> XeroGrant:
    return change(tenant, expires_at=read_clock(), **changes)


def token_of(tenant: Tenant) -> str:
    return access_token_of(tenant_id=tenant.pk, grant_id=grant_of(tenant).pk)


def leased(tenant: Tenant) -> XeroGrant:
    with tenant_scope(tenant):
        grant = XeroGrant.objects.get()
        assert take_lease(grant, now=read_clock())
    return grant


def retry_is_due(tenant: Tenant) -> None:
    change(tenant, refresh_lease_until=read_clock())


def refreshes(xero: SandboxProcess) -> int:
    return len(xero.admin("journal", path=TOKEN)["entries"])


def next_try(tenant: Tenant) -> timedelta:
    """From now, as the work item has it."""
    with tenant_scope(tenant):
        return WorkItem.objects.get(kind="keep grant alive").next_at - read_clock()


def tokens(grant: XeroGrant, name: str) -> TokenSet:
    return TokenSet(
        access_token=f"a.{name}", refresh_token=f"r.{name}", expires_in=1800, scopes=(),
        xero_user_id=str(grant.xero_user_id), authentication_event_id="",
    )  # fmt: skip


@pytest.mark.parametrize("fault", ["lost_answer", "reset_after", "truncated", "html"])
def test_lost_answer_is_made_good_by_the_same_token(tenant: Tenant, xero: SandboxProcess, fault: str) -> None:
    """Xero has changed the tokens and we do not know: the one we have works for half an hour more."""
    connect(tenant, xero)
    before = expire(tenant)
    xero.fault(fault, path=TOKEN, times=1, **({"commits": True} if fault == "html" else {}))

    with pytest.raises(NoTokenYetError) as refused:
        token_of(tenant)
    waiting = grant_of(tenant)
    retry_is_due(tenant)
    token = token_of(tenant)

    after = grant_of(tenant)
    assert (waiting.refresh_token, waiting.refresh_failures) == (before.refresh_token, 1)
    assert refused.value.retry_at == waiting.refresh_lease_until
    assert (token, after.previous_refresh_token) == (after.access_token, before.refresh_token)
    assert (after.refresh_failures, after.refresh_started_at, after.refresh_lease_until) == (0, None, None)
    assert refreshes(xero) == 2


def test_failures_are_retried_after_5_15_and_60_seconds_and_not_before(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    expire(tenant)
    xero.fault("lost_answer", path=TOKEN)
    waits = []

    for _ in RETRIES:
        for _ in range(2):
            with pytest.raises(NoTokenYetError):
                token_of(tenant)
        waits.append(round(next_try(tenant).total_seconds()))
        retry_is_due(tenant)

    assert waits == RETRIES
    assert refreshes(xero) == len(RETRIES)


def test_nobody_waits_while_the_old_token_is_good(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    before = change(tenant, expires_at=read_clock() + timedelta(minutes=4))
    xero.fault("lost_answer", path=TOKEN)

    seen = [token_of(tenant) for _ in range(3)]

    assert seen == [before.access_token] * 3
    assert refreshes(xero) == 1
    assert next_try(tenant) <= timedelta(seconds=5)


def test_worker_that_dies_with_the_lease_leaves_work_for_the_next(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    expire(tenant)

    leased(tenant)

    assert timedelta(seconds=25) < next_try(tenant) <= timedelta(seconds=30)


def test_tokens_put_the_next_keep_alive_off_by_nearly_a_week(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    change(tenant, expires_at=read_clock())
    with tenant_scope(tenant):
        WorkItem.objects.filter(kind="keep grant alive").update(next_at=read_clock())

    token_of(tenant)

    assert timedelta(days=5) < next_try(tenant) <= timedelta(days=7)


def test_previous_token_is_tried_where_the_last_is_refused(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    good = grant_of(tenant).refresh_token
    unknown_to_xero(tenant, previous=good)

    token = token_of(tenant)

    after = grant_of(tenant)
    assert (token, after.previous_refresh_token) == (after.access_token, good)
    assert refreshes(xero) == 2


def test_previous_token_is_not_tried_once_it_is_too_old(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    unknown_to_xero(tenant, previous=grant_of(tenant).refresh_token, refreshed_at=read_clock() - timedelta(minutes=36))

    with pytest.raises(GrantLostError):
        token_of(tenant)

    assert refreshes(xero) == 1


def unknown_to_xero(tenant: Tenant, *, previous: str, **changes: Any) -> None:
    with tenant_scope(tenant):
        grant = XeroGrant.objects.get()
        grant.previous_refresh_token, grant.refresh_token = previous, "never-stored-by-xero"
        grant.save()
    expire(tenant, **changes)


def test_grant_is_lost_after_both_tokens_were_refused_and_its_connection_with_it(
    tenant: Tenant, xero: SandboxProcess
) -> None:
    connect(tenant, xero)
    expire(tenant)
    token_of(tenant)
    xero.act("revoke_grant")
    expire(tenant)

    with pytest.raises(GrantLostError, match="invalid_grant"):
        token_of(tenant)

    assert refreshes(xero) == 3
    assert grant_of(tenant).revoked_at is not None
    with tenant_scope(tenant):
        connection = XeroConnection.objects.get()
        assert WorkItem.objects.filter(kind="tell of a lost connection").count() == 1
    assert (connection.status, connection.lost_reason) == ("needs reconnect", "Xero has ended our authorisation")
    assert len(log_of(tenant, event="connection lost", problem_code="FB-102")) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "error", "status": 503},
        {"fault": "error", "status": 400},
        {"fault": "reset_before"},
        {"fault": "html"},
        {"fault": "throttled"},
    ],
)
def test_trouble_of_any_kind_never_loses_a_grant(tenant: Tenant, xero: SandboxProcess, fault: dict[str, Any]) -> None:
    connect(tenant, xero)
    expire(tenant)
    xero.fault(**fault, path=TOKEN)

    for _ in range(3):
        with pytest.raises(NoTokenYetError):
            token_of(tenant)
        retry_is_due(tenant)
    xero.admin("faults", {"rules": []})

    assert token_of(tenant) == grant_of(tenant).access_token


def test_wrong_client_secret_never_loses_a_grant(tenant: Tenant, xero: SandboxProcess, settings: Any) -> None:
    connect(tenant, xero)
    expire(tenant)
    settings.XERO_CLIENT_SECRET = "mistyped"

    with pytest.raises(NoTokenYetError, match="invalid_client"):
        token_of(tenant)


def test_alarm_is_raised_ten_minutes_after_the_first_failure(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    xero.fault("error", status=503, path=TOKEN)

    seen = []
    for minutes in (9, 11):
        expire(tenant, refresh_started_at=read_clock() - timedelta(minutes=minutes), refresh_lease_until=None)
        before = REGISTRY.get_sample_value("token_refresh_overdue_total") or 0
        with capture_logs() as logs, pytest.raises(NoTokenYetError):
            token_of(tenant)
        (told,) = [entry["log_level"] for entry in logs if entry["event"] == "tokens not refreshed"]
        seen.append((told, (REGISTRY.get_sample_value("token_refresh_overdue_total") or 0) - before))

    assert seen == [("warning", 0), ("error", 1)]


def test_worker_that_slept_through_its_lease_stores_nothing(tenant: Tenant, xero: SandboxProcess) -> None:
    """The one that took it after him has asked later, so his is the token that Xero knows as the newest."""
    connect(tenant, xero)
    expire(tenant)
    sleeper = leased(tenant)
    retry_is_due(tenant)
    awake = leased(tenant)

    with pytest.raises(NoTokenYetError, match="another worker"):
        refresh_grant(sleeper)
    token = refresh_grant(awake)

    assert (grant_of(tenant).access_token, grant_of(tenant).version) == (token, awake.version + 1)


def test_worker_that_slept_through_its_lease_loses_nothing(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    expire(tenant)
    sleeper = leased(tenant)
    retry_is_due(tenant)
    token_of(tenant)
    sleeper.refresh_token = sleeper.previous_refresh_token = "too old"

    with pytest.raises(NoTokenYetError, match="another worker"):
        refresh_grant(sleeper)

    with tenant_scope(tenant):
        assert (XeroConnection.objects.get().status, XeroGrant.objects.get().revoked_at) == ("connected", None)


def test_new_consent_counts_whoever_is_refreshing_the_old_one(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    expire(tenant)
    refreshing = leased(tenant)
    with tenant_scope(tenant):
        keep_grant(tokens(refreshing, "of the new consent"), now=read_clock())

    with pytest.raises(NoTokenYetError):
        refresh_grant(refreshing)

    grant = grant_of(tenant)
    assert (grant.access_token, grant.previous_refresh_token) == ("a.of the new consent", "")
    assert (grant.version, grant.refresh_lease_until) == (refreshing.version + 1, None)


def test_new_consent_counts_though_somebody_has_refreshed_since_the_grant_was_read(
    tenant: Tenant, xero: SandboxProcess
) -> None:
    connect(tenant, xero)
    read_before = expire(tenant)
    token_of(tenant)

    with tenant_scope(tenant):
        replace_tokens(read_before, tokens(read_before, "of the new consent"), now=read_clock())

    assert grant_of(tenant).access_token == "a.of the new consent"
