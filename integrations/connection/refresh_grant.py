"""
Refreshes a grant's tokens: by lease and compare-and-set, never inside a transaction.

Xero changes the refresh token with every use, and a used one works for half an hour more. So an answer that is lost
costs nothing as long as somebody tries again with the token that we still have: whoever takes the lease leaves work
for the case that he dies, and every failure leaves work for its next try, whether anybody asks for a token or not.
"""

from datetime import datetime

import structlog
from django.db.models import F, QuerySet
from prometheus_client import Counter

from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.clock import read_clock
from freightbridge.current_times import current_times
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.connection_work import KEEP_GRANT_ALIVE
from integrations.connection.log_failed_refresh import log_failed_refresh
from integrations.connection.token_times import TokenTimes
from integrations.connection.xero_hosts import identity_api
from integrations.lanes.lose_connection import lose_connection
from integrations.models import XeroGrant
from integrations.xero_gateway.identity_api import GrantRefusedError, IdentityUnavailableError, TokenSet

overdue = Counter("token_refresh_overdue_total", "Tries to refresh tokens that failed, ten minutes after the first")
log = structlog.get_logger(__name__)


class NoTokenYetError(Exception):
    """No usable token at the moment; another worker or a later try, at `retry_at`, will have one."""

    def __init__(self, reason: str, *, retry_at: datetime) -> None:
        super().__init__(reason)
        self.retry_at = retry_at


class GrantLostError(Exception):
    """Xero has ended the grant: a person must connect again."""


def take_lease(grant: XeroGrant, *, now: datetime) -> bool:
    """
    In the tenant's scope; False: somebody else is at it, or the next try is not due yet.

    The grant then knows its lease, by which alone a refresh may store what it got.
    """
    lease_until = now + current_times(TokenTimes).lease
    free = XeroGrant.objects.filter(pk=grant.pk, version=grant.version, revoked_at=None)
    free = free.filter(refresh_lease_until=None) | free.filter(refresh_lease_until__lte=now)
    started_at = grant.refresh_started_at or now
    if not free.update(refresh_lease_until=lease_until, refresh_started_at=started_at):
        return False
    grant.refresh_lease_until, grant.refresh_started_at = lease_until, started_at
    enqueue_work(KEEP_GRANT_ALIVE, [grant.pk], now=now, at=lease_until)
    return True


def refresh_grant(grant: XeroGrant) -> str:
    """
    By whoever took the lease, outside any scope: the new access token, or the old one while it is still good.

    Raises NoTokenYetError, GrantLostError; every connection of a lost grant is lost with it.
    """
    try:
        used, tokens = _ask(grant)
    except IdentityUnavailableError as error:
        return _fail(grant, error)
    except GrantRefusedError as error:
        _lose(grant, str(error))
        raise GrantLostError(str(error)) from error
    with tenant_scope(grant.tenant_id):
        now = read_clock()
        grant.previous_refresh_token = used
        if not store_tokens(_leased(grant), grant, tokens, now=now):
            raise NoTokenYetError("another worker has stored newer ones", retry_at=now)
    log.info("tokens refreshed", grant=grant.pk)
    return tokens.access_token


def lose_connections_of(grant: XeroGrant) -> None:
    """Outside any scope; for a grant that Xero has ended. Whoever comes upon one says so, in case others died."""
    with tenant_scope(grant.tenant_id):
        now = read_clock()
        for connection_id in grant.connections.values_list("pk", flat=True):
            lose_connection(connection_id, reason="Xero has ended our authorisation", now=now)


def replace_tokens(grant: XeroGrant, tokens: TokenSet, *, now: datetime) -> None:
    """A new consent's, which count whoever may be refreshing the old ones. In the tenant's scope."""
    grant.previous_refresh_token = ""
    store_tokens(XeroGrant.objects.filter(pk=grant.pk), grant, tokens, now=now)


def store_tokens(rows: QuerySet[XeroGrant], grant: XeroGrant, tokens: TokenSet, *, now: datetime) -> bool:
    """Compare and set, on the one of `rows`. False: it is not among them, so nothing was stored."""
    times = current_times(TokenTimes)
    grant.access_token, grant.refresh_token = tokens.access_token, tokens.refresh_token
    is_stored = rows.update(
        access_token_sealed=grant.access_token_sealed,
        refresh_token_sealed=grant.refresh_token_sealed,
        previous_refresh_token_sealed=grant.previous_refresh_token_sealed,
        scopes=list(tokens.scopes),
        expires_at=times.expiry(now, expires_in=tokens.expires_in),
        refreshed_at=now,
        version=F("version") + 1,
        refresh_lease_until=None,
        refresh_started_at=None,
        refresh_failures=0,
        revoked_at=None,
    )
    if is_stored:
        enqueue_work(KEEP_GRANT_ALIVE, [grant.pk], now=now, at=times.keep_alive_at(now, seed=grant.pk))
    return bool(is_stored)


def _ask(grant: XeroGrant) -> tuple[str, TokenSet]:
    """The token that was taken, and the new ones. Raises IdentityUnavailableError, GrantRefusedError."""
    try:
        return grant.refresh_token, identity_api().refresh(grant.refresh_token)
    except GrantRefusedError:
        previous = grant.previous_refresh_token
        started_at = grant.refresh_started_at or grant.refreshed_at
        if not previous or started_at >= grant.refreshed_at + current_times(TokenTimes).previous_kept:
            raise
    return previous, identity_api().refresh(previous)


def _fail(grant: XeroGrant, failure: IdentityUnavailableError) -> str:
    """Xero's trouble, whatever it is, never ends a grant."""
    times = current_times(TokenTimes)
    with tenant_scope(grant.tenant_id):
        now = read_clock()
        since, failures = grant.refresh_started_at or now, grant.refresh_failures + 1
        retry_at = times.retry_at(now, failures=failures, since=since)
        if _leased(grant).update(refresh_lease_until=retry_at, refresh_failures=failures):
            enqueue_work(KEEP_GRANT_ALIVE, [grant.pk], now=now, at=retry_at)
            log_failed_refresh(grant, failure, retry_at=retry_at, now=now)
    is_overdue = now - since > times.alarm
    tell = log.error if is_overdue else log.warning
    tell("tokens not refreshed", grant=grant.pk, reason=str(failure), failures=failures, since=since.isoformat())
    if is_overdue:
        overdue.inc()
    if now < grant.expires_at:
        return grant.access_token
    raise NoTokenYetError(str(failure), retry_at=retry_at)


def _lose(grant: XeroGrant, reason: str) -> None:
    """Unless it is not ours to say any more. Raises NoTokenYetError then."""
    with tenant_scope(grant.tenant_id):
        now = read_clock()
        if not _leased(grant).update(revoked_at=now, refresh_lease_until=None, refresh_started_at=None):
            raise NoTokenYetError("another worker has stored newer ones", retry_at=now)
    log.error("grant lost", grant=grant.pk, reason=reason)
    lose_connections_of(grant)


def _leased(grant: XeroGrant) -> QuerySet[XeroGrant]:
    """The grant's row, as long as the lease is ours and nobody has stored tokens."""
    return XeroGrant.objects.filter(pk=grant.pk, version=grant.version, refresh_lease_until=grant.refresh_lease_until)
