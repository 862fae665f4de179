"""The `state` of a consent: 256 bits, one use, ten minutes, for one person in one session."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from freightbridge.access.models import User
from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import directory_scope, tenant_scope
from integrations.models import OAuthState

LIFE = timedelta(minutes=10)


class StateRefusedError(Exception):
    """The consent that came back is not one that this person began here, or it is too old."""


def make_state(*, user: User, session_key: str, now: datetime) -> str:
    """In the tenant's scope. Only its hash is kept."""
    state = secrets.token_urlsafe(32)
    OAuthState.objects.create(state_sha256=_digest(state), session_sha256=_digest(session_key), user=user, made_at=now)
    return state


def use_state(state: str, *, user: User, session_key: str) -> OAuthState:
    """Outside any scope, since the tenant is what the state tells. Raises StateRefusedError."""
    with directory_scope():
        found = OAuthState.directory.filter(state_sha256=_digest(state)).select_related("tenant").first()
    if found is None or found.user_id != user.pk or not hmac.compare_digest(found.session_sha256, _digest(session_key)):
        raise StateRefusedError("This answer of Xero's belongs to no consent that you began here. Start again.")
    with tenant_scope(found.tenant_id):
        now = read_clock()
        fresh = OAuthState.objects.filter(pk=found.pk, used_at=None, made_at__gt=now - LIFE)
        if not fresh.update(used_at=now):
            raise StateRefusedError("This consent was used already, or took longer than ten minutes. Start again.")
    return found


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
