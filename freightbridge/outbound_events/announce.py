"""Writes down what other systems are to be told, in the transaction of what happened."""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.outbound_events.event_kinds import EventKind
from freightbridge.outbound_events.models import EventDelivery, EventEndpoint
from freightbridge.transactions import require_transaction

# The kind of work that sends what waits for one endpoint.
DELIVER_EVENTS = "deliver events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """`told`: the thing by its name, such as {"upload": {…}}, as JSON."""

    kind: EventKind
    told: dict[str, Any]


def listening(kinds: Iterable[EventKind]) -> list[EventEndpoint]:
    """Endpoints that want at least one of them; for callers to whom telling costs a query. In the tenant's scope."""
    wanted = {kind.value for kind in kinds}
    endpoints = EventEndpoint.objects.filter(disabled_at=None, removed_at=None).order_by("id") if wanted else []
    return [endpoint for endpoint in endpoints if wanted & {*endpoint.kinds}]


def announce(happenings: Sequence[Happening], *, endpoints: Sequence[EventEndpoint], now: datetime) -> None:
    """To those `endpoints` that want it. Raises TransactionError."""
    require_transaction()
    told = [(one, *_body(one, now=now)) for one in happenings]
    deliveries = [
        EventDelivery(
            endpoint=endpoint,
            event_id=event_id,
            kind=one.kind.value,
            body=body,
            happened_at=now,
            next_at=now,
            asked_at=now,
        )
        for endpoint in endpoints
        for one, event_id, body in told
        if one.kind in endpoint.kinds or one.kind == EventKind.TEST
    ]
    EventDelivery.objects.bulk_create(deliveries)
    if deliveries:
        enqueue_work(DELIVER_EVENTS, sorted({one.endpoint_id for one in deliveries}), now=now)


def _body(one: Happening, *, now: datetime) -> tuple[uuid.UUID, str]:
    event_id = uuid.uuid4()
    return event_id, json.dumps(
        {"id": str(event_id), "event": one.kind.value, "happened_at": now.isoformat(), **one.told}
    )
