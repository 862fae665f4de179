"""Needs attention: a row for each cause, however many shipments it holds up, and the cause with what mends it."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from freightbridge.access.models import Membership
from freightbridge.access.permission_checks import TenantRequest, reason_against, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.keyset import Order, keyset_page
from freightbridge.ui.page_address import redirect_to_page
from freightbridge.ui.render_page import render_page
from freightbridge.ui.tabs import Tab, query_without
from integrations.problem_catalogue.describe import to_json
from integrations.web.connection_strip import connection_of, short_codes_of
from integrations.web.problem_view import ProblemView, problem_views
from invoices.models import CauseCare, Shipment
from invoices.web.cause_picker import Picker, picker_of
from invoices.web.cause_rows import CauseRow, cause_rows
from invoices.web.shipment_rows import rows_to_show, shipment_rows
from invoices.workflows.care_for_cause import cares_of, snoozed_causes
from invoices.workflows.find_causes import Cause, count_causes, find_cause, find_causes, shipments_of

SHOWN_CAUSES, TOP_CAUSES = 100, 5
NEWEST = Order(("list_date", "id"))
TABS = {"": "Open", "mine": "Mine", "snoozed": "Put off"}


@requires(Permission.VIEW_FREIGHT)
def attention(request: TenantRequest) -> HttpResponse:
    causes = find_causes()
    rows = cause_rows(causes, cares_of(cause.key.public_id for cause in causes), today=_today(request))
    lists = _lists(rows, request.membership)
    shown = request.GET.get("show", "")
    listed = lists.get(shown, lists[""])
    context: dict[str, Any] = {
        "rows": listed[:SHOWN_CAUSES],
        "count": len(listed),
        "show": shown,
        "tabs": [
            Tab(
                label=label,
                address=f"?show={name}" if name else "?",
                is_current=name == shown,
                count=f"{len(lists[name]):,}",
            )
            for name, label in TABS.items()
        ],
        "put_off": len(lists["snoozed"]),
    }
    return render_page(request, "invoices/attention.html", context)


@requires(Permission.VIEW_FREIGHT)
def attention_count(request: TenantRequest) -> HttpResponse:
    """For the menu, which asks for it after the page is there: no page waits for it."""
    count = count_causes(without=snoozed_causes(today=_today(request)))
    return render(request, "invoices/attention_count.html", {"count": count})


@requires(Permission.VIEW_FREIGHT)
def attention_top(request: TenantRequest) -> HttpResponse:
    """What holds up the most, for the overview, which does not wait for it either."""
    causes = find_causes()
    rows = _lists(
        cause_rows(causes, cares_of(cause.key.public_id for cause in causes), today=_today(request)),
        request.membership,
    )[""]
    more = max(0, len(rows) - TOP_CAUSES)
    return render(request, "invoices/attention_top.html", {"rows": rows[:TOP_CAUSES], "more": more, "is_there": True})


@requires(Permission.VIEW_FREIGHT)
def attention_cause(request: TenantRequest, public_id: UUID) -> HttpResponse:
    cause = find_cause(public_id)
    if cause is None:
        return nothing_waits(request, public_id)
    connection = connection_of(request)
    (row,) = cause_rows([cause], cares_of([public_id]), today=_today(request))
    page = keyset_page(
        rows_to_show(shipments_of(cause.key)),
        order=NEWEST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    picker = picker_of(cause, connection)
    context: dict[str, Any] = {
        "row": row,
        "problem": _problem(request, cause, only=page.rows[0] if row.count == 1 and page.rows else None),
        "picker": picker,
        "members": Membership.objects.filter(user__is_active=True).select_related("user").order_by("user__email"),
        "page": page,
        "shipments": shipment_rows(
            page.rows,
            tenant=request.tenant,
            short_codes=short_codes_of(request),
            now=read_clock(),
        ),
        "query": query_without(request.GET, "after", "before"),
        "send_label": f"Save and send {'this one' if row.count == 1 else f'these {row.count:,}'}",
        "save_label": f"Save{f', resend the {row.stopped:,} stopped' if row.stopped else ' only'}",
        "again_label": f"Check and send {'this one' if row.count == 1 else f'these {row.count:,}'}",
        "why_not_save": _why_not_save(request, picker),
        "form_token": uuid4(),
    }
    return render_page(request, "invoices/attention_cause.html", context)


def _problem(request: TenantRequest, cause: Cause, *, only: Shipment | None) -> ProblemView:
    """`only`: the one shipment that it holds up; of several, each leads to its own page from the list."""
    shipment_id = only.public_id if only else None
    (view,) = problem_views([to_json(cause.problem)], tenant=request.tenant, shipment_id=shipment_id)
    return view


def nothing_waits(request: TenantRequest, public_id: UUID) -> HttpResponse:
    """Of one that somebody saw to, the list says that it is over. Raises Http404 for any other."""
    care = get_object_or_404(CauseCare, cause=public_id)
    messages.success(request, f"Nothing waits for this any more: {care.title}")
    return redirect_to_page(request, "attention")


def _why_not_save(request: TenantRequest, picker: Picker | None) -> str:
    needed = [Permission.SEND_TO_ACCOUNTING, *([picker.needs] if picker else [])]
    return next(filter(None, (reason_against(request.membership, one) for one in needed)), "")


def _lists(rows: list[CauseRow], membership: Membership) -> dict[str, list[CauseRow]]:
    is_open = [row for row in rows if not row.snoozed_until]
    return {
        "": is_open,
        "mine": [row for row in is_open if row.assigned_to_id == membership.pk],
        "snoozed": [row for row in rows if row.snoozed_until],
    }


def _today(request: TenantRequest) -> date:
    return read_clock().astimezone(request.tenant.zone).date()
