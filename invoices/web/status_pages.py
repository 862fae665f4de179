"""The mass change of status: the dialog that says what changes, the click, its progress and the way back."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.page_address import redirect_to_page
from freightbridge.ui.render_page import render_page
from invoices.domain.find_triggers import find_triggers
from invoices.domain.why_status_stays import preview_change
from invoices.models import StatusChange
from invoices.models.shipment import ShipmentStatus
from invoices.models.status_change import ChangeOutcome
from invoices.web.shipment_selection import carried_fields, selected_shipments
from invoices.workflows.change_statuses import start_change, start_undo

SHOWN_LEFT = 50


@requires(Permission.EDIT_FREIGHT)
@require_POST
def status_dialog(request: TenantRequest) -> HttpResponse:
    selected = selected_shipments(request.POST, tenant=request.tenant)
    status = request.POST.get("status", "")
    groups = selected.order_by().values_list("status", "accounting_state").annotate(count=Count("id"))
    triggers = find_triggers()
    context: dict[str, Any] = {
        "statuses": ShipmentStatus.choices,
        "status": status,
        "preview": preview_change(groups, wanted=status) if status in ShipmentStatus.values else None,
        "goes_by_itself": triggers.is_automatic and status in triggers.statuses,
        "count": selected.count(),
        "carried": carried_fields(request.POST),
        "form_token": uuid4(),
    }
    return render(request, "invoices/status_dialog.html", context)


@requires(Permission.EDIT_FREIGHT)
@require_POST
def change_status(request: TenantRequest) -> HttpResponse:
    """A second click carries the same token and finds the change of the first one."""
    status = request.POST.get("status", "")
    if status not in ShipmentStatus.values:
        raise BadRequest("There is no such status.")
    selected = selected_shipments(request.POST, tenant=request.tenant)
    if not selected.exists():
        messages.error(request, "Nothing was selected, so nothing was changed.")
        return redirect_to_page(request, "shipments")
    change = start_change(
        selected,
        status=status,
        form_token=_form_token(request),
        tenant=request.tenant,
        by=request.user.email,
        now=read_clock(),
    )
    return redirect_to_page(request, "status_change", change.number)


@requires(Permission.VIEW_FREIGHT)
def status_change(request: TenantRequest, number: int) -> HttpResponse:
    change = get_object_or_404(StatusChange, number=number)
    counted = change.members.order_by().values_list("outcome").annotate(count=Count("id"))
    counts = dict(counted)
    left = change.members.filter(outcome__in=[ChangeOutcome.SKIPPED, ChangeOutcome.KEPT])
    reasons = left.order_by().values_list("reason").annotate(count=Count("id")).order_by("-count", "reason")
    total, is_back = sum(counts.values()), change.undo_at is not None
    settled = total - counts.get(ChangeOutcome.CHANGED if is_back else ChangeOutcome.WAITING, 0)
    context: dict[str, Any] = {
        "change": change,
        "total": total,
        "settled": settled,
        "way": settled / total if total else 1,
        "changed": counts.get(ChangeOutcome.CHANGED, 0),
        "undone": counts.get(ChangeOutcome.UNDONE, 0),
        "reasons": list(reasons),
        "left": left.select_related("shipment").order_by("id")[:SHOWN_LEFT],
        "can_undo": change.done_at is not None and not is_back and counts.get(ChangeOutcome.CHANGED, 0) > 0,
    }
    return render_page(request, "invoices/status_change.html", context, part="live", is_settled=not change.is_moving)


@requires(Permission.EDIT_FREIGHT)
@require_POST
def status_change_undo(request: TenantRequest, number: int) -> HttpResponse:
    change = get_object_or_404(StatusChange.objects.select_for_update(), number=number)
    start_undo(change, tenant=request.tenant, by=request.user.email, now=read_clock())
    return redirect_to_page(request, "status_change", number)


def _form_token(request: TenantRequest) -> UUID:
    try:
        return UUID(request.POST.get("form_token", ""))
    except ValueError as error:
        raise BadRequest("The form has no token.") from error
