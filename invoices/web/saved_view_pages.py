"""Saved views of the shipment list: kept, renamed, shared, deleted, and opened by an address that stays."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from freightbridge.access.permission_checks import TenantRequest, check, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.page_address import page_address, redirect_to_page
from invoices.models import SavedView
from invoices.web.shipment_filters import shipment_filters
from invoices.web.view_query import view_query
from invoices.workflows.keep_views import (
    ViewRefusedError,
    choice_of,
    delete_view,
    open_with,
    rename_view,
    save_view,
    share_view,
    visible_views,
)

OPENS = "Your shipment list opens with “{}” from now on."


@requires(Permission.VIEW_FREIGHT)
def saved_views(request: TenantRequest) -> HttpResponse:
    return _page(request)


@requires(Permission.VIEW_FREIGHT)
def saved_view(request: TenantRequest, public_id: UUID) -> HttpResponse:
    """Its address can be passed on, and stays when what it filters is changed."""
    view = _visible(request, public_id)
    return HttpResponseRedirect(f"{page_address(request.tenant, 'shipments')}?{view.query}")


@requires(Permission.VIEW_FREIGHT)
@require_POST
def view_save(request: TenantRequest) -> HttpResponse:
    """The list's filters stand in the address, as they do on the list; the answer is the form, or the list anew."""
    shares, name = bool(request.POST.get("shares")), request.POST.get("name", "").strip()
    if shares:
        check(request.membership, Permission.SHARE_VIEWS)
    query = view_query(request.GET, shipment_filters(request.GET, tenant=request.tenant))
    owner = None if shares else request.membership
    try:
        view = save_view(name=name, query=query, owner=owner, by=request.user.email, now=read_clock())
    except ViewRefusedError as error:
        return render(request, "invoices/view_form.html", {"error": str(error), "name": name, "shares": shares})
    if request.POST.get("opens"):
        open_with(request.membership, view)
    messages.success(request, f"Saved as “{view.name}”.")
    return HttpResponseClientRefresh()


@requires(Permission.VIEW_FREIGHT)
@require_POST
def view_rename(request: TenantRequest, public_id: UUID) -> HttpResponse:
    view, name = _changeable(request, public_id), request.POST.get("name", "").strip()
    return _change(
        request,
        view,
        lambda: rename_view(view, name, by=request.user.email, now=read_clock()),
        done=f"It is called “{name}” now.",
        name=name,
    )


@requires(Permission.SHARE_VIEWS)
@require_POST
def view_share(request: TenantRequest, public_id: UUID) -> HttpResponse:
    view = _changeable(request, public_id)
    return _change(
        request,
        view,
        lambda: share_view(view, by=request.user.email, now=read_clock()),
        done=f"Everybody sees “{view.name}” now.",
    )


@requires(Permission.VIEW_FREIGHT)
@require_POST
def view_delete(request: TenantRequest, public_id: UUID) -> HttpResponse:
    view = _changeable(request, public_id)
    delete_view(view, by=request.user.email, now=read_clock())
    messages.success(request, f"“{view.name}” is deleted.")
    return redirect_to_page(request, "saved_views")


@requires(Permission.VIEW_FREIGHT)
@require_POST
def view_opens(request: TenantRequest, public_id: UUID) -> HttpResponse:
    view = _visible(request, public_id)
    open_with(request.membership, view)
    messages.success(request, OPENS.format(view.name))
    return redirect_to_page(request, "saved_views")


@requires(Permission.VIEW_FREIGHT)
@require_POST
def view_opens_all(request: TenantRequest) -> HttpResponse:
    open_with(request.membership, None)
    messages.success(request, OPENS.format("All shipments"))
    return redirect_to_page(request, "saved_views")


def _change(
    request: TenantRequest, view: SavedView, act: Callable[[], None], *, done: str, name: str | None = None
) -> HttpResponse:
    """`name`: what was typed; it stays in the field where it is refused."""
    before = view.name
    try:
        act()
    except ViewRefusedError as error:
        refused = {"id": view.public_id, "text": str(error), "name": before if name is None else name}
        return _page(request, refused=refused)
    messages.success(request, done)
    return redirect_to_page(request, "saved_views")


def _page(request: TenantRequest, **context: Any) -> HttpResponse:
    views = list(visible_views(request.membership))
    context |= {
        "groups": [
            ("Yours", "You have saved none.", [view for view in views if view.owner]),
            ("Everybody's", "Nobody has shared one.", [view for view in views if not view.owner]),
        ],
        "opens_with": choice_of(request.membership).opens_with,
        "has_views": bool(views),
    }
    return render(request, "invoices/saved_views.html", context)


def _visible(request: TenantRequest, public_id: UUID) -> SavedView:
    return get_object_or_404(visible_views(request.membership), public_id=public_id)


def _changeable(request: TenantRequest, public_id: UUID) -> SavedView:
    view = _visible(request, public_id)
    if view.owner is None:
        check(request.membership, Permission.SHARE_VIEWS)
    return view
