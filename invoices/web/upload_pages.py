"""Uploads: choosing a file, matching its columns, the dry run, the import and what came of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.keyset import Order, keyset_page
from freightbridge.ui.page_address import redirect_to_page
from freightbridge.ui.render_page import render_page
from invoices.intake.column_match import ColumnMatchError
from invoices.intake.source_table import LARGEST_FILE, UnreadableFileError
from invoices.intake.upload_template import FILE_NAME, template_csv, template_fields
from invoices.models import Upload
from invoices.models.upload import UploadForm, UploadState
from invoices.web.charge_code_form import codes_context
from invoices.web.match_form import amount_rows_of, charge_rows_of, file_columns, rules_from, shipment_rows_of
from invoices.web.upload_report_page import UNDER_WAY, report_context
from invoices.web.upload_words import UPLOAD_PILLS
from invoices.workflows.check_upload import CHECKABLE, UploadStateError, start_check
from invoices.workflows.import_upload import start_import
from invoices.workflows.receive_upload import choose_sheet, receive_upload
from invoices.workflows.rows_report import rows_report
from invoices.workflows.undo_import import UNDOABLE, undo_import

NEWEST = Order(("number",))
CSV = "text/csv; charset=utf-8"
TOO_LARGE = f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB. Cut it into several."


@requires(Permission.VIEW_FREIGHT)
def uploads(request: TenantRequest) -> HttpResponse:
    page = keyset_page(
        Upload.objects.select_related("uploaded_by"),
        order=NEWEST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    rows = [(upload, UPLOAD_PILLS[UploadState(upload.state)]) for upload in page.rows]
    context = {"page": page, "rows": rows, "query": "", "fields": template_fields()}
    return render_page(request, "invoices/uploads.html", context)


@requires(Permission.UPLOAD_SHIPMENTS)
@require_POST
def upload_file(request: TenantRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None or not file.name:
        messages.error(request, "Choose a file first.")
        return redirect_to_page(request, "uploads")
    if (file.size or 0) > LARGEST_FILE:
        messages.error(request, f"{file.name}: {TOO_LARGE}")
        return redirect_to_page(request, "uploads")
    try:
        upload = receive_upload(file.read(), file_name=file.name, by=request.user, now=read_clock())
    except UnreadableFileError as error:
        messages.error(request, f"{file.name}: {error}")
        return redirect_to_page(request, "uploads")
    return redirect_to_page(request, "upload", upload.number)


@requires(Permission.VIEW_FREIGHT)
def upload_template(_request: TenantRequest) -> HttpResponse:
    return _attachment(template_csv(), FILE_NAME)


@requires(Permission.VIEW_FREIGHT)
def upload(request: TenantRequest, number: int) -> HttpResponse:
    found = _find(number)
    if found.state == UploadState.MATCHING:
        return _match_page(request, found, found.rules)
    context: dict[str, Any] = {
        "upload": found,
        "pill": UPLOAD_PILLS[UploadState(found.state)],
        "is_moving": found.state in UNDER_WAY,
        "can_match": found.state in CHECKABLE and found.form == UploadForm.TABLE,
        **codes_context(found),
        "can_undo": found.state in UNDOABLE,
        **report_context(request, found),
    }
    return render_page(request, "invoices/upload.html", context, part="live", is_settled=not context["is_moving"])


@requires(Permission.UPLOAD_SHIPMENTS)
def upload_match(request: TenantRequest, number: int) -> HttpResponse:
    """The columns, matched for the first time or anew."""
    found = _find(number)
    if found.form == UploadForm.MESSAGES:
        return redirect_to_page(request, "upload", number)
    if request.method != "POST":
        return _match_page(request, found, found.rules)
    rules = rules_from(request.POST, before=found.rules)
    try:
        start_check(found, rules=rules, by=request.user, now=read_clock(), name=request.POST.get("name", "").strip())
    except (ColumnMatchError, UploadStateError) as error:
        messages.error(request, str(error))
        return _match_page(request, found, rules)
    return redirect_to_page(request, "upload", number)


@requires(Permission.UPLOAD_SHIPMENTS)
@require_POST
def upload_sheet(request: TenantRequest, number: int) -> HttpResponse:
    found = _find(number)
    try:
        choose_sheet(found, request.POST.get("sheet", ""), now=read_clock())
    except (UnreadableFileError, UploadStateError) as error:
        messages.error(request, str(error))
    return redirect_to_page(request, "upload", number)


@requires(Permission.UPLOAD_SHIPMENTS)
@require_POST
def upload_import(request: TenantRequest, number: int) -> HttpResponse:
    try:
        start_import(_find(number), by=request.user, now=read_clock())
    except UploadStateError as error:
        messages.error(request, str(error))
    return redirect_to_page(request, "upload", number)


@requires(Permission.UPLOAD_SHIPMENTS)
@require_POST
def upload_undo(request: TenantRequest, number: int) -> HttpResponse:
    try:
        result = undo_import(_find(number), tenant=request.tenant, by=request.user, now=read_clock())
    except UploadStateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{result.shipments:,} shipments and {result.charges:,} charges were taken away.")
    return redirect_to_page(request, "upload", number)


@requires(Permission.VIEW_FREIGHT)
def upload_rows(request: TenantRequest, number: int) -> HttpResponse:
    """The rows that have remarks, as a file to mend and to upload again."""
    found = _find(number)
    try:
        content = rows_report(found, errors_only=bool(request.GET.get("errors")))
    except UnreadableFileError as error:
        raise BadRequest(str(error)) from error
    return _attachment(content, f"upload-{number}-rows.csv")


def _find(number: int) -> Upload:
    """Raises Http404."""
    return get_object_or_404(Upload.objects.select_related("file", "uploaded_by", "column_match"), number=number)


def _match_page(request: TenantRequest, found: Upload, rules: Any) -> HttpResponse:
    context = {
        "upload": found,
        "columns": file_columns(found, rules),
        "fields": shipment_rows_of(rules),
        "charge_fields": charge_rows_of(rules),
        "amounts": amount_rows_of(rules),
        "date_order": rules.get("date_order", ""),
        "decimal_mark": rules.get("decimal_mark", "point"),
    }
    return render(request, "invoices/upload_match.html", context)


def _attachment(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
