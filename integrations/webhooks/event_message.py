"""The events of a message: the form is that of Xero's OpenAPI file xero-webhooks.yaml. Pure."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

EVENT_TYPE = re.compile(r"[A-Z_]{1,20}")


class Category(StrEnum):
    """What we act upon; Xero tells of subscriptions too, and of payments not at all."""

    INVOICE = "INVOICE"
    CREDIT_NOTE = "CREDITNOTE"
    CONTACT = "CONTACT"
    PREPAYMENT = "PREPAYMENT"
    OVERPAYMENT = "OVERPAYMENT"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Event:
    """
    `resource_id`: what changed, to be asked for by its id. The address that the message names is never opened.

    Ordered, so that whoever writes several does it in the same order as others at the same time.
    """

    organisation_id: UUID
    resource_id: UUID
    event_type: str
    happened_at: datetime
    category: str


def read_message(body: bytes) -> list[Event]:
    """Without repetitions and without what we cannot use: it is Xero's, so there is nobody to complain to."""
    try:
        message = json.loads(body)
    except ValueError:
        return []
    events = message.get("events") if isinstance(message, dict) else None
    return sorted({event for element in events or () for event in _read(element)})


def _read(element: Any) -> Iterator[Event]:
    """None where anything is missing, strange or not for us."""
    try:
        happened_at = datetime.fromisoformat(element["eventDateUtc"])
        event = Event(
            organisation_id=UUID(element["tenantId"]),
            resource_id=UUID(element["resourceId"]),
            event_type=element["eventType"],
            # Without an offset, and in UTC, as its name says.
            happened_at=happened_at.astimezone(UTC) if happened_at.tzinfo else happened_at.replace(tzinfo=UTC),
            category=Category(element["eventCategory"]),
        )
        if EVENT_TYPE.fullmatch(event.event_type):
            yield event
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return
