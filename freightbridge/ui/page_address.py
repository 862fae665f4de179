"""Addresses inside a company: no page and no template repeats the slug."""

from typing import Any

from django.http import HttpResponseRedirect
from django.urls import reverse

from freightbridge.access.permission_checks import TenantRequest
from freightbridge.tenancy.models import Tenant


def page_address(tenant: Tenant, name: str, *arguments: Any) -> str:
    """Of the page with this URL name, below `/o/<slug>/`."""
    return reverse(name, args=(tenant.slug, *arguments))


def redirect_to_page(request: TenantRequest, name: str, *arguments: Any) -> HttpResponseRedirect:
    return HttpResponseRedirect(page_address(request.tenant, name, *arguments))
