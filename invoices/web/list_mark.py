"""
What an open list has shown, so that it is read again once for whatever moves, and not while nothing does.

A moment alone cannot tell: it is read when a piece of work begins, and what the work wrote is seen when it ends. So a
list looks a little behind its own moment, and knows by their versions which of those rows it has seen already.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

from django.db import connection

from freightbridge.tenancy.scope import current_tenant_id
from integrations.models import AccountingLogEntry
from invoices.models import Shipment

# Longer work comes with news of its own.
LONGEST_WORK = timedelta(seconds=6)
# Of each kind. Where more moved than that, more is moving, and the list is read again without a closer look.
MOST = 500
# Each list asks this every few seconds; Django takes longer to write it than PostgreSQL to answer.
MOVED = f"""
    (SELECT id, at FROM {AccountingLogEntry._meta.db_table}
    WHERE tenant_id = %(tenant)s AND at > %(edge)s AND has_news ORDER BY at DESC, id DESC LIMIT %(most)s)
    UNION ALL
    (SELECT id, updated_at FROM {Shipment._meta.db_table}
    WHERE tenant_id = %(tenant)s AND updated_at > %(edge)s ORDER BY updated_at DESC, id DESC LIMIT %(most)s)
"""  # noqa: S608 the names of our own tables


def list_mark(now: datetime) -> str:
    """
    What the list asks with, as a query string. Before the list's own rows are read: what is written in between then
    counts as new. One query, in the tenant's scope.
    """
    return urlencode({"since": now.isoformat(), "shown": _versions(now) or ""})


def has_moved(since: datetime, *, shown: str) -> bool:
    """`shown`: of the list's mark. One query, in the tenant's scope."""
    standing = _versions(since)
    return standing is None or standing != shown


def _versions(moment: datetime) -> str | None:
    """What was said to Xero or by it, and the shipments that somebody changed; None: too many to tell apart."""
    edge = moment - LONGEST_WORK
    with connection.cursor() as cursor:
        cursor.execute(MOVED, {"tenant": current_tenant_id(), "edge": edge, "most": MOST})
        moved = cursor.fetchall()
    if len(moved) >= MOST:
        return None
    return sha256(_text(moved).encode()).hexdigest()[:16]


def _text(versions: Iterable[tuple[int, datetime]]) -> str:
    return " ".join(f"{pk}@{at.isoformat()}" for pk, at in sorted(versions))
