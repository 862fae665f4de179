"""The shipment list: the page on which operators spend their day."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.capped_counts import capped_counts, count_text, counts_among, found_text, tab_counts
from freightbridge.ui.keyset import PAGE_SIZE, Order, keyset_page
from freightbridge.ui.render_page import render_page
from freightbridge.ui.tabs import Tab, query_without
from integrations.web.connection_strip import short_codes_of
from invoices.domain.shipment_search import unknown_numbers
from invoices.models import SavedView, Shipment
from invoices.web.list_columns import COLUMNS, shown_columns
from invoices.web.list_mark import list_mark
from invoices.web.shipment_filters import shipment_filters
from invoices.web.shipment_rows import rows_to_show, shipment_rows
from invoices.web.shipment_tabs import TABS, StateTab, chosen_tab
from invoices.web.view_query import left_out, view_query
from invoices.workflows.keep_views import choice_of, visible_views
from invoices.workflows.look_at_list import look_at_list

NEWEST = Order(("list_date", "id"))
# No tab: what came since this member looked before.
NEW = "new"


@requires(Permission.VIEW_FREIGHT)
def shipments(request: TenantRequest) -> HttpResponse:
    choice = choice_of(request.membership)
    if choice.opens_with and not request.META["QUERY_STRING"]:
        return HttpResponseRedirect(f"?{choice.opens_with.query}")
    now = read_clock()
    mark = list_mark(now)
    filters = shipment_filters(request.GET, tenant=request.tenant)
    tab, filtered = chosen_tab(request.GET.get("state", "")), filters.qs
    new_since = look_at_list(request.membership, now=now)
    new = {NEW: Shipment.objects.filter(created_at__gt=new_since)}
    is_search = bool(request.GET.get("q", "").strip())
    counts, words = _counts(filtered, new, is_search=is_search), found_text if is_search else count_text
    chosen = tab.of(filtered, kept=_kept(request))
    page = keyset_page(
        rows_to_show(Shipment.objects.all() if is_search else chosen),
        among=chosen if is_search else None,
        order=NEWEST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    query, shows = view_query(request.GET, filters), shown_columns(choice.columns)
    context: dict[str, Any] = {
        "filter": filters,
        "left_out": left_out(request.GET, filters),
        "views": _view_tabs(request, query),
        "can_save": bool(query),
        "columns": [(column, shows[column.name]) for column in COLUMNS],
        "shows": shows,
        "tabs": _tabs(request, tab, counts, words=words),
        "state": tab.name,
        "page": page,
        "rows": shipment_rows(
            page.rows,
            tenant=request.tenant,
            short_codes=short_codes_of(request),
            now=now,
        ),
        "query": query_without(request.GET, "after", "before", "kept"),
        "again": f"{query_without(request.GET, 'kept')}{_keeping(tab, page.rows)}",
        "moved": _moved(tab, page.rows),
        "is_moving": counts["in-progress"] > 0,
        "mark": mark,
        "unknown": unknown_numbers(request.GET.get("q", "")),
        "is_filtered": bool(query_without(request.GET, "after", "before", "kept", "state")),
        "total": words(counts[tab.name]),
        "new_count": count_text(counts[NEW]) if counts[NEW] else "",
        "new_query": urlencode({"new_since": new_since.isoformat()}),
        "shows_new": bool(request.GET.get("new_since")),
    }
    return render_page(request, "invoices/shipments.html", context)


def _counts(filtered: QuerySet[Shipment], new: dict[str, QuerySet[Shipment]], *, is_search: bool) -> dict[str, int]:
    if is_search:
        return counts_among(filtered, {one.name: one.condition for one in TABS}) | capped_counts(new)
    return tab_counts(filtered, "accounting_state", {one.name: one.states for one in TABS}, new)


def _kept(request: TenantRequest) -> list[UUID]:
    """What a list that refreshes itself showed before. What cannot be read was never shown."""
    found = []
    for text in request.GET.get("kept", "").split(",")[:PAGE_SIZE]:
        with suppress(ValueError):
            found.append(UUID(text))
    return found


def _keeping(tab: StateTab, rows: Sequence[Shipment]) -> str:
    """A row that leaves the tab's states keeps its place until somebody goes elsewhere."""
    return f"kept={','.join(str(row.public_id) for row in rows)}" if tab.states and rows else ""


def _moved(tab: StateTab, rows: Sequence[Shipment]) -> set[str]:
    return {str(row.public_id) for row in rows if tab.states and row.accounting_state not in tab.states}


def _view_tabs(request: TenantRequest, query: str) -> list[Tab]:
    views: list[SavedView] = list(visible_views(request.membership))
    # An empty query would be answered with the view that the list opens with.
    everything = Tab(label="All shipments", address="?state=", is_current=not query)
    return [
        everything,
        *(Tab(label=view.name, address=f"?{view.query}", is_current=view.query == query) for view in views),
    ]


def _tabs(
    request: TenantRequest, current: StateTab, counts: dict[str, int], *, words: Callable[[int], str]
) -> list[Tab]:
    others = query_without(request.GET, "after", "before", "kept", "state")
    return [
        Tab(
            label=tab.label,
            address=f"?{others}state={tab.name}",
            is_current=tab == current,
            count=words(counts[tab.name]),
        )
        for tab in TABS
    ]
