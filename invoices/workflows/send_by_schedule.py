"""A schedule (F78): sends what is ready at the agreed statuses to its organisation, and puts itself off."""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from freightbridge.audit.record_event import SYSTEM
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.scheduled_sends import next_run
from integrations.models import ConnectionSettings, SendSchedule, XeroConnection
from integrations.models.send_batch import BatchTrigger
from integrations.models.send_schedule import ScheduleMode
from integrations.problem_catalogue.codes import CATALOGUE
from invoices.domain.billable_shipments import PARTIES
from invoices.domain.find_triggers import find_triggers
from invoices.domain.send_by_itself import kept_from_schedule
from invoices.domain.shipment_queries import can_go
from invoices.models import Shipment
from invoices.models.customer import OwnSending
from invoices.models.shipment import Readiness
from invoices.work_names import SEND_BY_SCHEDULE
from invoices.workflows.route_shipments import going_to
from invoices.workflows.send_to_accounting import send_to_accounting

CODE = "readiness_problems__0__code"
MOST_REASONS = 20
NOT_CONNECTED = "{name} was not connected then; the next run sends what waits."
FAULT = "The last run stopped, which is our fault; the next one comes at its time. ({reason})"


def send_by_schedule(work: Work) -> Again | None:
    """Background work on a schedule. The row says when; a nudge that comes too early changes nothing."""
    with tenant_scope(work.tenant_id):
        now = read_clock()
        schedule = _locked(work.subject_id)
        if schedule.next_run_at is None:
            return None
        if schedule.next_run_at > now:
            return Again(at=schedule.next_run_at)
        _run(schedule, now=now)
        next_at = _put_off(schedule, work, now=now)
        return Again(at=next_at) if next_at else None


def sending_by_schedule_gave_up(work: Work, reason: str) -> None:
    """The page says so, and the next time is tried all the same."""
    with tenant_scope(work.tenant_id):
        now = read_clock()
        schedule = _locked(work.subject_id)
        schedule.last_failure = FAULT.format(reason=reason)
        next_at = _put_off(schedule, work, now=now)
        if next_at:
            enqueue_work(SEND_BY_SCHEDULE, [schedule.pk], now=now, at=next_at)


def run_now(connection: XeroConnection, *, now: datetime) -> None:
    """As if its time had come; where the schedule is off, this once."""
    schedule, _ = SendSchedule.objects.select_for_update().get_or_create(connection=connection)
    schedule.next_run_at = now
    schedule.save()
    enqueue_work(SEND_BY_SCHEDULE, [schedule.pk], now=now)


def _locked(schedule_id: int) -> SendSchedule:
    return SendSchedule.objects.select_for_update(of=("self",)).select_related("connection").get(pk=schedule_id)


def _put_off(schedule: SendSchedule, work: Work, *, now: datetime) -> datetime | None:
    schedule.next_run_at = next_run(schedule, zone=Tenant.objects.get(pk=work.tenant_id).zone, now=now)
    schedule.save()
    return schedule.next_run_at


def _run(schedule: SendSchedule, *, now: datetime) -> None:
    schedule.last_run_at, schedule.last_batch_number, schedule.last_held = now, None, []
    schedule.last_failure = "" if schedule.connection.is_active else NOT_CONNECTED.format(name=schedule.connection.name)
    if schedule.last_failure:
        return
    rules = ConnectionSettings.objects.get(connection=schedule.connection)
    waiting = going_to(schedule.connection, _waiting())
    party = PARTIES[rules.customer_key]
    by_people = {f"{party}__own_sending": OwnSending.NEVER}
    incomplete = {f"{party}__grouping__in": kept_from_schedule(is_at_set_times=schedule.mode == ScheduleMode.AT_TIMES)}
    ready = can_go(waiting)
    going = ready.exclude(**by_people).exclude(**incomplete)
    schedule.last_held = [
        *_held(ready.filter(**by_people), "The customer is only sent by a person."),
        *_held(
            ready.exclude(**by_people).filter(**incomplete),
            "The customer gets one invoice for several shipments, which is not complete yet.",
        ),
        *_held(waiting.filter(readiness=Readiness.READY).exclude(do_not_send_reason=""), "Marked as do not send."),
        *_not_ready(waiting),
    ]
    if going.exists():
        batch = send_to_accounting(
            going, form_token=uuid.uuid4(), by=SYSTEM, now=now, sides=rules.sides, trigger=BatchTrigger.SCHEDULE
        )
        schedule.last_batch_number = batch.number


def _waiting() -> QuerySet[Shipment]:
    """At the agreed statuses, with something to send."""
    at_status = Shipment.objects.filter(status__in=find_triggers().statuses)
    return at_status.filter(readiness__in=[Readiness.READY, Readiness.NOT_READY])


def _held(shipments: QuerySet[Shipment], reason: str) -> list[dict[str, Any]]:
    count = shipments.count()
    return [{"reason": reason, "count": count}] if count else []


def _not_ready(shipments: QuerySet[Shipment]) -> list[dict[str, Any]]:
    """By the first thing that each is lacking."""
    waiting = shipments.filter(readiness=Readiness.NOT_READY).order_by().values_list(CODE)
    counted = waiting.annotate(count=Count("id")).order_by("-count")[:MOST_REASONS]
    return [{"reason": f"{_title(code)}.", "count": count} for code, count in counted]


def _title(code: str | None) -> str:
    return CATALOGUE[code].title if code in CATALOGUE else "Something is missing"
