"""An invoice: its lines, its PDF, and what may be done with it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.clock import read_clock
from freightbridge.ui.page_address import redirect_to_page
from freightbridge.ui.render_page import render_page
from integrations.connection.active_connection import NotConnectedError
from integrations.models import SyncJob
from integrations.outbox.requeue_job import STOPPED
from integrations.web.problem_view import problem_views, support_text
from integrations.web.state_words import IN_PROGRESS
from invoices.domain.drafting import AlreadyBilledError
from invoices.domain.lifecycle import LifecycleError
from invoices.domain.numbering import NoNumberSeriesError
from invoices.models import Invoice
from invoices.models.invoice import InvoiceStatus
from invoices.web.document_rows import document_row
from invoices.web.shipment_view import find_shipment
from invoices.work_names import RENDER_PDF
from invoices.workflows.approve_draft import approve_draft
from invoices.workflows.draft_shipment import NotADraftError, NothingToDraftError, delete_draft, draft_shipment
from invoices.workflows.send_again import send_again

PDF = "application/pdf"


@requires(Permission.VIEW_FREIGHT)
def invoice(request: TenantRequest, public_id: UUID) -> HttpResponse:
    found = _find(public_id)
    row = document_row(request, found, now=read_clock())
    lines = list(found.lines.select_related("shipment", "charge_code", "tax_code").order_by("position"))
    shipment_id = next((line.shipment.public_id for line in lines if line.shipment), None)
    stopped = SyncJob.objects.filter(invoice=found, state__in=STOPPED).order_by("-id").first()
    problems = problem_views(stopped.problems if stopped else [], tenant=request.tenant, shipment_id=shipment_id)
    context: dict[str, Any] = {
        "row": row,
        "invoice": found,
        "lines": lines,
        "problems": problems,
        "support": support_text(problems, number=found.number, code=stopped.correlation_id) if stopped else None,
        "is_draft": found.status == InvoiceStatus.DRAFT,
        "is_moving": row.document is not None and row.document.state in IN_PROGRESS,
        "is_foreign": found.currency != found.billing_entity.base_currency,
    }
    return render_page(request, "invoices/invoice.html", context, part="live", is_settled=not context["is_moving"])


@requires(Permission.VIEW_FREIGHT)
@xframe_options_sameorigin
def invoice_pdf(request: TenantRequest, public_id: UUID) -> HttpResponse:
    """The stored PDF; where there is none yet it is asked for, and the page looks again by itself."""
    found = _find(public_id)
    if found.pdf is None:
        enqueue_work(RENDER_PDF, [found.pk], now=read_clock())
        return render(request, "invoices/pdf_being_made.html", {"invoice": found})
    response = HttpResponse(bytes(found.pdf.content), content_type=PDF)
    response["Content-Disposition"] = f'inline; filename="{found.number or "draft"}.pdf"'
    return response


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def invoice_approve(request: TenantRequest, public_id: UUID) -> HttpResponse:
    found = _find(public_id)
    try:
        approve_draft(found, tenant=request.tenant, by=request.user.email, now=read_clock())
    except (LifecycleError, NoNumberSeriesError, NotConnectedError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{found.number} is approved and queued.")
    return redirect_to_page(request, "invoice", public_id)


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def invoice_send_again(request: TenantRequest, public_id: UUID) -> HttpResponse:
    try:
        count = send_again([_find(public_id)], by=request.user.email, now=read_clock())
    except NotConnectedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "It goes on." if count else "It still cannot go: see the reason below.")
    return redirect_to_page(request, "invoice", public_id)


@requires(Permission.EDIT_FREIGHT)
@require_POST
def invoice_delete(request: TenantRequest, public_id: UUID) -> HttpResponse:
    try:
        delete_draft(_find(public_id), tenant=request.tenant, by=request.user.email, now=read_clock())
    except NotADraftError as error:
        messages.error(request, str(error))
        return redirect_to_page(request, "invoice", public_id)
    messages.success(request, "The draft is deleted; its charges can be invoiced again.")
    return redirect_to_page(request, "invoices")


@requires(Permission.EDIT_FREIGHT)
@require_POST
def shipment_draft(request: TenantRequest, public_id: UUID) -> HttpResponse:
    shipment = find_shipment(public_id)
    try:
        drafted = draft_shipment(shipment, tenant=request.tenant, by=request.user.email, now=read_clock())
    except (NothingToDraftError, AlreadyBilledError) as error:
        messages.error(request, str(error))
        return redirect_to_page(request, "shipment", public_id)
    return redirect_to_page(request, "invoice", drafted.public_id)


def _find(public_id: UUID) -> Invoice:
    """Raises Http404, for another company's too."""
    rows = Invoice.objects.select_related("customer", "billing_entity", "xero_document")
    return get_object_or_404(rows, public_id=public_id)
