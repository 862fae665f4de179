"""The only writer of audit events: in the transaction of what they tell of."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from freightbridge.audit.models import AuditEvent
from freightbridge.insert_rows import insert_rows
from freightbridge.observability.correlation import correlation_id
from freightbridge.tenancy.models import TenantModel
from freightbridge.transactions import require_transaction

SYSTEM = "FreightBridge"


def record_event(*, action: str, subject: TenantModel, by: str, now: datetime, **details: Any) -> AuditEvent:
    """
    `by`: the person's e-mail, or SYSTEM. `details` must be JSON and hold no secret.

    Raises TransactionError outside a transaction.
    """
    require_transaction()
    event = _event(subject, action=action, by=by, now=now, details=details)
    event.save()
    return event


def record_events(
    subjects: Iterable[tuple[TenantModel, Mapping[str, Any]]], *, action: str, by: str, now: datetime
) -> None:
    """One for each subject, with details of its own: a single statement. Else as `record_event`."""
    insert_rows([_event(one, action=action, by=by, now=now, details=details) for one, details in subjects])


def _event(subject: TenantModel, *, action: str, by: str, now: datetime, details: Mapping[str, Any]) -> AuditEvent:
    return AuditEvent(
        at=now,
        actor=by,
        action=action,
        subject_kind=subject._meta.model_name or "",
        subject_id=subject.public_id,
        subject_name=str(subject)[:200],
        details=dict(details),
        correlation_id=correlation_id(),
    )
