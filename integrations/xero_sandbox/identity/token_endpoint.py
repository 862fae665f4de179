"""POST /connect/token and /connect/revocation.

Source: developer.xero.com/documentation/guides/oauth2/auth-flow; error bodies other than invalid_grant: unconfirmed.
"""

import base64
import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import unquote
from uuid import uuid4

from integrations.xero_sandbox.accounting_api.scope_rules import APP_SCOPES
from integrations.xero_sandbox.books.identity_records import App, Connection, ConsentCode, Grant, RefreshToken
from integrations.xero_sandbox.books.store import Store
from integrations.xero_sandbox.identity.token_sets import TokenIssuer
from integrations.xero_sandbox.switches import Switches
from integrations.xero_sandbox.wire.http_messages import Answer, Request, json_answer


class _RefusedError(Exception):
    """One word of OAuth's."""


class TokenEndpoint:
    def __init__(self, store: Store, issuer: TokenIssuer) -> None:
        self._store = store
        self._issuer = issuer

    def token(self, request: Request, *, switches: Switches, now: datetime) -> Answer:
        """Every refusal is a 400 with one word of why."""
        form = request.form()
        try:
            app = self._client(request, form)
            with self._store.transaction("token endpoint"):
                return self._granted(request, form, app, switches, now)
        except _RefusedError as refused:
            return json_answer({"error": str(refused)}, status=400)

    def revoke(self, request: Request) -> Answer:
        """Drops all of that person's connections to the app; 200 with an empty body, known token or not."""
        form = request.form()
        try:
            app = self._client(request, form)
        except _RefusedError as refused:
            return json_answer({"error": str(refused)}, status=400)
        held: RefreshToken | None = self._store.get(RefreshToken, form.get("token", ""))
        grant: Grant | None = self._store.get(Grant, held.grant_id) if held else None
        if grant is not None and grant.client_id == app.client_id:
            with self._store.transaction("revocation"):
                revoke_everything(self._store, grant)
        return Answer(status=200)

    def _granted(self, request: Request, form: dict[str, str], app: App, switches: Switches, now: datetime) -> Answer:
        kind = form.get("grant_type")
        if kind == "authorization_code":
            grant, nonce = self._by_code(form, app, now)
        elif kind == "refresh_token":
            grant, nonce = self._by_refresh(form, app, switches, now), ""
        elif kind == "client_credentials":
            grant, nonce = self._for_app(form, app, now), ""
        else:
            raise _RefusedError("unsupported_grant_type")
        return json_answer(
            self._issuer.issue(grant, issuer=request.origin, now=now, nonce=nonce),
            content_type="application/json; charset=UTF-8",
        ).with_headers(("Cache-Control", "no-store, no-cache, max-age=0"), ("Pragma", "no-cache"))

    def _by_code(self, form: dict[str, str], app: App, now: datetime) -> tuple[Grant, str]:
        code: ConsentCode | None = self._store.get(ConsentCode, form.get("code", ""))
        if code is None or code.is_used or code.expires_at <= now:
            raise _RefusedError("invalid_grant")
        grant: Grant = self._store.get(Grant, code.grant_id)
        if grant.client_id != app.client_id or form.get("redirect_uri") != code.redirect_uri:
            raise _RefusedError("invalid_grant")
        if code.code_challenge and _challenge(form.get("code_verifier", "")) != code.code_challenge:
            raise _RefusedError("invalid_grant")
        self._store.save(replace(code, is_used=True))
        return grant, code.nonce

    def _by_refresh(self, form: dict[str, str], app: App, switches: Switches, now: datetime) -> Grant:
        """Each use gives a new token. The old one works on for the grace period, in case the answer was lost."""
        held: RefreshToken | None = self._store.get(RefreshToken, form.get("refresh_token", ""))
        grant: Grant | None = self._store.get(Grant, held.grant_id) if held else None
        if held is None or grant is None or grant.is_revoked or grant.client_id != app.client_id:
            raise _RefusedError("invalid_grant")
        grace = timedelta(minutes=switches.refresh_grace_minutes)
        is_spent = held.rotated_at is not None and now >= held.rotated_at + grace
        if held.expires_at <= now or is_spent:
            raise _RefusedError("invalid_grant")
        self._issuer.rotate(held, now)
        return grant

    def _for_app(self, form: dict[str, str], app: App, now: datetime) -> Grant:
        """A token of the app itself, without a person: it can only manage connections."""
        scopes = tuple((form.get("scope") or form.get("scopes") or "app.connections").split())
        if not APP_SCOPES.issuperset(scopes):
            raise _RefusedError("invalid_scope")
        grant = Grant(grant_id=str(uuid4()), client_id=app.client_id, user_id="", scopes=scopes, granted_at=now)
        self._store.save(grant)
        return grant

    def _client(self, request: Request, form: dict[str, str]) -> App:
        """HTTP Basic is the documented form; Xero's SDKs send both in the body."""
        client_id, secret = _basic(request) or (form.get("client_id", ""), form.get("client_secret", ""))
        app: App | None = self._store.get(App, client_id)
        if app is None:
            raise _RefusedError("unauthorized_client")
        if secret != app.client_secret:
            raise _RefusedError("invalid_client")
        return app


def revoke_everything(store: Store, grant: Grant) -> None:
    """The person's consent to the app is gone: its grants, and with them every connection."""
    for other in store.table(Grant).all("all"):
        if other.client_id == grant.client_id and other.user_id == grant.user_id and not other.is_revoked:
            store.save(replace(other, is_revoked=True))
    for connection in store.table(Connection).all("person", grant.client_id, grant.user_id):
        if connection.is_active:
            store.save(replace(connection, is_active=False))


def _basic(request: Request) -> tuple[str, str] | None:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(value.strip(), validate=True).decode()
    except ValueError:
        return "", ""
    client_id, _, secret = text.partition(":")
    return unquote(client_id), unquote(secret)


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
