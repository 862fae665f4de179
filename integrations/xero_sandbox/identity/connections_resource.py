"""/Connections: which organisations a person has connected to the app.

Source: xero-identity.yaml; developer.xero.com/documentation/guides/oauth2/tenants.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from integrations.xero_sandbox.accounting_api.error_responses import not_found
from integrations.xero_sandbox.accounting_api.header_checks import check_bearer
from integrations.xero_sandbox.books.identity_records import AccessToken, Connection
from integrations.xero_sandbox.books.organisation_records import Organisation
from integrations.xero_sandbox.books.store import Store
from integrations.xero_sandbox.wire.http_messages import Answer, Request, json_answer
from integrations.xero_sandbox.wire.wire_dates import seven_digit_text

CHARSET = "application/json; charset=utf-8"


def list_connections(request: Request, *, store: Store, now: datetime) -> Answer:
    """Every organisation that person ever connected; `authEventId` narrows to one consent."""
    token = check_bearer(request, store, now)
    if isinstance(token, Answer):
        return token
    event = request.query.get("autheventid", "").lower()
    shown = [
        _as_json(connection, store)
        for connection in _connections(token, store)
        if connection.is_active and (not event or connection.grant_id == event)
    ]
    return json_answer(shown, content_type=CHARSET)


def delete_connection(request: Request, connection_id: str, *, store: Store, now: datetime) -> Answer:
    """By the connection's own id, not the organisation's."""
    token = check_bearer(request, store, now)
    if isinstance(token, Answer):
        return token
    for connection in _connections(token, store):
        if connection.connection_id == connection_id.lower() and connection.is_active:
            with store.transaction("DELETE /Connections"):
                store.save(replace(connection, is_active=False))
            return Answer(status=204)
    return not_found()


def _connections(token: AccessToken, store: Store) -> list[Connection]:
    table = store.table(Connection)
    if token.user_id:
        return table.all("person", token.client_id, token.user_id)
    return [connection for connection in table.all("all") if connection.client_id == token.client_id]


def _as_json(connection: Connection, store: Store) -> dict[str, Any]:
    organisation: Organisation = store.get(Organisation, connection.organisation_id)
    return {
        "id": connection.connection_id,
        "authEventId": connection.grant_id,
        "tenantId": connection.organisation_id,
        "tenantType": "ORGANISATION",
        "tenantName": organisation.name,
        "createdDateUtc": seven_digit_text(connection.created_at),
        "updatedDateUtc": seven_digit_text(connection.updated_at),
    }
