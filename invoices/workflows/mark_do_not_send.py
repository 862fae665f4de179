"""Takes shipments out of what is to be sent, with a reason, or back in (F12)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from freightbridge.audit.record_event import record_events
from integrations.lanes.lock_lanes import lock_lanes_of
from invoices.models import InvoiceLine, Shipment
from invoices.workflows.give_up_invoice import GivenUpMany, give_up_invoices_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """How many shipments changed, and what became of their invoices."""

    count: int
    invoices: GivenUpMany


def mark_do_not_send(shipments: QuerySet[Shipment], *, reason: str, by: str, now: datetime) -> Marked:
    """
    What is on its way or stopped is given up, what is in Xero stays. An empty `reason` takes the mark off, and brings
    nothing back. In the tenant's scope.
    """
    lines = InvoiceLine.objects.filter(shipment__in=shipments.order_by().values("pk"))
    lock_lanes_of(lines.values("invoice"))
    changed = list(shipments.exclude(do_not_send_reason=reason).select_for_update())
    ids = [shipment.pk for shipment in changed]
    Shipment.objects.filter(pk__in=ids).update(do_not_send_reason=reason, updated_at=now)
    told = ((one, {"reason": reason, "before": one.do_not_send_reason}) for one in changed)
    record_events(told, action="marked as do not send" if reason else "do not send taken off", by=by, now=now)
    given_up = give_up_invoices_of(ids if reason else [], reason=reason, by=by, now=now)
    return Marked(count=len(changed), invoices=given_up)
