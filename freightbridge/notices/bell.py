"""For every page: how much a person has not read yet. One query, where it is shown."""

from collections.abc import Callable
from functools import partial

from django.db import connection
from django.http import HttpRequest

from freightbridge.access.models import Membership
from freightbridge.notices.models import Notice
from freightbridge.tenancy.scope import current_tenant_id

MOST_COUNTED = 99
# Every page asks this; Django takes longer to write it than PostgreSQL to answer.
UNREAD = f"""
    SELECT count(*) FROM (
        SELECT 1 FROM {Notice._meta.db_table} WHERE tenant_id = %s AND membership_id = %s AND read_at IS NULL
        LIMIT {MOST_COUNTED + 1}
    ) unread
"""  # noqa: S608 the name of our own table


def bell(request: HttpRequest) -> dict[str, Callable[[], str]]:
    membership = getattr(request, "membership", None)
    return {} if membership is None else {"unread_notices": partial(unread_text, membership)}


def unread_text(member: Membership) -> str:
    """What the bell says, such as 3 or 99+; empty where everything is read. In the tenant's scope."""
    with connection.cursor() as cursor:
        cursor.execute(UNREAD, [current_tenant_id(), member.pk])
        (count,) = cursor.fetchone()
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")
