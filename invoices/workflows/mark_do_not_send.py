"""Takes shipments out of what is to be sent, with a reason, or back in (F12)."""

from datetime import datetime

from django.db.models import QuerySet

from freightbridge.audit.record_event import record_event
from invoices.models import Shipment


def mark_do_not_send(shipments: QuerySet[Shipment], *, reason: str, by: str, now: datetime) -> int:
    """An empty `reason` takes the mark off. Returns how many changed. In the tenant's scope."""
    changed = list(shipments.exclude(do_not_send_reason=reason).select_for_update())
    Shipment.objects.filter(pk__in=[shipment.pk for shipment in changed]).update(
        do_not_send_reason=reason, updated_at=now
    )
    for shipment in changed:
        action = "marked as do not send" if reason else "do not send taken off"
        record_event(action=action, subject=shipment, by=by, now=now, reason=reason, before=shipment.do_not_send_reason)
    return len(changed)
