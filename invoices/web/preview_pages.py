"""Preview: what will stand in Xero, before anything is sent. Nothing is written here."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from integrations.job_states import DocumentState
from integrations.models import XeroDocument
from integrations.web.connection_strip import connection_of
from invoices.domain.billable_shipments import NoBillingEntityError
from invoices.models import Shipment
from invoices.web.preview_rows import preview_rows, problem_sentences
from invoices.web.shipment_selection import carried_fields, selected_shipments
from invoices.web.shipment_view import find_shipment
from invoices.workflows.compare_with_sent import SentComparison, compare_with_sent
from invoices.workflows.preview_documents import OK, STOP, WARN, Preview, preview_documents, preview_stopped
from invoices.workflows.sending_context import SendingContext, sending_context

# What one page can show; the send itself knows no limit.
MOST = 500
# What the list shows it in.
DRAWER = "preview-drawer-content"


@dataclass(frozen=True, slots=True)
class ChangedSinceSent:
    """A document in Xero beside what it would be now."""

    document: XeroDocument
    comparison: SentComparison

    @property
    def differs_there(self) -> bool:
        total = self.document.total_in_xero
        return total is not None and total != self.document.total


@requires(Permission.VIEW_FREIGHT)
def shipment_preview(request: TenantRequest, public_id: UUID) -> HttpResponse:
    shipment = find_shipment(public_id)
    sending = sending_context(request.tenant)
    preview = _preview([shipment.pk], sending)
    coming = preview_rows(preview.documents, rules=sending.rules, tenant=request.tenant)
    stopped = preview_stopped(shipment, sending)
    context: dict[str, Any] = {
        "shipment": shipment,
        "rows": [*coming, *preview_rows(stopped, rules=sending.rules, tenant=request.tenant)],
        "left_out": _left_out(preview),
        "changed": _changed_since_sent(shipment),
        "connection": connection_of(request),
    }
    is_beside_list = request.htmx.target == DRAWER  # type: ignore[attr-defined]
    return render(request, f"invoices/{'preview_drawer' if is_beside_list else 'shipment_preview'}.html", context)


@requires(Permission.VIEW_FREIGHT)
@require_POST
def shipments_preview(request: TenantRequest) -> HttpResponse:
    """Of the picked ones, in the order of the list."""
    selected = selected_shipments(request.POST, tenant=request.tenant)
    ids = list(selected.order_by("-list_date", "-id").values_list("id", flat=True)[:MOST])
    sending = sending_context(request.tenant)
    preview = _preview(ids, sending)
    context: dict[str, Any] = {
        "rows": preview_rows(preview.documents, rules=sending.rules, tenant=request.tenant),
        "left_out": _left_out(preview),
        "totals": preview.totals,
        "counts": {verdict: preview.count(verdict) for verdict in (OK, WARN, STOP)},
        "shown": len(ids),
        "selected": selected.count(),
        "carried": carried_fields(request.POST),
        "connection": connection_of(request),
    }
    return render(request, "invoices/shipments_preview.html", context)


def _preview(ids: list[int], sending: SendingContext) -> Preview:
    try:
        return preview_documents(ids, sending, today=sending.today(read_clock()))
    except NoBillingEntityError:
        return Preview(documents=(), left_out=())


def _left_out(preview: Preview) -> list[dict[str, Any]]:
    return [
        {"shipment": one.shipment, "sentences": problem_sentences(one.problems) or (one.reason,)}
        for one in preview.left_out
    ]


def _changed_since_sent(shipment: Shipment) -> list[ChangedSinceSent]:
    """Each document of it in Xero that would be another one now."""
    there = XeroDocument.objects.filter(invoice__lines__shipment=shipment, state=DocumentState.IN_XERO).distinct()
    found = there.select_related("invoice__customer", "invoice__billing_entity").order_by("id")
    compared = [ChangedSinceSent(one, compare_with_sent(one.invoice, one)) for one in found if one.invoice]
    return [one for one in compared if one.comparison.has_changes or one.differs_there]
