"""What makes this company's shipments go."""

from datetime import datetime, time

from freightbridge.tenancy.models import Tenant
from invoices.domain.send_schedule import Schedule, next_run
from invoices.models import SendTriggers


def find_triggers() -> SendTriggers:
    """As saved, or as it is before anybody has saved anything. In the tenant's scope."""
    return SendTriggers.objects.first() or SendTriggers()


def next_run_of(triggers: SendTriggers, *, tenant: Tenant, now: datetime) -> datetime | None:
    schedule = Schedule(
        mode=triggers.schedule,
        every_minutes=triggers.every_minutes,
        at_times=[time.fromisoformat(text) for text in triggers.at_times],
        zone=tenant.zone,
    )
    return next_run(schedule, now=now)
