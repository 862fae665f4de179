"""Keys of the API: made and revoked by an admin, looked up for every call. The secret is shown once, and not kept."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from freightbridge.access.api_scopes import Scope
from freightbridge.access.models import ApiKey, User
from freightbridge.audit.record_event import record_event
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import current_tenant_id, directory_scope

MOST_KEYS = 10
FORM = re.compile(r"fbk_[a-z]+_(?P<key_id>[0-9a-f]{8})_(?P<secret>[A-Za-z0-9_-]{20,100})")
NONE_MORE = f"A company has {MOST_KEYS} keys at most. Revoke one that is not needed any more."


class TooManyKeysError(Exception):
    """The message says what to do."""


@dataclass(frozen=True, slots=True)
class MadeKey:
    """`text` is the whole key: the only moment at which anybody can read it."""

    key: ApiKey
    text: str

    def __repr__(self) -> str:
        return f"MadeKey({self.key.key_id})"


def make_key(*, name: str, scopes: Iterable[Scope], expires_at: datetime | None, by: User, now: datetime) -> MadeKey:
    """In the tenant's scope. Raises TooManyKeysError."""
    # Two admins at once come one after the other, so that each counts the other's key.
    Tenant.objects.select_for_update(no_key=True).get(pk=current_tenant_id())
    if valid_keys(now).count() >= MOST_KEYS:
        raise TooManyKeysError(NONE_MORE)
    key_id, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    text = f"fbk_{'local' if settings.IS_LOCAL else 'live'}_{key_id}_{secret}"
    key = ApiKey.objects.create(
        name=name,
        key_id=key_id,
        secret_sha256=_digest(secret),
        scopes=[scope.value for scope in scopes],
        made_by=by,
        made_at=now,
        expires_at=expires_at,
    )
    expires = expires_at.isoformat() if expires_at else ""
    record_event(action="API key made", subject=key, by=by.email, now=now, scopes=key.scopes, expires_at=expires)
    return MadeKey(key, text)


def revoke_key(key: ApiKey, *, by: str, now: datetime) -> None:
    """It counts from the next call on. A second time changes nothing."""
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
        record_event(action="API key revoked", subject=key, by=by, now=now)


def valid_keys(now: datetime) -> QuerySet[ApiKey]:
    return ApiKey.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)


def keys_of(user: User, *, now: datetime) -> QuerySet[ApiKey]:
    """That this person made, and so knows. In the tenant's scope."""
    return valid_keys(now).filter(made_by=user).order_by("id")


def find_key(text: str) -> ApiKey | None:
    """
    The key with this very secret, whatever became of it since; None: there is none. Outside any scope.

    The id finds the row, the digest of the secret is compared in constant time.
    """
    parts = FORM.fullmatch(text)
    if parts is None:
        return None
    digest = _digest(parts["secret"])
    with directory_scope():
        found = ApiKey.directory.filter(key_id=parts["key_id"]).select_related("tenant", "made_by")
        return next((key for key in found if secrets.compare_digest(key.secret_sha256, digest)), None)


def _digest(secret: str) -> str:
    """256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
