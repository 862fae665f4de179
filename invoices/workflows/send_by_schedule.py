"""The schedule (F78): sends what is ready at the agreed statuses, and puts itself off to the next time."""

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
from integrations.connection.active_connection import NotConnectedError
from integrations.models.send_batch import BatchTrigger
from integrations.problem_catalogue.codes import CATALOGUE
from invoices.domain.billable_shipments import PARTIES
from invoices.domain.find_triggers import next_run_of
from invoices.domain.send_by_itself import kept_from_schedule
from invoices.domain.shipment_queries import can_go
from invoices.models import SendTriggers, Shipment
from invoices.models.customer import OwnSending
from invoices.models.shipment import Readiness
from invoices.work_names import SEND_BY_SCHEDULE
from invoices.workflows.send_to_accounting import send_to_accounting
from invoices.workflows.sending_context import sending_context

CODE = "readiness_problems__0__code"
MOST_REASONS = 20
FAULT = "The last run stopped, which is our fault; the next one comes at its time. ({reason})"


def send_by_schedule(work: Work) -> Again | None:
    """Background work on the company's triggers. The row says when; a nudge that comes too early changes nothing."""
    with tenant_scope(work.tenant_id):
        now = read_clock()
        triggers = SendTriggers.objects.select_for_update().get(pk=work.subject_id)
        if triggers.next_run_at is None:
            return None
        if triggers.next_run_at > now:
            return Again(at=triggers.next_run_at)
        tenant = Tenant.objects.get(pk=work.tenant_id)
        _run(triggers, tenant, now=now)
        triggers.next_run_at = next_run_of(triggers, tenant=tenant, now=now)
        triggers.save()
        return Again(at=triggers.next_run_at) if triggers.next_run_at else None


def sending_by_schedule_gave_up(work: Work, reason: str) -> None:
    """The page says so, and the next time is tried all the same."""
    with tenant_scope(work.tenant_id):
        now = read_clock()
        triggers = SendTriggers.objects.select_for_update().get(pk=work.subject_id)
        triggers.last_failure = FAULT.format(reason=reason)
        triggers.next_run_at = next_run_of(triggers, tenant=Tenant.objects.get(pk=work.tenant_id), now=now)
        triggers.save()
        if triggers.next_run_at:
            enqueue_work(SEND_BY_SCHEDULE, [triggers.pk], now=now, at=triggers.next_run_at)


def run_now(triggers: SendTriggers, *, now: datetime) -> None:
    """As if its time had come; where the schedule is off, this once."""
    triggers.next_run_at = now
    triggers.save()
    enqueue_work(SEND_BY_SCHEDULE, [triggers.pk], now=now)


def _run(triggers: SendTriggers, tenant: Tenant, *, now: datetime) -> None:
    at_status = Shipment.objects.filter(status__in=triggers.statuses)
    party = PARTIES[sending_context(tenant).customer_key]
    by_people = {f"{party}__own_sending": OwnSending.NEVER}
    incomplete = {f"{party}__grouping__in": kept_from_schedule(triggers.schedule)}
    ready = can_go(at_status)
    going = ready.exclude(**by_people).exclude(**incomplete)
    triggers.last_run_at, triggers.last_batch_number, triggers.last_failure = now, None, ""
    triggers.last_held = [
        *_held(ready.filter(**by_people), "The customer is only sent by a person."),
        *_held(
            ready.exclude(**by_people).filter(**incomplete),
            "The customer gets one invoice for several shipments, which is not complete yet.",
        ),
        *_held(at_status.filter(readiness=Readiness.READY).exclude(do_not_send_reason=""), "Marked as do not send."),
        *_not_ready(at_status),
    ]
    if not going.exists():
        return
    try:
        batch = send_to_accounting(going, form_token=uuid.uuid4(), by=SYSTEM, now=now, trigger=BatchTrigger.SCHEDULE)
    except NotConnectedError as error:
        triggers.last_failure = str(error)
    else:
        triggers.last_batch_number = batch.number


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
