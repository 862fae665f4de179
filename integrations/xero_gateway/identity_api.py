"""Xero's identity service: consent, tokens, and the organisations a consent reaches."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from requests import JSONDecodeError, RequestException, Response

from integrations.xero_gateway.failure_words import say_failure

# The least that this product needs; developer.xero.com/documentation/guides/oauth2/scopes.
SCOPES = (
    "openid", "profile", "email", "offline_access", "accounting.invoices", "accounting.contacts",
    "accounting.settings.read", "accounting.attachments",
)  # fmt: skip
TIMEOUT = (5, 20)
GONE = 404


INVALID_GRANT = "invalid_grant"
# What reading an answer of another shape than the expected one ends in.
UNREADABLE = (ValueError, KeyError, TypeError, IndexError, AttributeError)
UNREAD = "the answer could not be read"


class GrantRefusedError(Exception):
    """Xero says invalid_grant, or does not take the token: only a new consent helps."""


class IdentityUnavailableError(Exception):
    """
    The identity service did not answer as it should, or does not take our client id or secret: trying again may
    help, a new consent does not.
    """


class ClientRefusedError(IdentityUnavailableError):
    """It does not take what FreightBridge says of itself, such as its client id or secret, or how it asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSet:
    """`expires_in` in seconds. `authentication_event_id` says which consent it comes from."""

    access_token: str
    refresh_token: str
    expires_in: int
    scopes: tuple[str, ...]
    xero_user_id: str
    authentication_event_id: str

    def __repr__(self) -> str:
        return f"TokenSet(of {self.xero_user_id})"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectedOrganisation:
    """`connection_id` names the link, `organisation_id` the organisation (Xero's tenantId)."""

    connection_id: str
    organisation_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityApi:
    """developer.xero.com/documentation/guides/oauth2/auth-flow."""

    login_base_url: str
    identity_base_url: str
    api_base_url: str
    client_id: str
    client_secret: str
    redirect_uri: str

    def __repr__(self) -> str:
        return f"IdentityApi({self.identity_base_url})"

    def authorise_url(self, state: str) -> str:
        url, _ = self._session().create_authorization_url(
            f"{self.login_base_url}/identity/connect/authorize", state=state
        )
        return str(url)

    def exchange_code(self, code: str) -> TokenSet:
        """Raises GrantRefusedError, IdentityUnavailableError."""
        return self._token(grant_type="authorization_code", code=code)

    def refresh(self, refresh_token: str) -> TokenSet:
        """A new access token and a new refresh token. Raises GrantRefusedError, IdentityUnavailableError."""
        return self._token(grant_type="refresh_token", refresh_token=refresh_token)

    def connections(self, access_token: str, *, authentication_event_id: str = "") -> list[ConnectedOrganisation]:
        """
        With `authentication_event_id` those of one consent; without it, all that this person ever connected.

        Raises GrantRefusedError, IdentityUnavailableError. Source: xero-identity.yaml, /Connections.
        """
        query = {"authEventId": authentication_event_id} if authentication_event_id else {}
        answer = self._call("GET", "/Connections", access_token, params=query)
        try:
            return [
                ConnectedOrganisation(connection_id=one["id"], organisation_id=one["tenantId"], name=one["tenantName"])
                for one in answer.json()
                if one["tenantType"] == "ORGANISATION"
            ]
        except UNREADABLE as error:
            raise IdentityUnavailableError(f"HTTP {answer.status_code} without a list of connections") from error

    def disconnect(self, access_token: str, *, connection_id: str) -> None:
        """Already gone counts as done. Raises GrantRefusedError, IdentityUnavailableError."""
        self._call("DELETE", f"/Connections/{connection_id}", access_token)

    def revoke(self, refresh_token: str) -> None:
        """
        Ends this person's whole consent, with every connection to us. Raises IdentityUnavailableError.

        Source: xero-python's TokenApi; developer.xero.com/documentation/guides/oauth2/auth-flow.
        """
        try:
            with self._session() as session:
                answer = session.revoke_token(
                    f"{self.identity_base_url}/connect/revocation", token=refresh_token, timeout=TIMEOUT
                )
        except RequestException as error:
            raise IdentityUnavailableError(say_failure(error)) from error
        if not answer.ok:
            raise IdentityUnavailableError(f"HTTP {answer.status_code}")

    def _session(self, access_token: str = "") -> OAuth2Session:
        token = {"access_token": access_token, "token_type": "Bearer"} if access_token else None
        return OAuth2Session(
            self.client_id,
            self.client_secret,
            scope=" ".join(SCOPES),
            redirect_uri=self.redirect_uri,
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 the method's name
            token=token,
        )

    def _token(self, *, grant_type: str, **fields: str) -> TokenSet:
        url = f"{self.identity_base_url}/connect/token"
        try:
            with self._session() as session:
                return token_set_of(session.fetch_token(url, grant_type=grant_type, timeout=TIMEOUT, **fields))
        except OAuthError as error:
            if error.error == INVALID_GRANT:
                raise GrantRefusedError(error.error) from error
            raise ClientRefusedError(str(error.error)) from error
        except JSONDecodeError as error:
            raise IdentityUnavailableError(UNREAD) from error
        except RequestException as error:
            raise IdentityUnavailableError(say_failure(error)) from error
        except UNREADABLE as error:
            raise IdentityUnavailableError(UNREAD) from error

    def _call(self, method: str, path: str, access_token: str, **options: Any) -> Response:
        try:
            with self._session(access_token) as session:
                answer: Response = session.request(
                    method, f"{self.api_base_url}{path}", timeout=TIMEOUT, allow_redirects=False, **options
                )
        except RequestException as error:
            raise IdentityUnavailableError(say_failure(error)) from error
        if answer.status_code in {401, 403}:
            raise GrantRefusedError(f"HTTP {answer.status_code}")
        if not answer.ok and (method, answer.status_code) != ("DELETE", GONE):
            raise IdentityUnavailableError(f"HTTP {answer.status_code}")
        return answer


def token_set_of(token: dict[str, Any]) -> TokenSet:
    """An answer of the token endpoint."""
    claims = _claims(token["access_token"])
    return TokenSet(
        access_token=token["access_token"],
        refresh_token=token["refresh_token"],
        expires_in=int(token["expires_in"]),
        scopes=tuple(str(token.get("scope", "")).split()),
        xero_user_id=claims["xero_userid"],
        authentication_event_id=claims.get("authentication_event_id", ""),
    )


def _claims(access_token: str) -> dict[str, Any]:
    """Not verified, and need not be: it came over TLS from the endpoint that signs it, and is only a hint."""
    payload = access_token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims
