"""A gateway to one organisation, with a token that is good for the next minutes."""

from datetime import datetime

from django.conf import settings

from freightbridge.current_times import current_times
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.transactions import refuse_transaction
from integrations.connection.access_tokens import access_token_of
from integrations.connection.refresh_grant import GrantLostError, NoTokenYetError
from integrations.models import XeroConnection
from integrations.xero_gateway.call_times import CallTimes
from integrations.xero_gateway.gateway import XeroGateway


class GatewayNotOpenError(Exception):
    """No call can be made now; `retry_at` says when it may be tried again, None that a person must reconnect."""

    def __init__(self, reason: str, *, retry_at: datetime | None) -> None:
        super().__init__(reason)
        self.retry_at = retry_at


def open_gateway(*, tenant_id: int, connection_id: int) -> XeroGateway:
    """Outside any scope. Raises GatewayNotOpenError; a grant that Xero has ended marks the connection as lost."""
    with tenant_scope(tenant_id):
        connection = XeroConnection.objects.get(pk=connection_id)
    if not connection.is_usable or connection.grant_id is None:
        raise GatewayNotOpenError(f"{connection.name} is {connection.status}", retry_at=None)
    try:
        token = access_token_of(tenant_id=tenant_id, grant_id=connection.grant_id)
    except NoTokenYetError as error:
        raise GatewayNotOpenError(str(error), retry_at=error.retry_at) from error
    except GrantLostError as error:
        raise GatewayNotOpenError(str(error), retry_at=None) from error
    return XeroGateway(
        api_base_url=settings.XERO_API_BASE_URL,
        organisation_id=str(connection.organisation_id),
        access_token=token,
        guard=refuse_transaction,
        times=current_times(CallTimes),
    )
