"""
What an open list has shown, so that it is read again once for whatever moves, and not while nothing does.

A moment alone cannot tell: it is read when a piece of work begins, and what the work wrote is seen when it ends. So a
list looks a little behind its own moment, and knows by their versions which of those rows it has seen already.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

from integrations.models import AccountingLogEntry
from invoices.models import Shipment

# Longer work comes with news of its own.
LONGEST_WORK = timedelta(seconds=6)
# Of each kind. Where more moved than that, more is moving, and the list is read again without a closer look.
MOST = 500


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
    entries = AccountingLogEntry.objects.filter(at__gt=edge, has_news=True).order_by("-at", "-id")
    shipments = Shipment.objects.filter(updated_at__gt=edge).order_by("-updated_at", "-id")
    told, changed = entries.values_list("pk", "at")[:MOST], shipments.values_list("pk", "updated_at")[:MOST]
    moved = list(told.union(changed, all=True))
    if len(moved) >= MOST:
        return None
    return sha256(_text(moved).encode()).hexdigest()[:16]


def _text(versions: Iterable[tuple[int, datetime]]) -> str:
    return " ".join(f"{pk}@{at.isoformat()}" for pk, at in sorted(versions))
