"""Saves what makes a shipment go, and sets the schedule to its next time."""

from collections.abc import Iterable
from datetime import datetime

from freightbridge.audit.change import Change, details_of
from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.tenancy.models import Tenant
from invoices.domain.find_triggers import next_run_of
from invoices.models import SendTriggers
from invoices.work_names import SEND_BY_SCHEDULE


def save_triggers(triggers: SendTriggers, *, changes: Iterable[Change], tenant: Tenant, by: str, now: datetime) -> None:
    """In the tenant's scope. A schedule that is switched off has no next time."""
    triggers.next_run_at = next_run_of(triggers, tenant=tenant, now=now)
    triggers.save()
    if triggers.next_run_at:
        enqueue_work(SEND_BY_SCHEDULE, [triggers.pk], now=now, at=triggers.next_run_at)
    record_event(action="what makes a shipment go changed", subject=triggers, by=by, now=now, **details_of(changes))
