"""A consent without a browser, for tests: the token set that the token endpoint would have given."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from integrations.xero_sandbox.back_office.finding_records import (
    ActRefusedError,
    organisation_called,
    usual_organisations,
)
from integrations.xero_sandbox.books.identity_records import App, Login
from integrations.xero_sandbox.books.store import Store
from integrations.xero_sandbox.identity.consent import Consent, give_consent
from integrations.xero_sandbox.identity.token_sets import TokenIssuer


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantWish:
    organisations: list[str]
    scopes: tuple[str, ...]
    client_id: str
    issuer: str
    now: datetime


def grant_tokens(wish: GrantWish, *, store: Store, issuer: TokenIssuer) -> dict[str, Any]:
    """By a person who may connect exactly these organisations. Only the named scopes, whatever was granted before."""
    app: App | None = store.get(App, wish.client_id)
    if app is None:
        raise ActRefusedError(f"There is no app {wish.client_id!r}.")
    wanted = [organisation_called(store, name).organisation_id for name in wish.organisations]
    if not wanted:
        wanted = [organisation.organisation_id for organisation in usual_organisations(store)]
    with store.transaction("grant for a test"):
        consent = Consent(
            app=app,
            login=_person(wanted, store),
            organisation_ids=tuple(wanted),
            scopes=wish.scopes,
            now=wish.now,
            keeps_earlier_scopes=False,
        )
        grant = give_consent(consent, store=store)
        return issuer.issue(grant, issuer=wish.issuer, now=wish.now)


def _person(organisation_ids: list[str], store: Store) -> Login:
    """A person of this grant's own, so that one test's disconnecting does not touch another's."""
    user_id = str(uuid4())
    login = Login(
        user_id=user_id,
        name="Granted Person",
        email=f"{user_id[:8]}@granted.example",
        first_name="Granted",
        last_name="Person",
        organisation_ids=tuple(organisation_ids),
        is_listed=False,
    )
    store.save(login)
    return login
