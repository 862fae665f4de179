"""Whether documents can go to Xero at this moment."""

from datetime import datetime

from freightbridge.access.api_scopes import Scope
from freightbridge.rest.endpoints import Answer, Call, Endpoint
from integrations.api.accounting_schemas import CONNECTION
from integrations.connection.active_connection import find_connection
from integrations.models.xero_connection import ConnectionStatus


def read_connection(_call: Call) -> Answer:
    connection = find_connection()
    if connection is None:
        return Answer(body=dict.fromkeys(CONNECTION.members) | {"status": ConnectionStatus.DISCONNECTED.value})
    return Answer(
        body={
            "organisation": connection.name,
            "status": connection.status,
            "base_currency": connection.base_currency,
            "last_good_call_at": _moment(connection.last_good_call_at),
            "payments_checked_at": _moment(connection.payments_checked_at),
            "lost_reason": connection.lost_reason,
        }
    )


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


CONNECTION_READING = (
    Endpoint(
        method="GET", path="connection", name="read_connection", summary="The connection to Xero",
        scope=Scope.READ_ACCOUNTING, do=read_connection, answers=CONNECTION,
    ),
)  # fmt: skip
