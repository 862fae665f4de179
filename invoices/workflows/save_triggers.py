"""Saves what makes a shipment go, and sets schedules to their next times."""

from collections.abc import Iterable
from datetime import datetime

from freightbridge.audit.change import Change, details_of
from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.tenancy.models import Tenant
from integrations.connection.scheduled_sends import next_run
from integrations.models import SendSchedule
from invoices.models import SendTriggers
from invoices.work_names import SEND_BY_SCHEDULE


def save_triggers(triggers: SendTriggers, *, changes: Iterable[Change], by: str, now: datetime) -> None:
    """In the tenant's scope."""
    triggers.save()
    record_event(action="what makes a shipment go changed", subject=triggers, by=by, now=now, **details_of(changes))


def save_schedule(schedule: SendSchedule, *, changes: Iterable[Change], tenant: Tenant, by: str, now: datetime) -> None:
    """In the tenant's scope. A schedule that is switched off has no next time."""
    schedule.next_run_at = next_run(schedule, zone=tenant.zone, now=now)
    schedule.save()
    if schedule.next_run_at:
        enqueue_work(SEND_BY_SCHEDULE, [schedule.pk], now=now, at=schedule.next_run_at)
    record_event(action="schedule changed", subject=schedule, by=by, now=now, **details_of(changes))
