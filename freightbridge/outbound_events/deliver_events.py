"""A worker's part: sends what waits for one endpoint, and writes down how it went."""

import time
from datetime import datetime

import structlog

from freightbridge.background_work.work_kinds import STRETCH_SECONDS, Again, Work
from freightbridge.clock import read_clock
from freightbridge.current_times import current_times
from freightbridge.outbound_events.delivery_schedule import EventTimes, next_try_at
from freightbridge.outbound_events.event_signature import HEADER, event_signature
from freightbridge.outbound_events.models import DeliveryState, EventDelivery, EventEndpoint
from freightbridge.outbound_events.post_event import Outcome, post_event
from freightbridge.outbound_events.tell_of_switching_off import OUR_FAULT, TOOK_NOTHING, tell_of_switching_off
from freightbridge.tenancy.scope import tenant_scope

# What one endpoint, however slow, may take of a worker's stretch.
STRETCH = STRETCH_SECONDS / 2
MOST_SHOWN_TRIES = 30
SWITCHED_OFF = (
    "It took no event for a day, so it was switched off. What waits is sent once it is switched on again; what happens "
    "meanwhile is not kept for it."
)
log = structlog.get_logger(__name__)


def deliver_events(work: Work) -> Again | None:
    """Background work on an endpoint; only one worker at a time has it."""
    stop_at = time.monotonic() + STRETCH
    while time.monotonic() < stop_at:
        with tenant_scope(work.tenant_id):
            endpoint = EventEndpoint.objects.get(pk=work.subject_id)
            if endpoint.disabled_at is not None or endpoint.removed_at is not None:
                return None
            waiting = endpoint.deliveries.filter(state=DeliveryState.WAITING).order_by("next_at", "id")
            delivery, now = waiting.first(), read_clock()
        if delivery is None:
            return None
        if delivery.next_at > now:
            return Again(at=delivery.next_at)
        outcome = _send(delivery, endpoint, now)
        with tenant_scope(work.tenant_id):
            now = read_clock()
            _write(delivery, endpoint, outcome, now=now)
        if outcome.status is None:
            return Again(at=now + current_times(EventTimes).pause)
    return Again(at=read_clock())


def delivering_gave_up(work: Work, reason: str) -> None:
    """What waits stays; the next event, or a person, asks again."""
    with tenant_scope(work.tenant_id):
        endpoint, now = EventEndpoint.objects.get(pk=work.subject_id), read_clock()
        sentence = f"It was switched off after a mistake of ours. Switch it on again. ({reason})"
        EventEndpoint.objects.filter(pk=endpoint.pk).update(disabled_at=now, disabled_reason=sentence[:300])
        tell_of_switching_off(endpoint, OUR_FAULT, now=now)


def _send(delivery: EventDelivery, endpoint: EventEndpoint, now: datetime) -> Outcome:
    body = delivery.body.encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "FreightBridge",
        "FreightBridge-Event": delivery.kind,
        "FreightBridge-Delivery": str(delivery.event_id),
        HEADER: event_signature(body, secret=endpoint.secret, seconds=int(now.timestamp())),
    }
    return post_event(endpoint.url, body, headers=headers)


def _write(delivery: EventDelivery, endpoint: EventEndpoint, outcome: Outcome, *, now: datetime) -> None:
    """By the ids alone: a person may have changed the endpoint, or asked for this very one again, meanwhile."""
    one = {"at": now.isoformat(), "status": outcome.status, "seconds": outcome.seconds, "error": outcome.error}
    tries = [*delivery.tries, one][-MOST_SHOWN_TRIES:]
    mine = EventDelivery.objects.filter(pk=delivery.pk, asked_at=delivery.asked_at)
    same = EventEndpoint.objects.filter(pk=endpoint.pk)
    if not outcome.error:
        mine.update(state=DeliveryState.DELIVERED, tries=tries)
        same.update(failing_since=None)
        return
    times = current_times(EventTimes)
    failed = sum(1 for entry in tries if entry["at"] >= delivery.asked_at.isoformat())
    next_at = next_try_at(max(1, failed), asked_at=delivery.asked_at, now=now, times=times)
    state = DeliveryState.WAITING if next_at else DeliveryState.FAILED
    mine.update(state=state, next_at=next_at or now, tries=tries)
    same.filter(failing_since=None).update(failing_since=now)
    if same.filter(disabled_at=None, failing_since__lte=now - times.give_up).update(
        disabled_at=now, disabled_reason=SWITCHED_OFF
    ):
        log.warning("event endpoint switched off", endpoint=endpoint.pk)
        tell_of_switching_off(endpoint, TOOK_NOTHING, now=now)
