"""The search in the bar at the top: a number leads straight to why its shipment stands where it stands."""

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.ui.page_address import page_address, redirect_to_page
from invoices.domain.shipment_search import find_one
from invoices.models import Shipment


@requires(Permission.VIEW_FREIGHT)
def find(request: TenantRequest) -> HttpResponse:
    """Several, or none: the list tells."""
    wanted = request.GET.get("q", "").strip()
    found = find_one(wanted) if wanted else None
    if found is None:
        query = f"?{urlencode({'q': wanted})}" if wanted else ""
        return HttpResponseRedirect(page_address(request.tenant, "shipments") + query)
    may_read_log = request.membership.has_permission(Permission.VIEW_ACCOUNTING_LOG)
    page = "shipment_integration" if may_read_log else "shipment"
    return redirect_to_page(request, page, Shipment.objects.get(pk=found).public_id)
