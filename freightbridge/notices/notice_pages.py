"""Under the bell: what a person was told lately, and all of it on a page of its own."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.notices.bell import unread_text
from freightbridge.notices.models import Notice
from freightbridge.ui.keyset import Order, keyset_page
from freightbridge.ui.page_address import page_address, redirect_to_page
from freightbridge.ui.render_page import render_page

NEWEST = Order(("id",))
SHOWN_UNDER_BELL = 8
NOTHING_NEW = 204


@requires(Permission.VIEW_FREIGHT)
def notices(request: TenantRequest) -> HttpResponse:
    page = keyset_page(
        Notice.objects.filter(membership=request.membership),
        order=NEWEST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return render_page(request, "notices/notices.html", {"page": page, "query": ""})


@requires(Permission.VIEW_FREIGHT)
def bell_count(request: TenantRequest) -> HttpResponse:
    """Asked for every half minute by pages that lie open. `seen`: what the bell says already."""
    if request.GET.get("seen") == unread_text(request.membership):
        return HttpResponse(status=NOTHING_NEW)
    return render(request, "notices/bell_count.html")


@requires(Permission.VIEW_FREIGHT)
def recent_notices(request: TenantRequest) -> HttpResponse:
    return _under_bell(request)


@requires(Permission.VIEW_FREIGHT)
@require_POST
def read_notices(request: TenantRequest) -> HttpResponse:
    """All of them, from wherever it is clicked."""
    Notice.objects.filter(membership=request.membership, read_at=None).update(read_at=read_clock())
    if request.htmx:  # type: ignore[attr-defined]
        return _under_bell(request, is_news=True)
    return redirect_to_page(request, "notices")


@requires(Permission.VIEW_FREIGHT)
@require_POST
def open_notice(request: TenantRequest, public_id: UUID) -> HttpResponse:
    """It is read, and its page opens."""
    notice = get_object_or_404(Notice, public_id=public_id, membership=request.membership)
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=read_clock())
    return HttpResponseRedirect(notice.address or page_address(request.tenant, "notices"))


def _under_bell(request: TenantRequest, *, is_news: bool = False) -> HttpResponse:
    """`is_news`: the count changes with it."""
    recent = Notice.objects.filter(membership=request.membership).order_by("-id")[:SHOWN_UNDER_BELL]
    context: dict[str, Any] = {"recent": recent, "is_news": is_news}
    return render(request, "notices/under_bell.html", context)
