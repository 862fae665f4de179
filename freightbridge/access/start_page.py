"""Where a person lands after signing in: at his company, or at the choice between several."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from freightbridge.access.models import tenants_of
from freightbridge.access.permission_checks import signed_in
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import directory_scope


@signed_in
def start(request: HttpRequest) -> HttpResponse:
    tenants = _tenants(request)
    if len(tenants) == 1:
        return redirect("overview", slug=tenants[0].slug)
    return render(request, "access/choose_company.html", {"tenants": tenants})


@signed_in
def choose_company(request: HttpRequest) -> HttpResponse:
    return render(request, "access/choose_company.html", {"tenants": _tenants(request)})


def _tenants(request: HttpRequest) -> list[Tenant]:
    with directory_scope():
        return tenants_of(request.user)  # type: ignore[arg-type]
