"""
Access tokens, refreshed by one worker at a time: by lease and compare-and-set, never inside a transaction.

Xero changes the refresh token with every use; two workers that refresh at once can lose the connection.
"""

from datetime import datetime, timedelta

import structlog

from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.transactions import refuse_transaction
from integrations.connection.xero_hosts import identity_api
from integrations.models import XeroGrant
from integrations.xero_gateway.identity_api import GrantRefusedError, IdentityUnavailableError, TokenSet

# Refreshed this long before it expires, so that nobody has to wait for a refresh under way.
EARLY = timedelta(minutes=5)
LEASE = timedelta(seconds=30)
log = structlog.get_logger(__name__)


class NoTokenYetError(Exception):
    """No usable token at the moment; another worker or a later try will have one."""


class GrantLostError(Exception):
    """Xero has ended the grant: a person must connect again."""


def access_token_of(*, tenant_id: int, grant_id: int) -> str:
    """Raises NoTokenYetError, GrantLostError, TransactionError."""
    refuse_transaction()
    with tenant_scope(tenant_id):
        grant, now = XeroGrant.objects.get(pk=grant_id), read_clock()
        if grant.revoked_at:
            raise GrantLostError("it was revoked")
        if now < grant.expires_at - EARLY:
            return grant.access_token
        if not _take_lease(grant, now):
            return _old_token(grant, now)
    return _refresh(tenant_id, grant)


def store_tokens(grant: XeroGrant, tokens: TokenSet, *, now: datetime) -> bool:
    """Compare and set; False: somebody else stored newer ones. In the tenant's scope."""
    seen_version, grant.version = grant.version, grant.version + 1
    grant.previous_refresh_token = grant.refresh_token
    grant.access_token, grant.refresh_token = tokens.access_token, tokens.refresh_token
    changed = {
        "access_token_sealed": grant.access_token_sealed,
        "refresh_token_sealed": grant.refresh_token_sealed,
        "previous_refresh_token_sealed": grant.previous_refresh_token_sealed,
        "scopes": list(tokens.scopes),
        "expires_at": now + timedelta(seconds=tokens.expires_in),
        "refreshed_at": now,
        "version": grant.version,
        "refresh_lease_until": None,
        "refresh_started_at": None,
        "revoked_at": None,
    }
    return bool(XeroGrant.objects.filter(pk=grant.pk, version=seen_version).update(**changed))


def _take_lease(grant: XeroGrant, now: datetime) -> bool:
    free = XeroGrant.objects.filter(pk=grant.pk, version=grant.version)
    free = free.filter(refresh_lease_until=None) | free.filter(refresh_lease_until__lte=now)
    started_at = grant.refresh_started_at or now
    return bool(free.update(refresh_lease_until=now + LEASE, refresh_started_at=started_at))


def _old_token(grant: XeroGrant, now: datetime) -> str:
    if now < grant.expires_at:
        return grant.access_token
    raise NoTokenYetError("another worker is refreshing it")


def _refresh(tenant_id: int, grant: XeroGrant) -> str:
    try:
        tokens = _ask(grant)
    except IdentityUnavailableError as error:
        _free_lease(tenant_id, grant)
        raise NoTokenYetError(str(error)) from error
    with tenant_scope(tenant_id):
        if not store_tokens(grant, tokens, now=read_clock()):
            raise NoTokenYetError("another worker has stored newer ones")
    log.info("tokens refreshed", grant=grant.pk)
    return tokens.access_token


def _ask(grant: XeroGrant) -> TokenSet:
    """Where the answer to the last refresh was lost, the token before it still works for half an hour."""
    try:
        return identity_api().refresh(grant.refresh_token)
    except GrantRefusedError as refusal:
        if not grant.previous_refresh_token:
            raise GrantLostError(str(refusal)) from refusal
    try:
        return identity_api().refresh(grant.previous_refresh_token)
    except GrantRefusedError as refusal:
        raise GrantLostError(str(refusal)) from refusal


def _free_lease(tenant_id: int, grant: XeroGrant) -> None:
    with tenant_scope(tenant_id):
        XeroGrant.objects.filter(pk=grant.pk, version=grant.version).update(refresh_lease_until=None)
