"""The shipment list: the page on which operators spend their day."""

from typing import Any

from django.http import HttpResponse

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.capped_counts import capped_counts, count_text
from freightbridge.ui.keyset import Order, keyset_page
from freightbridge.ui.render_page import render_page
from freightbridge.ui.tabs import Tab, query_without
from integrations.web.connection_strip import connection_of
from invoices.web.shipment_filters import shipment_filters
from invoices.web.shipment_rows import shipment_rows
from invoices.web.shipment_tabs import TABS, StateTab, chosen_tab

NEWEST = Order(("list_date", "id"))


@requires(Permission.VIEW_FREIGHT)
def shipments(request: TenantRequest) -> HttpResponse:
    filters = shipment_filters(request.GET, tenant=request.tenant)
    tab, filtered = chosen_tab(request.GET.get("state", "")), filters.qs
    counts = capped_counts({one.name: one.of(filtered) for one in TABS})
    page = keyset_page(
        tab.of(filtered).select_related("bill_to"),
        order=NEWEST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    connection = connection_of(request)
    context: dict[str, Any] = {
        "filter": filters,
        "tabs": _tabs(request, tab, counts),
        "state": tab.name,
        "page": page,
        "rows": shipment_rows(
            page.rows,
            tenant=request.tenant,
            short_code=connection.short_code if connection else "",
            now=read_clock(),
        ),
        "query": query_without(request.GET, "after", "before"),
        "here": request.GET.urlencode(),
        "is_moving": counts["in-progress"] > 0,
        "is_filtered": bool(query_without(request.GET, "after", "before", "state")),
        "total": count_text(counts[tab.name]),
    }
    return render_page(request, "invoices/shipments.html", context)


def _tabs(request: TenantRequest, current: StateTab, counts: dict[str, int]) -> list[Tab]:
    others = query_without(request.GET, "after", "before", "state")
    return [
        Tab(
            label=tab.label,
            address=f"?{others}{f'state={tab.name}' if tab.name else ''}",
            is_current=tab == current,
            count=count_text(counts[tab.name]),
        )
        for tab in TABS
    ]
