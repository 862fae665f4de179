"""People, apps, and what people have granted to apps."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A person and the organisations that person may connect; those made for one test are not listed."""

    user_id: str
    name: str
    email: str
    first_name: str
    last_name: str
    organisation_ids: tuple[str, ...]
    is_listed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    client_id: str
    client_secret: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentCode:
    """A code of the authorise redirect: single use, five minutes."""

    code: str
    grant_id: str
    redirect_uri: str
    expires_at: datetime
    nonce: str = ""
    code_challenge: str = ""
    is_used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One consent of one person to one app. `grant_id` is the authentication event."""

    grant_id: str
    client_id: str
    user_id: str
    scopes: tuple[str, ...]
    granted_at: datetime
    is_revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    token: str
    grant_id: str
    client_id: str
    user_id: str
    scopes: tuple[str, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken:
    """`rotated_at` is the moment of its first use; from then on only the grace period is left."""

    token: str
    grant_id: str
    expires_at: datetime
    rotated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One app's access, by one person, to one organisation. Kept when disconnected, so that it can come back."""

    connection_id: str
    client_id: str
    user_id: str
    organisation_id: str
    grant_id: str
    created_at: datetime
    updated_at: datetime
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReply:
    """What was answered to an Idempotency-Key. `status` 0 means that the first request is still running."""

    reply_id: str
    client_id: str
    key: str
    fingerprint: str
    first_at: datetime
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    key_id: str
    private_jwk: dict[str, str]
