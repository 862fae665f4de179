"""Where several organisations are connected: the one that this person's pages are about."""

from urllib.parse import urlsplit

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.ui.page_address import page_address
from integrations.web.connection_strip import CHOSEN, connections_of


@requires(Permission.VIEW_FREIGHT)
@require_POST
def choose_organisation(request: TenantRequest) -> HttpResponse:
    """Back to the page where it was chosen, without what its address said of the other organisation's rows."""
    chosen = request.POST.get("organisation", "")
    if chosen not in {str(one.public_id) for one in connections_of(request)}:
        raise Http404
    request.session[CHOSEN] = chosen
    return HttpResponseRedirect(page_before(request) or page_address(request.tenant, "shipments"))


def page_before(request: TenantRequest) -> str:
    """Where the button stood, if that was one of our pages."""
    address = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return urlsplit(address)._replace(scheme="", netloc="").geturl() if address and is_ours else ""
