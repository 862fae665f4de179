"""Mappings: charge codes and the items of the same code in Xero, which are created there where a company wants it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.clock import read_clock
from freightbridge.ui.page_address import redirect_to_page
from integrations.mapping.rules import OrganisationRules
from invoices.web.mapping_page import UNCONNECTED, mapped_organisation
from invoices.work_names import CREATE_ITEMS
from invoices.workflows.create_missing_items import items_of_codes

NOT_WANTED = "The sending rules do not create items. Choose so there first."


@requires(Permission.VIEW_SETTINGS)
def mapping_items(request: TenantRequest) -> HttpResponse:
    """What a link leads to comes first, then what is missing."""
    mapped = mapped_organisation(request)
    if mapped is None:
        return render(request, UNCONNECTED)
    wanted = request.GET.get("q", "")
    rows = sorted(items_of_codes(mapped.rules), key=lambda row: (row.item.code != wanted, row.is_there, row.item.code))
    allowed = request.membership.has_permission(Permission.MANAGE_MAPPINGS)
    context: dict[str, Any] = {
        "rows": rows,
        "wanted": wanted,
        "missing": sum(not row.is_there for row in rows),
        "way": _way(mapped.rules),
        "why": ("" if mapped.rules.creates_items else NOT_WANTED) if allowed else "Needs the right to manage mappings.",
        "connection": mapped.connection,
    }
    return render(request, "integrations/mapping_items.html", context)


@requires(Permission.MANAGE_MAPPINGS)
@require_POST
def items_create(request: TenantRequest) -> HttpResponse:
    mapped = mapped_organisation(request)
    if mapped is None or not mapped.rules.creates_items:
        messages.error(request, NOT_WANTED)
    else:
        enqueue_work(CREATE_ITEMS, [mapped.connection.pk], now=read_clock())
        messages.success(request, "The missing items are being created in Xero. What stopped for them goes on then.")
    return redirect_to_page(request, "mapping_items")


def _way(rules: OrganisationRules) -> str:
    if rules.creates_items:
        return "Each line has the item of its charge code."
    if rules.matches_items:
        return "A line has the item of its charge code where Xero has one."
    return "Lines have an item only where a mapping line names one."
