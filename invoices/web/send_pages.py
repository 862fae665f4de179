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
from integrations.job_states import DocumentState
from integrations.models.connection_settings import SentSides
from integrations.outbox.fill_batch import Confirmed
from integrations.web.connection_strip import connection_of
from integrations.web.problem_view import problem_sentence
from invoices.domain.rate_drift import rate_drifts
from invoices.domain.shipment_queries import can_go, unbilled_totals
from invoices.models import Shipment
from invoices.models.shipment import Readiness
from invoices.web.given_up_words import marked_words
from invoices.web.send_choices import count_quotes, side_choices
from invoices.web.shipment_selection import carried_fields, matching_shipments, selected_shipments
from invoices.workflows.explain_credits import explain_credits
from invoices.workflows.keep_views import choice_of, remember_sides
from invoices.workflows.mark_do_not_send import mark_do_not_send
from invoices.workflows.route_shipments import demo_companies, demo_companies_for, destinations_of
from invoices.workflows.send_to_accounting import send_to_accounting
from invoices.workflows.sending_context import sending_context

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
    rules = sending_context(request.tenant)
    choices = side_choices(selected, rule=rules.sides, last=choice_of(request.membership).sent_sides)
    chosen = next(choice for choice in choices if choice.is_chosen)
    filed = selected.filter(accounting_state=DocumentState.BY_FILE, do_not_send_reason="")
    skipped = selected.exclude(pk__in=chosen.going.values("pk")).order_by("-list_date", "-id")
    destinations = destinations_of(chosen.going)
    context: dict[str, Any] = {
        "connection": destinations[0].connection if destinations else connection_of(request),
        "destinations": destinations,
        "demos": demo_companies(destinations),
        "choices": choices,
        "chosen": chosen,
        "quotes": count_quotes(chosen.going, rule=rules.document),
        "filed_count": filed.count(),
        "can_go": any(choice.count for choice in choices) or filed.exists(),
        "skipped_count": selected.count() - chosen.count,
        "skipped": [(shipment.number, _why_not(shipment)) for shipment in skipped[:SHOWN_SKIPPED]],
        "drifts": rate_drifts(chosen.going),
        "credits": explain_credits(chosen.going, sides=chosen.sides, tenant=request.tenant),
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
    demos = demo_companies_for(selected)
    if demos and "allows_demo" not in request.POST:
        names = " and ".join(demos)
        messages.error(request, f"Nothing was sent: {names} is a demo company. Tick the box if you mean it.")
        return redirect_to_page(request, "shipments")
    sides = _sides(request)
    try:
        batch = send_to_accounting(
            selected,
            sides=sides,
            confirmed=Confirmed(allows_demo=bool(demos), sends_filed=bool(request.POST.get("sends_filed"))),
            form_token=_form_token(request),
            by=request.user.email,
            now=read_clock(),
        )
    except NotConnectedError as error:
        messages.error(request, str(error))
        return redirect_to_page(request, "shipments")
    if sides:
        remember_sides(request.membership, sides)
    return redirect_to_page(request, "send_batch", batch.number)


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def do_not_send(request: TenantRequest) -> HttpResponse:
    """With a reason it marks, without one it takes the mark off."""
    selected = selected_shipments(request.POST, tenant=request.tenant)
    reason = request.POST.get("reason", "").strip()[:200]
    marked = mark_do_not_send(selected, reason=reason, by=request.user.email, now=read_clock())
    messages.success(request, marked_words(marked, is_marked=bool(reason)))
    if request.POST.get("back"):
        return redirect_to_page(request, "shipment", selected.get().public_id)
    return redirect_to_page(request, "shipments")


def _form_token(request: TenantRequest) -> UUID:
    try:
        return UUID(request.POST.get("form_token", ""))
    except ValueError as error:
        raise BadRequest("The form has no token.") from error


def _sides(request: TenantRequest) -> str:
    """Empty: as the sending rules have it."""
    sides = request.POST.get("sides", "")
    if sides not in {"", *SentSides}:
        raise BadRequest("There are no such sides.")
    return sides


def _why_not(shipment: Shipment) -> str:
    if shipment.do_not_send_reason:
        return f"Marked as do not send: {shipment.do_not_send_reason}"
    if shipment.accounting_state == DocumentState.BY_FILE:
        return "Exported by file: it goes only if that is ticked below."
    if shipment.readiness == Readiness.NOTHING:
        return "Nothing to invoice: every charge is billed already, or there is none."
    return problem_sentence(shipment.readiness_problems)
