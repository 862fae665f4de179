"""For every page: how much a person has not read yet. One query, where it is shown."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest

from freightbridge.access.models import Membership
from freightbridge.notices.models import Notice

MOST_COUNTED = 99


def bell(request: HttpRequest) -> dict[str, Callable[[], str]]:
    membership = getattr(request, "membership", None)
    return {} if membership is None else {"unread_notices": partial(unread_text, membership)}


def unread_text(member: Membership) -> str:
    """What the bell says, such as 3 or 99+; empty where everything is read. In the tenant's scope."""
    count = Notice.objects.filter(membership=member, read_at=None)[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")
