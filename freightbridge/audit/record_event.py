"""The only writer of audit events: in the transaction of what they tell of."""

from datetime import datetime
from typing import Any

from freightbridge.audit.models import AuditEvent
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
    return AuditEvent.objects.create(
        at=now,
        actor=by,
        action=action,
        subject_kind=subject._meta.model_name or "",
        subject_id=subject.public_id,
        subject_name=str(subject)[:200],
        details=details,
        correlation_id=correlation_id(),
    )
