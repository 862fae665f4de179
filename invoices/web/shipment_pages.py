"""The tabs of a shipment, one address each."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.audit.models import AuditEvent
from freightbridge.clock import read_clock
from freightbridge.ui.page_address import redirect_to_page
from freightbridge.ui.render_page import render_page
from integrations.accounting_log.entries_of import entries_of_invoices
from integrations.connection.active_connection import NotConnectedError
from integrations.models import BatchMember
from integrations.web.log_lines import log_lines
from invoices.models import Invoice
from invoices.web.document_rows import document_rows
from invoices.web.shipment_facts import shipment_facts
from invoices.web.shipment_view import find_shipment, shipment_view
from invoices.workflows.preview_charges import preview_charges
from invoices.workflows.route_shipments import context_of_shipment
from invoices.workflows.send_again import ExportedByFileError, send_again

# More than one page of history is looked up in the accounting logs.
MOST_ENTRIES = 200
# Tabs that refresh themselves as long as something is on its way; that of the payments always does.
WATCHING = ("summary", "integration", "documents")


@requires(Permission.VIEW_FREIGHT)
def shipment(request: TenantRequest, public_id: UUID) -> HttpResponse:
    view = shipment_view(request, public_id, tab="shipment", now=read_clock())
    sides = preview_charges(view.shipment, context_of_shipment(view.shipment, tenant=request.tenant))
    context = {"view": view, "facts": shipment_facts(view.shipment), "sides": sides}
    return _render(request, "summary", context)


@requires(Permission.VIEW_ACCOUNTING_LOG)
def shipment_integration(request: TenantRequest, public_id: UUID) -> HttpResponse:
    view = shipment_view(request, public_id, tab="shipment_integration", now=read_clock())
    entries = entries_of_invoices(_invoices_of(public_id).values_list("id", flat=True))[:MOST_ENTRIES]
    return _render(request, "integration", {"view": view, "lines": log_lines(entries)})


@requires(Permission.VIEW_FREIGHT)
def shipment_payments(request: TenantRequest, public_id: UUID) -> HttpResponse:
    view = shipment_view(request, public_id, tab="shipment_payments", now=read_clock())
    return _render(request, "payments", {"view": view, "documents": _documents(request, public_id)})


@requires(Permission.VIEW_FREIGHT)
def shipment_documents(request: TenantRequest, public_id: UUID) -> HttpResponse:
    view = shipment_view(request, public_id, tab="shipment_documents", now=read_clock())
    return _render(request, "documents", {"view": view, "documents": _documents(request, public_id)})


@requires(Permission.VIEW_FREIGHT)
def shipment_history(request: TenantRequest, public_id: UUID) -> HttpResponse:
    view = shipment_view(request, public_id, tab="shipment_history", now=read_clock())
    sends = BatchMember.objects.filter(shipment=view.shipment).values_list("batch__public_id", flat=True)
    invoices = _invoices_of(public_id).values_list("public_id", flat=True)
    subjects = [public_id, *invoices, *sends]
    events = AuditEvent.objects.filter(subject_id__in=subjects).order_by("-at", "-id")[:MOST_ENTRIES]
    return _render(request, "history", {"view": view, "events": events})


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def shipment_send_again(request: TenantRequest, public_id: UUID) -> HttpResponse:
    find_shipment(public_id)
    try:
        count = send_again(list(_invoices_of(public_id)), by=request.user.email, now=read_clock())
    except (NotConnectedError, ExportedByFileError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "It goes on." if count else "It still cannot go: see the reason below.")
    return redirect_to_page(request, "shipment", public_id)


def _invoices_of(public_id: UUID) -> Any:
    return Invoice.objects.filter(lines__shipment__public_id=public_id).distinct()


def _documents(request: TenantRequest, public_id: UUID) -> Any:
    return document_rows(request, _invoices_of(public_id), now=read_clock())


def _render(request: TenantRequest, tab: str, context: dict[str, Any]) -> HttpResponse:
    is_settled = tab in WATCHING and not context["view"].is_moving
    return render_page(request, f"invoices/shipment/{tab}.html", context, part="live", is_settled=is_settled)
