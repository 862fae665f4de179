"""Access, identity and refresh tokens.

Source: developer.xero.com/documentation/guides/oauth2/token-types; the claims as told in xero-python's README.
"""

import base64
import hashlib
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from integrations.xero_sandbox.books.identity_records import AccessToken, Grant, Login, RefreshToken
from integrations.xero_sandbox.books.store import Store
from integrations.xero_sandbox.identity.signing_keys import TokenSigner

ACCESS_LIFE = timedelta(minutes=30)
IDENTITY_LIFE = timedelta(minutes=5)
REFRESH_LIFE = timedelta(days=60)


class TokenIssuer:
    """Issues tokens for grants. `issuer` is the origin under which the client knows the sandbox."""

    def __init__(self, store: Store, signer: TokenSigner) -> None:
        self._store = store
        self._signer = signer

    def issue(self, grant: Grant, *, issuer: str, now: datetime, nonce: str = "") -> dict[str, Any]:
        """The token endpoint's answer: `scope` is one string, and refresh tokens go only to offline_access."""
        self._drop_expired(grant, now)
        access_token = self._signer.signed(self._access_claims(grant, issuer, now), kind="JWT")
        self._store.save(
            AccessToken(
                token=access_token,
                grant_id=grant.grant_id,
                client_id=grant.client_id,
                user_id=grant.user_id,
                scopes=grant.scopes,
                expires_at=now + ACCESS_LIFE,
            )
        )
        answer: dict[str, Any] = {
            "access_token": access_token,
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "token_type": "Bearer",
            "scope": " ".join(grant.scopes),
        }
        if "openid" in grant.scopes and grant.user_id:
            claims = self._identity_claims(grant, access_token, issuer, now, nonce)
            answer["id_token"] = self._signer.signed(claims, kind="JWT")
        if "offline_access" in grant.scopes:
            answer["refresh_token"] = self._refresh_token(grant, now)
        return answer

    def rotate(self, held: RefreshToken, now: datetime) -> None:
        if held.rotated_at is None:
            self._store.save(replace(held, rotated_at=now))

    def _refresh_token(self, grant: Grant, now: datetime) -> str:
        token = secrets.token_urlsafe(32)
        self._store.save(RefreshToken(token=token, grant_id=grant.grant_id, expires_at=now + REFRESH_LIFE))
        return token

    def _access_claims(self, grant: Grant, issuer: str, now: datetime) -> dict[str, Any]:
        issued = int(now.timestamp())
        claims: dict[str, Any] = {
            "nbf": issued,
            "exp": issued + int(ACCESS_LIFE.total_seconds()),
            "iss": issuer,
            "aud": f"{issuer}/resources",
            "client_id": grant.client_id,
            "jti": uuid4().hex,
            "scope": list(grant.scopes),
        }
        if grant.user_id:
            claims |= {
                "sub": grant.user_id.replace("-", ""),
                "auth_time": int(grant.granted_at.timestamp()),
                "xero_userid": grant.user_id,
                "global_session_id": _session_of(grant),
                "authentication_event_id": grant.grant_id,
            }
        return claims

    def _identity_claims(
        self, grant: Grant, access_token: str, issuer: str, now: datetime, nonce: str
    ) -> dict[str, Any]:
        issued = int(now.timestamp())
        login: Login = self._store.get(Login, grant.user_id)
        claims: dict[str, Any] = {
            "nbf": issued,
            "exp": issued + int(IDENTITY_LIFE.total_seconds()),
            "iss": issuer,
            "aud": grant.client_id,
            "iat": issued,
            "at_hash": _half_hash(access_token),
            "sub": grant.user_id.replace("-", ""),
            "auth_time": int(grant.granted_at.timestamp()),
            "xero_userid": grant.user_id,
            "global_session_id": _session_of(grant),
        }
        if nonce:
            claims["nonce"] = nonce
        if "email" in grant.scopes:
            claims["email"] = login.email
        if "profile" in grant.scopes:
            claims |= {
                "preferred_username": login.email,
                "given_name": login.first_name,
                "family_name": login.last_name,
                "name": login.name,
            }
        return claims

    def _drop_expired(self, grant: Grant, now: datetime) -> None:
        """A day after its end a token is forgotten; until then it is told apart from one never issued."""
        for kind in (AccessToken, RefreshToken):
            for token in self._store.table(kind).all("grant", grant.grant_id):
                if token.expires_at + timedelta(days=1) < now:
                    self._store.remove(token)


def _session_of(grant: Grant) -> str:
    return hashlib.sha256(grant.grant_id.encode()).hexdigest()[:32]


def _half_hash(access_token: str) -> str:
    """OpenID Connect Core 3.1.3.6: the left half of the hash, in base64url."""
    digest = hashlib.sha256(access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
