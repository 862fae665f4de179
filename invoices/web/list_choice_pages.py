"""How a member wants the shipment list: its columns."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from invoices.web.list_columns import COLUMNS
from invoices.workflows.keep_views import choose_columns


@requires(Permission.VIEW_FREIGHT)
@require_POST
def list_columns(request: TenantRequest) -> HttpResponse:
    """The page is loaded anew, where it stands."""
    chosen = request.POST.getlist("column")
    if set(chosen) - {column.name for column in COLUMNS}:
        raise BadRequest("The list has no such column.")
    choose_columns(request.membership, None if request.POST.get("usual") else chosen)
    return HttpResponseClientRefresh()
