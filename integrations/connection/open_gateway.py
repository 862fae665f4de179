"""A gateway to one organisation, with a token that is good for the next minutes."""

from datetime import datetime, timedelta

from django.conf import settings

from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.transactions import refuse_transaction
from integrations.connection.access_tokens import GrantLostError, NoTokenYetError, access_token_of
from integrations.lanes.heed_answer import lose_connection
from integrations.models import XeroConnection
from integrations.xero_gateway.gateway import XeroGateway

TRY_AGAIN = timedelta(seconds=5)


class GatewayNotOpenError(Exception):
    """No call can be made now; `retry_at` says when it may be tried again, None that a person must reconnect."""

    def __init__(self, reason: str, *, retry_at: datetime | None) -> None:
        super().__init__(reason)
        self.retry_at = retry_at


def open_gateway(*, tenant_id: int, connection_id: int) -> XeroGateway:
    """Outside any scope. Raises GatewayNotOpenError; a grant that Xero has ended marks the connection as lost."""
    with tenant_scope(tenant_id):
        connection, now = XeroConnection.objects.get(pk=connection_id), read_clock()
    if not connection.is_usable or connection.grant_id is None:
        raise GatewayNotOpenError(f"{connection.name} is {connection.status}", retry_at=None)
    try:
        token = access_token_of(tenant_id=tenant_id, grant_id=connection.grant_id)
    except NoTokenYetError as error:
        raise GatewayNotOpenError(str(error), retry_at=now + TRY_AGAIN) from error
    except GrantLostError as error:
        with tenant_scope(tenant_id):
            lose_connection(connection_id, reason=f"Xero has ended our authorisation ({error})", now=now)
        raise GatewayNotOpenError(str(error), retry_at=None) from error
    return XeroGateway(
        api_base_url=settings.XERO_API_BASE_URL,
        organisation_id=str(connection.organisation_id),
        access_token=token,
        guard=refuse_transaction,
    )
