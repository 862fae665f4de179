"""Opens the tenant of `/o/<slug>/…` around the whole response; a view that does not say who may enter is refused."""

from collections.abc import Callable
from typing import Any

import structlog
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from freightbridge.access.models import Membership
from freightbridge.access.permission_checks import access_of, check
from freightbridge.tenancy.scope import directory_scope, tenant_scope

# Pages of libraries, which cannot carry our marks: log-in, log-out, password reset.
PUBLIC_NAMESPACES = ("account_",)
REFUSED = 400
log = structlog.get_logger(__name__)


class TenantMiddleware:
    """
    One transaction a request. An answer that refuses leaves nothing behind, so it is rolled back.

    A slug that does not exist and one of a company the person does not work for get the same answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = _match(request)
        if match is None or "slug" not in match.kwargs:
            return self._get_response(request)
        if not request.user.is_authenticated:
            return _to_login(request)
        membership = _membership(request, match.kwargs["slug"])
        if membership is None:
            # No scope is open, so the view that would answer cannot run either: process_view raises first.
            return self._get_response(request)
        request.tenant = membership.tenant  # type: ignore[attr-defined]
        request.membership = membership  # type: ignore[attr-defined]
        access = access_of(match.func)
        with (
            structlog.contextvars.bound_contextvars(tenant=membership.tenant_id),
            timezone.override(membership.tenant.zone),
        ):
            if access is not None and access.opens_own_scope:
                return _kept_by_nobody(self._get_response(request))
            return _kept_by_nobody(self._respond_in_scope(request, membership))

    def _respond_in_scope(self, request: HttpRequest, membership: Membership) -> HttpResponse:
        with tenant_scope(membership.tenant_id):
            response = self._get_response(request)
            if response.status_code >= REFUSED:
                transaction.set_rollback(True)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _arguments: list[Any], keywords: dict[str, Any]
    ) -> None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        access = access_of(view)
        if access is None:
            if not name.startswith(PUBLIC_NAMESPACES):
                raise ImproperlyConfigured(f"{name or request.path} does not say who may open it.")
            return
        if access.permission is not None:
            _check_tenant_page(request, access.permission, keywords)


def _check_tenant_page(request: HttpRequest, permission: Any, keywords: dict[str, Any]) -> None:
    """The view never sees the slug: what it needs is `request.tenant`."""
    keywords.pop("slug", None)
    membership = getattr(request, "membership", None)
    if membership is None:
        raise Http404
    check(membership, permission)


def _match(request: HttpRequest) -> ResolverMatch | None:
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def _to_login(request: HttpRequest) -> HttpResponse:
    """A part of a page cannot show the log-in page in its place: the whole page goes there, and back to itself."""
    htmx = request.htmx  # type: ignore[attr-defined]
    if htmx:
        return HttpResponseClientRedirect(redirect_to_login(htmx.current_url_abs_path or "/").url)
    return redirect_to_login(request.get_full_path())


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    """What belongs to a company stays out of every cache; a page and a part of it share an address."""
    response.headers.setdefault("Cache-Control", "private, no-store")
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _membership(request: HttpRequest, slug: str) -> Membership | None:
    with directory_scope():
        return (
            Membership.directory.filter(user=request.user.pk, tenant__slug=slug)
            .select_related("tenant", "user")
            .first()
        )
