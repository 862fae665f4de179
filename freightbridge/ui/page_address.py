"""Addresses inside a company: no page and no template repeats the slug."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Protocol
from uuid import UUID

from django.http import HttpResponseRedirect
from django.urls import reverse

from freightbridge.access.permission_checks import TenantRequest
from freightbridge.tenancy.models import Tenant

# Of addresses with numbers and codes: the rows of a list name the same few.
MOST = 2000
# Stand in for a slug and for ids where the form of an address is asked for.
SOME_SLUG, SOME_IDS = "some-slug", [UUID(int=number) for number in range(1, 4)]


class HasSlug(Protocol):
    """A tenant, or what stands for it in a part of a page that is drawn once."""

    @property
    def slug(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Company:
    """What the menu says of a tenant. Two that are alike are the same, where two tenants are the same by their id."""

    slug: str
    name: str
    is_set_up: bool


def company_of(tenant: Tenant) -> Company:
    return Company(slug=tenant.slug, name=tenant.name, is_set_up=tenant.setup_done_at is not None)


def page_address(tenant: HasSlug, name: str, *arguments: Any) -> str:
    """Of the page with this URL name, below `/o/<slug>/`."""
    if all(isinstance(argument, UUID) for argument in arguments):
        return _form_of_address(name, len(arguments)).format(tenant.slug, *arguments)
    return _address(name, tenant.slug, *arguments)


@lru_cache(maxsize=MOST)
def _address(name: str, *arguments: Any) -> str:
    return reverse(name, args=arguments)


@cache
def _form_of_address(name: str, ids: int) -> str:
    """To be filled with a slug and ids. A list has hundreds of addresses of the same few forms."""
    address = reverse(name, args=(SOME_SLUG, *SOME_IDS[:ids])).replace("{", "{{").replace("}", "}}")
    for number, argument in enumerate([SOME_SLUG, *map(str, SOME_IDS[:ids])]):
        address = address.replace(argument, f"{{{number}}}")
    return address


def redirect_to_page(request: TenantRequest, name: str, *arguments: Any) -> HttpResponseRedirect:
    return HttpResponseRedirect(page_address(request.tenant, name, *arguments))
