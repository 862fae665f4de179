"""GET /identity/connect/authorize: a person signs in, picks one organisation, and allows or cancels.

Source: developer.xero.com/documentation/guides/oauth2/auth-flow. The wording of Xero's own error page: unconfirmed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from integrations.xero_sandbox.accounting_api.scope_rules import APP_SCOPES, BROAD_SCOPES, GRANULAR_SCOPES
from integrations.xero_sandbox.books.identity_records import App, Login
from integrations.xero_sandbox.books.organisation_records import Organisation
from integrations.xero_sandbox.books.store import Store
from integrations.xero_sandbox.identity.consent import Consent, give_consent, make_code
from integrations.xero_sandbox.page_templates import page
from integrations.xero_sandbox.switches import Switches
from integrations.xero_sandbox.wire.http_messages import Answer, Request, redirect

AUTHORISE_PATH = "/identity/connect/authorize"
LOGIN_COOKIE = "sandbox_login"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an app asks for in the authorise address."""

    app: App
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    nonce: str
    code_challenge: str
    query: str


class AuthorisePages:
    def __init__(self, store: Store) -> None:
        self._store = store

    def show(self, request: Request, *, switches: Switches) -> Answer:
        """First the log-in, then the organisations of that person."""
        wish = self._read(request.target.partition("?")[2], switches)
        if isinstance(wish, Answer):
            return wish
        login: Login | None = self._store.get(Login, request.cookie(LOGIN_COOKIE))
        if login is None or "switch_login" in request.query:
            return page("sign_in.html", wish=wish, logins=_by_name(self._store.table(Login).all("all")))
        organisations = _by_name([self._store.get(Organisation, each) for each in login.organisation_ids])
        return page("consent.html", wish=wish, login=login, organisations=organisations)

    def sign_in(self, request: Request) -> Answer:
        form = request.form()
        login: Login | None = self._store.get(Login, form.get("login", ""))
        if login is None:
            return _refused("access_denied", "Choose one of the demo log-ins.")
        location = f"{AUTHORISE_PATH}?{form.get('query', '')}"
        return redirect(location, cookies={LOGIN_COOKIE: login.user_id})

    def decide(self, request: Request, *, switches: Switches, now: datetime) -> Answer:
        form = request.form()
        wish = self._read(form.get("query", ""), switches)
        if isinstance(wish, Answer):
            return wish
        state = {"state": wish.state} if wish.state else {}
        if form.get("decision") != "allow":
            return redirect(_with_query(wish.redirect_uri, {"error": "access_denied", **state}))
        login: Login | None = self._store.get(Login, request.cookie(LOGIN_COOKIE))
        chosen = form.get("organisation", "")
        if login is None or chosen not in login.organisation_ids:
            return _refused("access_denied", "Sign in and choose one organisation.")
        consent = Consent(app=wish.app, login=login, organisation_ids=(chosen,), scopes=wish.scopes, now=now)
        with self._store.transaction("consent"):
            code = make_code(
                give_consent(consent, store=self._store),
                store=self._store,
                redirect_uri=wish.redirect_uri,
                nonce=wish.nonce,
                code_challenge=wish.code_challenge,
                now=now,
            )
        answer = {"code": code, "scope": " ".join(wish.scopes), **state}
        return redirect(_with_query(wish.redirect_uri, answer))

    def _read(self, query: str, switches: Switches) -> Wish | Answer:
        """A bad wish ends on Xero's own error page; the app gets no callback."""
        values = dict(parse_qsl(query, keep_blank_values=True))
        app: App | None = self._store.get(App, values.get("client_id", ""))
        if app is None:
            return _refused("unauthorized_client", "Unknown client or client not enabled")
        if not is_redirect_allowed(values.get("redirect_uri", "")):
            return _refused("unauthorized_client", "Invalid redirect_uri")
        if values.get("response_type") != "code":
            return _refused("unsupported_response_type", "Response type must be code")
        scopes = tuple(dict.fromkeys(values.get("scope", "").split()))
        unknown = unknown_scopes(scopes, switches)
        if unknown or not scopes:
            return _refused("invalid_scope", f"Invalid scope for client: {' '.join(unknown) or 'none given'}")
        if values.get("code_challenge") and values.get("code_challenge_method") != "S256":
            return _refused("invalid_request", "Transform algorithm not supported")
        return Wish(
            app=app,
            redirect_uri=values["redirect_uri"],
            scopes=scopes,
            state=values.get("state", ""),
            nonce=values.get("nonce", ""),
            code_challenge=values.get("code_challenge", ""),
            query=urlencode({name: value for name, value in values.items() if name != "switch_login"}),
        )


def _by_name(records: list[Any]) -> list[Any]:
    return sorted(records, key=lambda record: str(record.name))


def is_redirect_allowed(uri: str) -> bool:
    """https anywhere, http on localhost only, never with a fragment; 127.0.0.1 is refused as Xero refuses it."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    if "#" in uri or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "localhost")


def unknown_scopes(scopes: tuple[str, ...], switches: Switches) -> list[str]:
    """Apps made since March 2026 have the granular scopes only."""
    known = GRANULAR_SCOPES | APP_SCOPES
    if switches.broad_scopes == "accept":
        known |= BROAD_SCOPES
    return [scope for scope in scopes if scope not in known]


def _refused(error: str, words: str) -> Answer:
    return page("authorise_error.html", status=400, error=error, words=words)


def _with_query(uri: str, values: dict[str, str]) -> str:
    return f"{uri}{'&' if urlsplit(uri).query else '?'}{urlencode(values)}"
