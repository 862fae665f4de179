"""Addresses inside a company: no page and no template repeats the slug."""

from functools import cache
from typing import Any
from uuid import UUID

from django.http import HttpResponseRedirect
from django.urls import reverse

from freightbridge.access.permission_checks import TenantRequest
from freightbridge.tenancy.models import Tenant

# Stand in for a slug and for ids where the form of an address is asked for.
SOME_SLUG, SOME_IDS = "some-slug", [UUID(int=number) for number in range(1, 4)]


def page_address(tenant: Tenant, name: str, *arguments: Any) -> str:
    """Of the page with this URL name, below `/o/<slug>/`."""
    if all(isinstance(argument, UUID) for argument in arguments):
        return _form_of_address(name, len(arguments)).format(tenant.slug, *arguments)
    return reverse(name, args=(tenant.slug, *arguments))


@cache
def _form_of_address(name: str, ids: int) -> str:
    """To be filled with a slug and ids. A list has hundreds of addresses of the same few forms."""
    address = reverse(name, args=(SOME_SLUG, *SOME_IDS[:ids])).replace("{", "{{").replace("}", "}}")
    for number, argument in enumerate([SOME_SLUG, *map(str, SOME_IDS[:ids])]):
        address = address.replace(argument, f"{{{number}}}")
    return address


def redirect_to_page(request: TenantRequest, name: str, *arguments: Any) -> HttpResponseRedirect:
    return HttpResponseRedirect(page_address(request.tenant, name, *arguments))
