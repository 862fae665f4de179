"""Consent, tokens, connections: against the sandbox, and against answers that it never gives."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from freightbridge.local_servers.places import free_port
from integrations.xero_gateway.identity_api import (
    SCOPES,
    GrantRefusedError,
    IdentityApi,
    IdentityUnavailableError,
)
from tests.gateway.scripted_server import Script, scripted_server
from tests.xero_sandbox.consent_walk import CALLBACK, authorise
from tests.xero_sandbox.sandbox_process import SandboxProcess

TOKEN_CALLS = {"exchange": lambda api: api.exchange_code("code"), "refresh": lambda api: api.refresh("token")}


def api_at(url: str, **changes: str) -> IdentityApi:
    usual = {
        "login_base_url": url, "identity_base_url": url, "api_base_url": url, "client_id": "sandbox-client",
        "client_secret": "sandbox-secret", "redirect_uri": CALLBACK,
    }  # fmt: skip
    return IdentityApi(**(usual | changes))


def test_consent_page_is_asked_for_no_more_than_is_needed() -> None:
    address = urlsplit(api_at("https://login.xero.com").authorise_url("a-state"))

    assert address._replace(query="").geturl() == "https://login.xero.com/identity/connect/authorize"
    assert {name: value[0] for name, value in parse_qs(address.query).items()} == {
        "response_type": "code",
        "client_id": "sandbox-client",
        "redirect_uri": CALLBACK,
        "scope": " ".join(SCOPES),
        "state": "a-state",
    }


def test_consent_becomes_tokens_and_the_organisation_that_was_chosen(xero: SandboxProcess) -> None:
    api = api_at(xero.url)
    authorise(xero, country="NZ")
    back = authorise(xero, country="AU")

    tokens = api.exchange_code(back["code"])

    chosen = api.connections(tokens.access_token, authentication_event_id=tokens.authentication_event_id)
    reached = api.connections(tokens.access_token)
    assert [one.organisation_id for one in chosen] == [xero.organisation_id("AU")]
    assert {one.organisation_id for one in reached} == {xero.organisation_id("AU"), xero.organisation_id("NZ")}
    assert (tokens.expires_in, bool(tokens.refresh_token), "offline_access" in tokens.scopes) == (1800, True, True)


def test_refresh_gives_two_new_tokens(xero: SandboxProcess) -> None:
    api = api_at(xero.url)
    first = api.exchange_code(authorise(xero)["code"])

    second = api.refresh(first.refresh_token)

    assert second.access_token != first.access_token
    assert second.refresh_token != first.refresh_token
    assert second.xero_user_id == first.xero_user_id


def test_disconnected_organisation_is_reached_no_more(xero: SandboxProcess) -> None:
    api = api_at(xero.url)
    tokens = api.exchange_code(authorise(xero)["code"])
    (one,) = api.connections(tokens.access_token)

    api.disconnect(tokens.access_token, connection_id=one.connection_id)
    api.disconnect(tokens.access_token, connection_id=one.connection_id)

    assert api.connections(tokens.access_token) == []


def test_code_that_was_used_is_a_final_no(xero: SandboxProcess) -> None:
    api = api_at(xero.url)
    code = authorise(xero)["code"]
    api.exchange_code(code)

    with pytest.raises(GrantRefusedError, match="invalid_grant"):
        api.exchange_code(code)


@pytest.mark.parametrize("call", TOKEN_CALLS)
@pytest.mark.parametrize("changes", [{"client_secret": "wrong"}, {"client_id": "nobody"}])
def test_wrong_secret_of_ours_ends_nobodys_grant(xero: SandboxProcess, changes: dict[str, str], call: str) -> None:
    """A mistake in our settings would otherwise disconnect every company at once."""
    with pytest.raises(IdentityUnavailableError):
        TOKEN_CALLS[call](api_at(xero.url, **changes))


@pytest.mark.parametrize("call", TOKEN_CALLS)
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"{}"),
        (200, b'{"access_token": "x"}'),
        (200, b'{"access_token": "a.b.c", "refresh_token": "r", "expires_in": 1800}'),
        (200, b'{"access_token": "a.e30.c", "refresh_token": "r", "expires_in": 1800}'),
        (200, b'{"access_token": 7, "refresh_token": "r", "expires_in": 1800}'),
        (200, b"[]"),
        (200, b"<html>"),
        (200, b""),
        (500, b'{"error": "server_error"}'),
        (503, b"<html>"),
        (429, b""),
        (400, b"<html>"),
        (400, b'{"error": "invalid_client"}'),
        (400, b'{"error": "unauthorized_client"}'),
        (400, b'{"error": "invalid_scope"}'),
    ],
)
def test_odd_answer_disconnects_nobody(status: int, body: bytes, call: str) -> None:
    with scripted_server(Script(status=status, body=body)) as server, pytest.raises(IdentityUnavailableError):
        TOKEN_CALLS[call](api_at(server.url))

    assert server.requests == ["POST /connect/token"]


@pytest.mark.parametrize("call", TOKEN_CALLS)
def test_invalid_grant_is_a_final_no(call: str) -> None:
    script = Script(status=400, body=b'{"error": "invalid_grant"}')

    with scripted_server(script) as server, pytest.raises(GrantRefusedError, match="invalid_grant"):
        TOKEN_CALLS[call](api_at(server.url))


def test_secret_goes_in_the_header_and_not_in_the_address() -> None:
    with scripted_server(Script(body=b"{}")) as server, pytest.raises(IdentityUnavailableError):
        api_at(server.url).refresh("the-token")

    ((method, path, headers, body),) = server.seen
    assert (method, path) == ("POST", "/connect/token")
    assert headers["authorization"].startswith("Basic ")
    assert b"sandbox-secret" not in body


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, b"", GrantRefusedError),
        (403, b"", GrantRefusedError),
        (500, b"", IdentityUnavailableError),
        (302, b"", IdentityUnavailableError),
        (200, b"<html>", IdentityUnavailableError),
        (200, b'{"a": 1}', IdentityUnavailableError),
        (200, b'[{"id": "1"}]', IdentityUnavailableError),
        (404, b"", IdentityUnavailableError),
    ],
)
def test_connections_that_cannot_be_read(status: int, body: bytes, error: type[Exception]) -> None:
    with scripted_server(Script(status=status, body=body)) as server, pytest.raises(error):
        api_at(server.url).connections("token")


@pytest.mark.parametrize("call", [*TOKEN_CALLS.values(), lambda api: api.connections("token")])
def test_server_that_does_not_answer_is_unavailable(call: Any) -> None:
    with pytest.raises(IdentityUnavailableError, match="no connection was made, or it broke off"):
        call(api_at(f"http://127.0.0.1:{free_port()}"))


def test_practice_is_no_organisation() -> None:
    body = b'[{"id": "1", "tenantId": "2", "tenantName": "P", "tenantType": "PRACTICE"}]'

    with scripted_server(Script(body=body)) as server:
        assert api_at(server.url).connections("token") == []


def test_tokens_and_secrets_are_not_shown(xero: SandboxProcess) -> None:
    api = api_at(xero.url)
    tokens = api.exchange_code(authorise(xero)["code"])

    shown = f"{api!r} {tokens!r}"

    assert not [secret for secret in (tokens.access_token, tokens.refresh_token, "sandbox-secret") if secret in shown]
