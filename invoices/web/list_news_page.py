"""Whether an open list has anything new to show: what a list asks that looks by itself while nothing of it moves."""

from datetime import datetime, timedelta

from django.http import HttpResponse

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from integrations.models import AccountingLogEntry
from invoices.models import Shipment

# What the page listens to, see components/list_news.html.
LIST_MOVED = "list-moved"
# A moment is read when a piece of work begins, and what it wrote is seen when it ends: longer work comes with news of
# its own.
LONGEST_WORK = timedelta(seconds=6)


@requires(Permission.VIEW_FREIGHT)
def list_news(request: TenantRequest) -> HttpResponse:
    """Two looks into indexes, however long the list is. Nothing is news since a moment that cannot be read."""
    answer = HttpResponse()
    since = _moment(request.GET.get("since", ""))
    if since is not None and _has_moved(since):
        answer["HX-Trigger"] = LIST_MOVED
    return answer


def _has_moved(since: datetime) -> bool:
    """Something was said to Xero or by it, or somebody changed a shipment."""
    entries, shipments = AccountingLogEntry.objects.filter(at__gt=since), Shipment.objects.filter(updated_at__gt=since)
    return entries.exists() or shipments.exists()


def _moment(text: str) -> datetime | None:
    """From when on work may have gone on unseen, which is a little before the list was read."""
    try:
        moment = datetime.fromisoformat(text) - LONGEST_WORK
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else None
