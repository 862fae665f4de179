"""Who wants to hear of changes, and what has not been told yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSubscription:
    """One for each app. `status` is PENDING, OK or DISABLED; sequences count through all of its organisations."""

    client_id: str
    url: str
    key: str
    categories: tuple[str, ...]
    status: str = "PENDING"
    last_sequence: int = 0
    failing_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEvent:
    """An event until it is delivered, or until it is 31 days old."""

    event_id: str
    client_id: str
    sequence: int
    happened_at: datetime
    event: dict[str, Any]
