"""How a connection's authorisation stands: what the page shows of it."""

from dataclasses import dataclass
from datetime import datetime

from freightbridge.background_work.models import WorkItem
from freightbridge.current_times import current_times
from integrations.connection.connection_work import KEEP_GRANT_ALIVE, LOOK_IN
from integrations.connection.token_times import TokenTimes
from integrations.models import XeroConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionHealth:
    """
    `refreshing_since`: of a refresh that has not succeeded yet. `dies_at`: when Xero forgets the consent unless it
    is refreshed before; `keep_alive_at`: when we do that at the latest. `look_in_at`: when Xero is next asked
    whether it still knows us.
    """

    refreshed_at: datetime
    is_lost: bool
    refreshing_since: datetime | None
    keep_alive_at: datetime | None
    dies_at: datetime
    look_in_at: datetime | None


def connection_health(connection: XeroConnection) -> ConnectionHealth | None:
    """None: there is no grant. In the tenant's scope."""
    grant = connection.grant
    if grant is None:
        return None
    is_lost = grant.revoked_at is not None
    return ConnectionHealth(
        refreshed_at=grant.refreshed_at,
        is_lost=is_lost,
        refreshing_since=grant.refresh_started_at if grant.refresh_failures else None,
        keep_alive_at=None if is_lost else _due_at(KEEP_GRANT_ALIVE, grant.pk),
        dies_at=grant.refreshed_at + current_times(TokenTimes).consent,
        look_in_at=_due_at(LOOK_IN, connection.pk) if connection.is_usable else None,
    )


def _due_at(kind: str, subject_id: int) -> datetime | None:
    due = WorkItem.objects.filter(kind=kind, subject_id=subject_id, gave_up_at=None)
    return due.values_list("next_at", flat=True).first()
