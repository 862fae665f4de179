"""Opens the tenant of `/o/<slug>/…` around the whole response; a view that does not say who may enter is refused."""

from collections.abc import Callable
from typing import Any

import structlog
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect, HttpResponseStopPolling

from freightbridge.access.models import Membership
from freightbridge.access.permission_checks import Access, access_of, check
from freightbridge.access.recent_sign_in import ask_unless_proved
from freightbridge.access.support_visit import READING, SupportVisit, visit_of, visiting_member
from freightbridge.access.two_step import has_two_step
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import directory_scope, is_refused_write, only_reading, tenant_scope
from freightbridge.transactions import wait_for_others

# Pages of libraries, which cannot carry our marks: log-in, log-out, password reset, second step, passkeys.
PUBLIC_NAMESPACES = ("account_", "mfa_")
REFUSED = 400
# The bell: a form that somebody is filling in must not go away because nobody is signed in any more.
LOOKS_BY_ITSELF = "bell-count"
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
        visit, slug = visit_of(request), match.kwargs["slug"]
        is_over = visit is not None and visit.until_at <= read_clock()
        request.support_visit = None if is_over else visit  # type: ignore[attr-defined]
        if visit is not None and is_over and visit.slug == slug:
            return _elsewhere(request, reverse("visit_over"))
        if visit is None or is_over:
            return self._respond_to_member(request, match, _membership(request, slug))
        with only_reading():
            member = _visiting(request, visit) if visit.slug == slug else None
            if member is not None and request.method not in READING:
                raise PermissionDenied(visit.refusal)
            return self._respond_to_member(request, match, member)

    def _respond_to_member(
        self, request: HttpRequest, match: ResolverMatch, membership: Membership | None
    ) -> HttpResponse:
        if membership is None:
            # No scope is open, so the view that would answer cannot run either: process_view raises first.
            return self._get_response(request)
        if membership.tenant.needs_two_step and not has_two_step(membership.user_id):
            return _elsewhere(request, reverse("two_step_needed"))
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
            if request.method not in READING:
                # A form that a person sends twice at once: the second sees what the first has saved.
                wait_for_others(request.path, of=membership.user_id)
            response = self._get_response(request)
            if response.status_code >= REFUSED:
                transaction.set_rollback(True)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _arguments: list[Any], keywords: dict[str, Any]
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        access = access_of(view)
        if access is None:
            if not name.startswith(PUBLIC_NAMESPACES):
                raise ImproperlyConfigured(f"{name or request.path} does not say who may open it.")
            return None
        return _check_tenant_page(request, access, keywords) if access.permission is not None else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A page that is only looked at and would write all the same: said plainly, not as a mistake of ours."""
        visit = visit_of(request)
        if visit is not None and is_refused_write(exception):
            raise PermissionDenied(visit.refusal) from exception


def _check_tenant_page(request: HttpRequest, access: Access, keywords: dict[str, Any]) -> HttpResponse | None:
    """The view never sees the slug: what it needs is `request.tenant`. An answer here comes in its place."""
    keywords.pop("slug", None)
    membership = getattr(request, "membership", None)
    if membership is None:
        raise Http404
    check(membership, access.permission)  # type: ignore[arg-type]
    return ask_unless_proved(request) if access.asks_again else None


def _match(request: HttpRequest) -> ResolverMatch | None:
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def _to_login(request: HttpRequest) -> HttpResponse:
    """A part of a page cannot show the log-in page in its place: the whole page goes there, and back to itself."""
    htmx = request.htmx  # type: ignore[attr-defined]
    if htmx and htmx.target == LOOKS_BY_ITSELF:
        return HttpResponseStopPolling()
    page = (htmx.current_url_abs_path or "/") if htmx else request.get_full_path()
    return _elsewhere(request, redirect_to_login(page).url)


def _elsewhere(request: HttpRequest, address: str) -> HttpResponse:
    """The whole page, where a part of it was asked for."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return HttpResponseClientRedirect(address) if htmx else HttpResponseRedirect(address)


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    """What belongs to a company stays out of every cache; a page and a part of it share an address."""
    response.headers.setdefault("Cache-Control", "private, no-store")
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _visiting(request: HttpRequest, visit: SupportVisit) -> Membership | None:
    """None: the company is gone, or has another name in addresses now."""
    tenant = Tenant.objects.filter(pk=visit.tenant_id, slug=visit.slug).first()
    return visiting_member(tenant, request.user) if tenant is not None else None  # type: ignore[arg-type]


def _membership(request: HttpRequest, slug: str) -> Membership | None:
    with directory_scope():
        rows = Membership.directory.filter(user=request.user.pk, tenant__slug=slug).select_related("tenant")
        found = rows.first()
    if found is not None:
        # Of whom the sign-in has read everything.
        found.user = request.user  # type: ignore[assignment]
    return found
