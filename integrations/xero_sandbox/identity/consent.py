"""What a consent does: a grant, a code, and a connection to the chosen organisation."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from integrations.xero_sandbox.books.identity_records import App, Connection, ConsentCode, Grant, Login
from integrations.xero_sandbox.books.store import Store

CODE_LIFE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    app: App
    login: Login
    organisation_ids: tuple[str, ...]
    scopes: tuple[str, ...]
    now: datetime
    keeps_earlier_scopes: bool = True


def give_consent(consent: Consent, *, store: Store) -> Grant:
    """A grant with the connections made in it; a connection that was there before comes back with its old id.

    Scopes on a grant are additive (developer.xero.com/documentation/guides/oauth2/scopes).
    """
    grant = Grant(
        grant_id=str(uuid4()),
        client_id=consent.app.client_id,
        user_id=consent.login.user_id,
        scopes=_added(consent, store),
        granted_at=consent.now,
    )
    store.save(grant)
    held = store.table(Connection).all("person", consent.app.client_id, consent.login.user_id)
    by_organisation: dict[str, Connection] = {each.organisation_id: each for each in held}
    for organisation_id in consent.organisation_ids:
        known = by_organisation.get(organisation_id)
        if known is None:
            known = Connection(
                connection_id=str(uuid4()),
                client_id=consent.app.client_id,
                user_id=consent.login.user_id,
                organisation_id=organisation_id,
                grant_id=grant.grant_id,
                created_at=consent.now,
                updated_at=consent.now,
            )
        store.save(replace(known, grant_id=grant.grant_id, updated_at=consent.now, is_active=True))
    return grant


def make_code(grant: Grant, *, store: Store, redirect_uri: str, nonce: str, code_challenge: str, now: datetime) -> str:
    code = secrets.token_urlsafe(32)
    store.save(
        ConsentCode(
            code=code,
            grant_id=grant.grant_id,
            redirect_uri=redirect_uri,
            expires_at=now + CODE_LIFE,
            nonce=nonce,
            code_challenge=code_challenge,
        )
    )
    return code


def _added(consent: Consent, store: Store) -> tuple[str, ...]:
    if not consent.keeps_earlier_scopes:
        return consent.scopes
    earlier = [
        scope
        for grant in store.table(Grant).all("all")
        if grant.client_id == consent.app.client_id and grant.user_id == consent.login.user_id and not grant.is_revoked
        for scope in grant.scopes
    ]
    return tuple(dict.fromkeys([*consent.scopes, *earlier]))
