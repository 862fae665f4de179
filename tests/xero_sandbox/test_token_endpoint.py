import base64
import hashlib
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.xero_sandbox.company_client import SCOPES, Company
from tests.xero_sandbox.consent_walk import CALLBACK, CLIENT, authorise, exchange, refresh
from tests.xero_sandbox.sandbox_process import SandboxProcess


def claims_of(sandbox: SandboxProcess, token: str) -> dict[str, Any]:
    keys = sandbox.http("GET", "/.well-known/openid-configuration/jwks").json
    return jwt.decode(token, KeySet.import_key_set(keys), algorithms=["RS256"]).claims


def test_code_is_exchanged_for_tokens(sandbox: SandboxProcess) -> None:
    back = authorise(sandbox)

    tokens = exchange(sandbox, back["code"]).json

    assert back["state"] == "s-1"
    assert sorted(tokens) == ["access_token", "expires_in", "id_token", "refresh_token", "scope", "token_type"]
    assert (tokens["expires_in"], tokens["token_type"]) == (1800, "Bearer")
    assert tokens["scope"].split() == SCOPES


def test_access_token_carries_xeros_claims(sandbox: SandboxProcess) -> None:
    tokens = exchange(sandbox, authorise(sandbox)["code"]).json

    claims = claims_of(sandbox, tokens["access_token"])

    assert sorted(claims) == [
        "aud", "auth_time", "authentication_event_id", "client_id", "exp", "global_session_id", "iss", "jti", "nbf",
        "scope", "sub", "xero_userid",
    ]  # fmt: skip
    assert (claims["iss"], claims["aud"]) == (sandbox.url, f"{sandbox.url}/resources")
    assert (claims["client_id"], claims["scope"]) == ("sandbox-client", SCOPES)
    assert claims["exp"] - claims["nbf"] == 1800


def test_id_token_has_no_authentication_event(sandbox: SandboxProcess) -> None:
    tokens = exchange(sandbox, authorise(sandbox, nonce="n-7")["code"]).json

    claims = claims_of(sandbox, tokens["id_token"])

    half = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
    assert claims["at_hash"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    assert claims["exp"] - claims["nbf"] == 300
    assert (claims["aud"], claims["nonce"], claims["email"]) == ("sandbox-client", "n-7", "alex@adviser.example")
    assert (claims["given_name"], claims["family_name"], claims["name"]) == ("Alex", "Adviser", "Alex Adviser")
    assert "authentication_event_id" not in claims


def test_id_token_and_refresh_token_only_for_their_scopes(sandbox: SandboxProcess) -> None:
    tokens = sandbox.admin("grants", {"organisations": ["AU"], "scopes": ["accounting.invoices"]})

    assert sorted(tokens) == ["access_token", "expires_in", "scope", "token_type"]


def test_authentication_event_names_the_chosen_organisation(sandbox: SandboxProcess) -> None:
    exchange(sandbox, authorise(sandbox, country="AU")["code"])
    tokens = exchange(sandbox, authorise(sandbox, country="NZ")["code"]).json
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    event = claims_of(sandbox, tokens["access_token"])["authentication_event_id"]

    everything = sandbox.http("GET", "/connections", headers=bearer).json
    chosen = sandbox.http("GET", "/Connections", query={"authEventId": event}, headers=bearer).json

    assert sorted(each["tenantName"][-4:] for each in everything) == ["(AU)", "(NZ)"]
    assert [each["tenantName"][-4:] for each in chosen] == ["(NZ)"]


def test_code_works_once(sandbox: SandboxProcess) -> None:
    code = authorise(sandbox)["code"]
    exchange(sandbox, code)

    again = exchange(sandbox, code)

    assert (again.status, again.json) == (400, {"error": "invalid_grant"})


def test_code_lives_five_minutes(sandbox: SandboxProcess) -> None:
    code = authorise(sandbox)["code"]
    sandbox.advance(301)

    reply = exchange(sandbox, code)

    assert (reply.status, reply.json) == (400, {"error": "invalid_grant"})


def test_redirect_uri_must_match_exactly(sandbox: SandboxProcess) -> None:
    code = authorise(sandbox)["code"]

    reply = exchange(sandbox, code, redirect_uri=f"{CALLBACK}/")

    assert (reply.status, reply.json) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(("verifier", "status"), [("v" * 43, 200), ("w" * 43, 400)])
def test_code_challenge_is_checked_where_given(sandbox: SandboxProcess, verifier: str, status: int) -> None:
    digest = hashlib.sha256(b"v" * 43).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    code = authorise(sandbox, code_challenge=challenge, code_challenge_method="S256")["code"]

    assert exchange(sandbox, code, code_verifier=verifier).status == status


def test_basic_authentication_is_accepted(sandbox: SandboxProcess, au: Company) -> None:
    basic = base64.b64encode(b"sandbox-client:sandbox-secret").decode()
    form = {"grant_type": "refresh_token", "refresh_token": au.tokens["refresh_token"]}

    reply = sandbox.http("POST", "/connect/token", form=form, headers={"Authorization": f"Basic {basic}"})

    assert reply.status == 200


@pytest.mark.parametrize(
    ("client", "error"),
    [
        ({"client_id": "", "client_secret": ""}, "unauthorized_client"),
        ({"client_id": "nobody", "client_secret": "sandbox-secret"}, "unauthorized_client"),
        ({"client_id": "sandbox-client", "client_secret": "wrong"}, "invalid_client"),
    ],
)
def test_wrong_client_is_refused(sandbox: SandboxProcess, au: Company, client: dict[str, str], error: str) -> None:
    reply = refresh(sandbox, au.tokens["refresh_token"], **client)

    assert (reply.status, reply.json) == (400, {"error": error})


def test_refresh_gives_two_new_tokens(sandbox: SandboxProcess, au: Company) -> None:
    tokens = refresh(sandbox, au.tokens["refresh_token"]).json

    assert tokens["refresh_token"] != au.tokens["refresh_token"]
    assert tokens["access_token"] != au.tokens["access_token"]
    assert tokens["scope"].split() == SCOPES
    assert (
        Company(http=sandbox.http, organisation_id=au.organisation_id, tokens=tokens).get("Organisation").status == 200
    )


def test_old_refresh_token_works_for_thirty_minutes_more(sandbox: SandboxProcess, au: Company) -> None:
    refresh(sandbox, au.tokens["refresh_token"])

    sandbox.advance(29 * 60)
    within = refresh(sandbox, au.tokens["refresh_token"])
    sandbox.advance(61)
    after = refresh(sandbox, au.tokens["refresh_token"])

    assert within.status == 200
    assert (after.status, after.json) == (400, {"error": "invalid_grant"})


def test_grace_can_be_switched_off(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.switch(refresh_grace_minutes=0)
    refresh(sandbox, au.tokens["refresh_token"])

    assert refresh(sandbox, au.tokens["refresh_token"]).json == {"error": "invalid_grant"}


def test_unused_refresh_token_dies_after_sixty_days(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.advance(60 * 86_400 - 1)
    fresh = refresh(sandbox, au.tokens["refresh_token"]).json["refresh_token"]
    sandbox.advance(60 * 86_400 + 1)

    assert refresh(sandbox, fresh).json == {"error": "invalid_grant"}


def test_unknown_refresh_token_is_invalid_grant(sandbox: SandboxProcess) -> None:
    reply = refresh(sandbox, "never-issued")

    assert (reply.status, reply.body) == (400, b'{"error":"invalid_grant"}')


def test_revocation_drops_every_connection_of_that_person(sandbox: SandboxProcess) -> None:
    exchange(sandbox, authorise(sandbox, country="AU")["code"])
    tokens = exchange(sandbox, authorise(sandbox, country="NZ")["code"]).json
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}

    reply = sandbox.http("POST", "/connect/revocation", form={"token": tokens["refresh_token"]} | CLIENT)

    assert (reply.status, reply.body) == (200, b"")
    assert sandbox.http("GET", "/connections", headers=bearer).json == []
    assert refresh(sandbox, tokens["refresh_token"]).json == {"error": "invalid_grant"}


def test_revoking_an_unknown_token_is_no_error(sandbox: SandboxProcess) -> None:
    reply = sandbox.http("POST", "/connect/revocation", form={"token": "never-issued"} | CLIENT)

    assert (reply.status, reply.body) == (200, b"")


def test_app_token_manages_connections_of_all_people(sandbox: SandboxProcess, au: Company) -> None:
    form = {"grant_type": "client_credentials", "scope": "app.connections"} | CLIENT
    token = sandbox.http("POST", "/connect/token", form=form).json
    bearer = {"Authorization": f"Bearer {token['access_token']}"}

    connections = sandbox.http("GET", "/Connections", headers=bearer).json
    api = sandbox.http("GET", "/api.xro/2.0/Invoices", headers=bearer | {"xero-tenant-id": au.organisation_id})

    assert "refresh_token" not in token
    assert [each["tenantId"] for each in connections] == [au.organisation_id]
    assert api.status == 401


def test_scopes_of_earlier_consents_stay(sandbox: SandboxProcess) -> None:
    exchange(sandbox, authorise(sandbox, scope="openid offline_access accounting.contacts")["code"])

    tokens = exchange(sandbox, authorise(sandbox, scope="openid offline_access accounting.invoices")["code"]).json

    assert sorted(tokens["scope"].split()) == [
        "accounting.contacts", "accounting.invoices", "offline_access", "openid",
    ]  # fmt: skip


def test_discovery_names_everything_on_this_origin(sandbox: SandboxProcess) -> None:
    found = sandbox.http("GET", "/.well-known/openid-configuration").json

    addresses = [value for name, value in found.items() if name.endswith(("_endpoint", "_uri")) or name == "issuer"]
    assert {address.startswith(sandbox.url) for address in addresses} == {True}
    assert found["id_token_signing_alg_values_supported"] == ["RS256"]


def test_discovery_under_xeros_own_name_gives_xeros_own_addresses(sandbox: SandboxProcess) -> None:
    found = sandbox.http("GET", "/.well-known/openid-configuration", headers={"Host": "identity.xero.com"}).json

    assert found["issuer"] == "https://identity.xero.com"
    assert found["authorization_endpoint"] == "https://login.xero.com/identity/connect/authorize"
    assert found["token_endpoint"] == "https://identity.xero.com/connect/token"


def test_published_keys_hold_no_secret(sandbox: SandboxProcess) -> None:
    keys = sandbox.http("GET", "/.well-known/openid-configuration/jwks").json["keys"]

    assert [sorted(key) for key in keys] == [["alg", "e", "kid", "kty", "n", "use"]]


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials", "scope": "accounting.invoices"}, "invalid_scope"),
    ],
)
def test_other_grants_are_refused(sandbox: SandboxProcess, form: dict[str, str], error: str) -> None:
    reply = sandbox.http("POST", "/connect/token", form=CLIENT | form)

    assert (reply.status, reply.json) == (400, {"error": error})


def test_revocation_needs_the_client(sandbox: SandboxProcess, au: Company) -> None:
    form = {"token": au.tokens["refresh_token"], "client_id": "sandbox-client", "client_secret": "wrong"}

    reply = sandbox.http("POST", "/connect/revocation", form=form)

    assert (reply.status, reply.json, au.get("Organisation").status) == (400, {"error": "invalid_client"}, 200)


@pytest.mark.parametrize("value", ["Basic !!!", "Basic /w==", "Bearer x"])
def test_unreadable_client_authentication_is_refused(sandbox: SandboxProcess, value: str) -> None:
    form = {"grant_type": "client_credentials"}

    reply = sandbox.http("POST", "/connect/token", form=form, headers={"Authorization": value})

    assert (reply.status, reply.json) == (400, {"error": "unauthorized_client"})
