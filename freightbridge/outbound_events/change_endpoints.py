"""What an admin does with endpoints: adds one, switches it on and off, tries it out, has an event sent again."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.outbound_events.announce import DELIVER_EVENTS, Happening, announce
from freightbridge.outbound_events.event_kinds import EventKind
from freightbridge.outbound_events.models import DeliveryState, EventDelivery, EventEndpoint
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import current_tenant_id

MOST_ENDPOINTS = 10
NONE_MORE = f"A company has {MOST_ENDPOINTS} endpoints at most. Remove one that is not needed any more."
BY_HAND = "Switched off by hand."


class TooManyEndpointsError(Exception):
    """The message says what to do."""


@dataclass(frozen=True, slots=True)
class AddedEndpoint:
    """`secret`: the only moment at which it is shown."""

    endpoint: EventEndpoint
    secret: str

    def __repr__(self) -> str:
        return f"AddedEndpoint({self.endpoint.url})"


def add_endpoint(*, url: str, kinds: Iterable[str], by: str, now: datetime) -> AddedEndpoint:
    """In the tenant's scope. `url` has passed `read_target`. Raises TooManyEndpointsError."""
    Tenant.objects.select_for_update(no_key=True).get(pk=current_tenant_id())
    if EventEndpoint.objects.filter(removed_at=None).count() >= MOST_ENDPOINTS:
        raise TooManyEndpointsError(NONE_MORE)
    secret = f"fbs_{secrets.token_urlsafe(32)}"
    endpoint = EventEndpoint(url=url, kinds=list(kinds), made_by=by, made_at=now)
    endpoint.secret = secret
    endpoint.save()
    record_event(action="event endpoint added", subject=endpoint, by=by, now=now, kinds=endpoint.kinds)
    return AddedEndpoint(endpoint, secret)


def switch_off(endpoint: EventEndpoint, *, by: str, now: datetime) -> None:
    if EventEndpoint.objects.filter(pk=endpoint.pk, disabled_at=None).update(disabled_at=now, disabled_reason=BY_HAND):
        record_event(action="event endpoint switched off", subject=endpoint, by=by, now=now)


def switch_on(endpoint: EventEndpoint, *, by: str, now: datetime) -> None:
    """What waited meanwhile goes now, and has its whole day again."""
    off = EventEndpoint.objects.filter(pk=endpoint.pk).exclude(disabled_at=None)
    if off.update(disabled_at=None, disabled_reason="", failing_since=None):
        endpoint.deliveries.filter(state=DeliveryState.WAITING).update(next_at=now, asked_at=now)
        enqueue_work(DELIVER_EVENTS, [endpoint.pk], now=now)
        record_event(action="event endpoint switched on", subject=endpoint, by=by, now=now)


def remove_endpoint(endpoint: EventEndpoint, *, by: str, now: datetime) -> None:
    if EventEndpoint.objects.filter(pk=endpoint.pk, removed_at=None).update(removed_at=now):
        record_event(action="event endpoint removed", subject=endpoint, by=by, now=now)


def try_out(endpoint: EventEndpoint, *, now: datetime) -> None:
    """An event that tells of nothing, whatever kinds the endpoint wants."""
    announce([Happening(kind=EventKind.TEST, told={})], endpoints=[endpoint], now=now)


def send_again(delivery: EventDelivery, *, by: str, now: datetime) -> None:
    """The same event under the same id, whether it was delivered, was given up, or is still waiting."""
    delivery.state, delivery.next_at, delivery.asked_at = DeliveryState.WAITING, now, now
    delivery.save(update_fields=["state", "next_at", "asked_at"])
    enqueue_work(DELIVER_EVENTS, [delivery.endpoint_id], now=now)
    record_event(action="event sent again", subject=delivery, by=by, now=now)
