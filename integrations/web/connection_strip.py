"""For every page: which organisation it is about, and whether documents can go there. Read once, where it is shown."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.functional import SimpleLazyObject

from freightbridge.access.permissions import Permission
from freightbridge.notices.people_who_may import people_who_may
from integrations.connection.active_connection import active_connections
from integrations.models import XeroConnection

# In the session: the organisation that this person's pages are about.
CHOSEN = "organisation"
# In a form: the organisation that the page was about when it was shown.
FORM_FIELD = "for_organisation"


def connection_strip(request: HttpRequest) -> dict[str, Any]:
    if getattr(request, "membership", None) is None:
        return {}
    return {
        "connection_now": SimpleLazyObject(partial(connection_of, request)),
        "connections_now": SimpleLazyObject(partial(connections_of, request)),
        "who_reconnects": who_reconnects,
    }


def connections_of(request: HttpRequest) -> list[XeroConnection]:
    """All that are connected or lost, the default first; read once a request."""
    if not hasattr(request, "connections_now"):
        request.connections_now = active_connections()  # type: ignore[attr-defined]
    found: list[XeroConnection] = request.connections_now  # type: ignore[attr-defined]
    return found


def connection_of(request: HttpRequest) -> XeroConnection | None:
    """
    Which of them the page is about: what its form says, what the person has chosen, the default.

    Raises Http404 where a form is about one that is connected no more: another must not be changed in its place.
    """
    by_id = {str(one.public_id): one for one in connections_of(request)}
    named = request.POST.get(FORM_FIELD, "")
    if named and named not in by_id:
        raise Http404
    chosen = by_id.get(named) or by_id.get(request.session.get(CHOSEN, ""))
    return chosen or next(iter(by_id.values()), None)


def short_codes_of(request: HttpRequest) -> dict[int, str]:
    """By connection, for links to documents in Xero; without those that are disconnected."""
    return {one.pk: one.short_code for one in connections_of(request)}


def who_reconnects() -> list[str]:
    """By name, for those who may not do it themselves."""
    return [person.name or person.email for person in people_who_may(Permission.MANAGE_CONNECTION)]
