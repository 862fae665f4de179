"""For every page: which organisation documents go to, and whether they can. Read once, where a page shows it."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from freightbridge.access.permissions import Permission
from freightbridge.notices.people_who_may import people_who_may
from integrations.connection.active_connection import find_connection
from integrations.models import XeroConnection


def connection_strip(request: HttpRequest) -> dict[str, Any]:
    if getattr(request, "membership", None) is None:
        return {}
    return {
        "connection_now": SimpleLazyObject(partial(connection_of, request)),
        "who_reconnects": who_reconnects,
    }


def connection_of(request: HttpRequest) -> XeroConnection | None:
    """What `find_connection` says, once a request."""
    if not hasattr(request, "connection_now"):
        request.connection_now = find_connection()  # type: ignore[attr-defined]
    found: XeroConnection | None = request.connection_now  # type: ignore[attr-defined]
    return found


def who_reconnects() -> list[str]:
    """By name, for those who may not do it themselves."""
    return [person.name or person.email for person in people_who_may(Permission.MANAGE_CONNECTION)]
