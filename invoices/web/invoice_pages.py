"""An invoice: its lines, its PDF, and what may be done with it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
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
from integrations.web.connection_strip import connections_of
from integrations.web.problem_view import problem_views, support_text
from invoices.domain.drafting import AlreadyBilledError
from invoices.domain.lifecycle import LifecycleError
from invoices.domain.numbering import NoNumberSeriesError
from invoices.models import Invoice
from invoices.models.invoice import InvoiceStatus
from invoices.web.document_rows import document_row
from invoices.web.invoice_changes import invoice_changes
from invoices.web.linked_documents import kind_actions, linked_documents
from invoices.web.shipment_view import find_shipment
from invoices.work_names import RENDER_PDF
from invoices.workflows.approve_draft import DemoCompanyError, OutdatedDraftError, approve_draft
from invoices.workflows.draft_shipment import NotADraftError, NothingToDraftError, delete_draft, draft_shipment
from invoices.workflows.redate_invoice import open_date_for
from invoices.workflows.route_shipments import context_of_draft
from invoices.workflows.send_again import ExportedByFileError, send_again
from invoices.workflows.send_anyway import send_anyway

PDF = "application/pdf"


@requires(Permission.VIEW_FREIGHT)
def invoice(request: TenantRequest, public_id: UUID) -> HttpResponse:
    found = find_invoice(public_id)
    row = document_row(request, found, now=read_clock())
    lines = list(found.lines.select_related("shipment", "charge_code", "tax_code").order_by("position"))
    shipment_id = next((line.shipment.public_id for line in lines if line.shipment), None)
    jobs = SyncJob.objects.filter(invoice=found, state__in=STOPPED).order_by("-id")
    stopped = jobs.first() if found.status != InvoiceStatus.VOIDED else None
    changes = invoice_changes(request, found)
    problems = problem_views(
        stopped.problems if stopped else [], tenant=request.tenant, shipment_id=shipment_id, invoice_id=public_id
    )
    context: dict[str, Any] = {
        "row": row,
        "invoice": found,
        "lines": lines,
        "problems": problems,
        "support": support_text(problems, number=found.number, code=stopped.correlation_id) if stopped else None,
        "is_draft": found.status == InvoiceStatus.DRAFT,
        "demo": _demo(request, found),
        "is_moving": changes.is_moving,
        "changes": changes,
        "replaced_by": found.replaced_by.first(),
        "is_foreign": found.currency != found.billing_entity.base_currency,
        "linked": linked_documents(request, found, now=read_clock()),
        "actions": kind_actions(found),
        "open_date": open_date_for(found, now=read_clock()) if stopped else None,
    }
    return render_page(request, "invoices/invoice.html", context, part="live", is_settled=not context["is_moving"])


def _demo(request: TenantRequest, found: Invoice) -> str:
    """The demo company that a draft would go to, which a person confirms first; empty where there is none."""
    if found.status != InvoiceStatus.DRAFT or not any(one.is_demo_company for one in connections_of(request)):
        return ""
    connection = context_of_draft(found, tenant=request.tenant).connection
    return connection.name if connection is not None and connection.is_demo_company else ""


@requires(Permission.VIEW_FREIGHT)
@xframe_options_sameorigin
def invoice_pdf(request: TenantRequest, public_id: UUID) -> HttpResponse:
    """The stored PDF; where there is none yet it is asked for, and the page looks again by itself."""
    found = find_invoice(public_id)
    if found.is_purchase:
        raise Http404("What we are billed has no PDF of ours.")
    if found.pdf is None:
        if not request.membership.is_visit:
            enqueue_work(RENDER_PDF, [found.pk], now=read_clock())
        return render(request, "invoices/pdf_being_made.html", {"invoice": found})
    response = HttpResponse(bytes(found.pdf.content), content_type=PDF)
    response["Content-Disposition"] = f'inline; filename="{found.number or "draft"}.pdf"'
    return response


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def invoice_approve(request: TenantRequest, public_id: UUID) -> HttpResponse:
    found = find_invoice(public_id)
    try:
        approve_draft(
            found,
            tenant=request.tenant,
            by=request.user.email,
            now=read_clock(),
            allows_demo="allows_demo" in request.POST,
        )
    except (OutdatedDraftError, DemoCompanyError, LifecycleError, NoNumberSeriesError, NotConnectedError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{found.number} is approved and queued.")
    return redirect_to_page(request, "invoice", public_id)


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def invoice_send_again(request: TenantRequest, public_id: UUID) -> HttpResponse:
    try:
        count = send_again([find_invoice(public_id)], by=request.user.email, now=read_clock())
    except (NotConnectedError, ExportedByFileError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "It goes on." if count else "It still cannot go: see the reason below.")
    return redirect_to_page(request, "invoice", public_id)


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def invoice_send_anyway(request: TenantRequest, public_id: UUID) -> HttpResponse:
    """Although it was exported by file; a person says why."""
    reason = request.POST.get("reason", "").strip()[:200]
    found = find_invoice(public_id)
    try:
        count = send_anyway([found], reason=reason, by=request.user.email, now=read_clock()) if reason else 0
    except NotConnectedError as error:
        messages.error(request, str(error))
        return redirect_to_page(request, "invoice", public_id)
    refusal = "Nothing was sent: it does not wait for that." if reason else "Nothing was sent: say in a few words why."
    (messages.success if count else messages.error)(request, "It goes to Xero." if count else refusal)
    return redirect_to_page(request, "invoice", public_id)


@requires(Permission.EDIT_FREIGHT)
@require_POST
def invoice_delete(request: TenantRequest, public_id: UUID) -> HttpResponse:
    try:
        delete_draft(find_invoice(public_id), tenant=request.tenant, by=request.user.email, now=read_clock())
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


def find_invoice(public_id: UUID) -> Invoice:
    """Raises Http404, for another company's too."""
    rows = Invoice.objects.select_related("customer", "billing_entity", "xero_document", "replaces")
    return get_object_or_404(rows, public_id=public_id)
