"""Access tokens that are good for the next minutes, refreshed by whoever first needs one that soon expires."""

from datetime import datetime

from freightbridge.clock import read_clock
from freightbridge.current_times import current_times
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.transactions import refuse_transaction
from integrations.connection.refresh_grant import (
    GrantLostError,
    NoTokenYetError,
    lose_connections_of,
    refresh_grant,
    take_lease,
)
from integrations.connection.token_times import TokenTimes
from integrations.models import XeroGrant


def access_token_of(*, tenant_id: int, grant_id: int) -> str:
    """
    One refreshes, the others use the old token for as long as it is good. Outside any transaction.

    Raises NoTokenYetError, GrantLostError, TransactionError, XeroGrant.DoesNotExist.
    """
    refuse_transaction()
    with tenant_scope(tenant_id):
        grant, now = XeroGrant.objects.get(pk=grant_id), read_clock()
        if grant.revoked_at is None:
            if now < grant.expires_at - current_times(TokenTimes).early:
                return grant.access_token
            if not take_lease(grant, now=now):
                return _old_token(grant, now)
    if grant.revoked_at:
        lose_connections_of(grant)
        raise GrantLostError("Xero has ended it")
    return refresh_grant(grant)


def distrust_access_token(*, tenant_id: int, grant_id: int) -> None:
    """Xero did not take it: the next who asks for one refreshes."""
    with tenant_scope(tenant_id):
        XeroGrant.objects.filter(pk=grant_id).update(expires_at=read_clock())


def _old_token(grant: XeroGrant, now: datetime) -> str:
    if now < grant.expires_at:
        return grant.access_token
    raise NoTokenYetError("it is being refreshed", retry_at=now + current_times(TokenTimes).look_again)
