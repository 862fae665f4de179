"""Send to Accounting: the dialog that says what will happen, and the click that makes it happen."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.page_address import redirect_to_page
from integrations.connection.active_connection import NotConnectedError
from integrations.web.connection_strip import connection_of
from integrations.web.problem_view import problem_sentence
from invoices.domain.shipment_queries import can_go, unbilled_totals
from invoices.models import Shipment
from invoices.models.shipment import Readiness
from invoices.web.shipment_selection import carried_fields, matching_shipments, selected_shipments
from invoices.workflows.mark_do_not_send import mark_do_not_send
from invoices.workflows.send_to_accounting import send_to_accounting

SHOWN_SKIPPED = 20


@requires(Permission.VIEW_FREIGHT)
def shipment_selection(request: TenantRequest) -> HttpResponse:
    """All that match the list's filters, as the line of the bulk bar."""
    selected = matching_shipments(request.GET, tenant=request.tenant)
    going = can_go(selected)
    count, going_count = selected.count(), going.count()
    context = {"count": count, "totals": unbilled_totals(going), "stuck": count - going_count}
    return render(request, "invoices/selection_summary.html", context)


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def send_dialog(request: TenantRequest) -> HttpResponse:
    selected = selected_shipments(request.POST, tenant=request.tenant)
    going = can_go(selected)
    going_count = going.count()
    skipped = selected.exclude(pk__in=going.values("pk")).order_by("-list_date", "-id")
    context: dict[str, Any] = {
        "connection": connection_of(request),
        "count": going_count,
        "totals": unbilled_totals(going),
        "skipped_count": selected.count() - going_count,
        "skipped": [(shipment.number, _why_not(shipment)) for shipment in skipped[:SHOWN_SKIPPED]],
        "carried": carried_fields(request.POST),
        "form_token": uuid4(),
    }
    return render(request, "invoices/send_dialog.html", context)


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def send(request: TenantRequest) -> HttpResponse:
    """A second click carries the same token and finds the batch of the first one."""
    selected = selected_shipments(request.POST, tenant=request.tenant)
    if not selected.exists():
        messages.error(request, "Nothing was selected, so nothing was sent.")
        return redirect_to_page(request, "shipments")
    try:
        batch = send_to_accounting(selected, form_token=_form_token(request), by=request.user.email, now=read_clock())
    except NotConnectedError as error:
        messages.error(request, str(error))
        return redirect_to_page(request, "shipments")
    return redirect_to_page(request, "send_batch", batch.number)


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def do_not_send(request: TenantRequest) -> HttpResponse:
    """With a reason it marks, without one it takes the mark off."""
    selected = selected_shipments(request.POST, tenant=request.tenant)
    reason = request.POST.get("reason", "").strip()[:200]
    count = mark_do_not_send(selected, reason=reason, by=request.user.email, now=read_clock())
    done = "marked as do not send" if reason else "can be sent again"
    messages.success(request, f"{count} shipment{'' if count == 1 else 's'} {done}.")
    if request.POST.get("back"):
        return redirect_to_page(request, "shipment", selected.get().public_id)
    return redirect_to_page(request, "shipments")


def _form_token(request: TenantRequest) -> UUID:
    try:
        return UUID(request.POST.get("form_token", ""))
    except ValueError as error:
        raise BadRequest("The form has no token.") from error


def _why_not(shipment: Shipment) -> str:
    if shipment.do_not_send_reason:
        return f"Marked as do not send: {shipment.do_not_send_reason}"
    if shipment.readiness == Readiness.NOTHING:
        return "Nothing to invoice: every charge is billed already, or there is none."
    return problem_sentence(shipment.readiness_problems)
