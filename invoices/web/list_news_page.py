"""Whether an open list has anything new to show: what a list asks that looks by itself while nothing of it moves."""

from datetime import datetime

from django.http import HttpResponse

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from invoices.web.list_mark import has_moved

# What the page listens to, see components/list_news.html.
LIST_MOVED = "list-moved"
# A little before its beginning there is no moment any more.
FIRST_YEAR = 1


@requires(Permission.VIEW_FREIGHT)
def list_news(request: TenantRequest) -> HttpResponse:
    """A look into two indexes, however long the list is. Nothing is news since a moment that cannot be read."""
    answer = HttpResponse()
    since = _moment(request.GET.get("since", ""))
    if since is not None and has_moved(since, shown=request.GET.get("shown", "")):
        answer["HX-Trigger"] = LIST_MOVED
    return answer


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo and moment.year > FIRST_YEAR else None
