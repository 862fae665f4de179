"""Who is calling, and may they: bearer token, scope and organisation, in this order.

Bodies of the refusals: unconfirmed, from three independent integrators' logs.
"""

from dataclasses import dataclass
from datetime import datetime

from integrations.xero_sandbox.accounting_api.api_routes import Route
from integrations.xero_sandbox.accounting_api.error_responses import (
    organisation_not_connected,
    scope_missing,
    token_expired,
    token_unknown,
)
from integrations.xero_sandbox.accounting_api.scope_rules import is_allowed
from integrations.xero_sandbox.books.identity_records import AccessToken, Connection
from integrations.xero_sandbox.books.store import Store
from integrations.xero_sandbox.wire.http_messages import Answer, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    token: AccessToken
    organisation_id: str


def check_bearer(request: Request, store: Store, now: datetime) -> AccessToken | Answer:
    """A token this sandbox has issued and that has not run out; its signature is then its own."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    token: AccessToken | None = store.get(AccessToken, value.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        return token_unknown()
    return token_expired(token.expires_at) if token.expires_at <= now else token


def check_caller(request: Request, route: Route, store: Store, now: datetime) -> Caller | Answer:
    token = check_bearer(request, store, now)
    if isinstance(token, Answer):
        return token
    if not is_allowed(token.scopes, route.scopes, writes=request.method != "GET"):
        return scope_missing()
    organisation_id = request.headers.get("xero-tenant-id", "").strip().lower()
    connections: list[Connection] = store.table(Connection).all("person", token.client_id, token.user_id)
    if any(each.is_active and each.organisation_id == organisation_id for each in connections):
        return Caller(token=token, organisation_id=organisation_id)
    return organisation_not_connected()
