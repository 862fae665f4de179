"""Pages that exist in tests only, each with another mark, inside a company and outside; the real ones follow them."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from freightbridge import urls as real
from freightbridge.access.permission_checks import TenantRequest, public, requires, signed_in, staff_only
from freightbridge.access.permissions import Permission
from freightbridge.tenancy.scope import current_tenant_id
from invoices.models import Shipment
from tests.freight_factories import ShipmentFactory


@requires(Permission.VIEW_FREIGHT)
def seen(request: TenantRequest) -> HttpResponse:
    return HttpResponse(f"{request.tenant.slug} {request.membership.role} {Shipment.objects.count()}")


@requires(Permission.EDIT_FREIGHT)
def made(request: TenantRequest, status: int) -> HttpResponse:
    """Makes a shipment, and answers as it is told to."""
    ShipmentFactory(bill_to=None)
    return HttpResponse(status=status)


@requires(Permission.EDIT_FREIGHT)
def broken(request: TenantRequest) -> HttpResponse:
    ShipmentFactory(bill_to=None)
    raise ValueError("broken on purpose")


@requires(Permission.MANAGE_CONNECTION, opens_own_scope=True)
def without_scope(request: TenantRequest) -> HttpResponse:
    return HttpResponse(f"{request.tenant.slug} {current_tenant_id_or_none()}")


def current_tenant_id_or_none() -> int | None:
    try:
        return current_tenant_id()
    except Exception:  # noqa: BLE001 any reason will do
        return None


def unmarked(request: HttpRequest, slug: str = "") -> HttpResponse:
    return HttpResponse("never seen")


@public
def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@signed_in
def own(request: HttpRequest) -> HttpResponse:
    return HttpResponse("own")


@staff_only
def staff(request: HttpRequest) -> HttpResponse:
    return HttpResponse("staff")


urlpatterns = [
    path("o/<slug:slug>/seen/", seen),
    path("o/<slug:slug>/made/<int:status>/", made),
    path("o/<slug:slug>/broken/", broken),
    path("o/<slug:slug>/without-scope/", without_scope),
    path("o/<slug:slug>/unmarked/", unmarked),
    path("unmarked/", unmarked),
    path("open/", open_to_all),
    path("own/", own),
    path("staff/", staff),
    *real.urlpatterns,
]
handler403, handler404, handler500 = real.handler403, real.handler404, real.handler500
