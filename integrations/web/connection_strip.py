"""For every page: which organisation documents go to, and whether they can. Read once, where a page shows it."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from integrations.connection.active_connection import find_connection
from integrations.models import XeroConnection


def connection_strip(request: HttpRequest) -> dict[str, Any]:
    if getattr(request, "membership", None) is None:
        return {}
    return {"connection_now": SimpleLazyObject(partial(connection_of, request))}


def connection_of(request: HttpRequest) -> XeroConnection | None:
    """What `find_connection` says, once a request."""
    if not hasattr(request, "connection_now"):
        request.connection_now = find_connection()  # type: ignore[attr-defined]
    found: XeroConnection | None = request.connection_now  # type: ignore[attr-defined]
    return found
