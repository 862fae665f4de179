"""Export file: documents as a file in Xero's own import columns, for when the API is not the way (F55, F56)."""

import csv
import io
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.keyset import Order, keyset_page
from freightbridge.ui.page_address import redirect_to_page
from freightbridge.ui.render_page import render_page
from integrations.connection.active_connection import NotConnectedError
from integrations.mapping.map_import_rows import MOST_DOCUMENTS, columns_of
from integrations.models import ExportedDocument, ExportFile
from integrations.models.export_file import ExportKind
from integrations.web.connection_strip import connection_of
from invoices.web.export_form import ExportForm
from invoices.workflows.choose_exports import choose_exports, rows_of_drafts, rows_of_jobs, totals_of
from invoices.workflows.make_export_file import ask_for_export_file
from invoices.workflows.sending_context import SendingContext, sending_context

NEWEST = Order(("number",))
SHOWN_ROWS = 20
SHOWN_LEFT_OUT = 20
CSV = "text/csv; charset=utf-8"


@requires(Permission.VIEW_FREIGHT)
def export_files(request: TenantRequest) -> HttpResponse:
    """The form, the preview of what it would export, and the files made so far."""
    form = ExportForm(request.GET if "kind" in request.GET else None)
    page = keyset_page(
        with_replacements(ExportFile.objects.all()),
        order=NEWEST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context: dict[str, Any] = {
        "form": form,
        "connection": connection_of(request),
        "page": page,
        "rows": page.rows,
        "query": "",
        "preview": _preview(request, form) if form.is_bound and form.is_valid() else None,
        "most": MOST_DOCUMENTS,
    }
    return render_page(request, "invoices/export_files.html", context)


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def export_file_make(request: TenantRequest) -> HttpResponse:
    """A second click carries the same token and finds the file of the first one."""
    form = ExportForm(request.POST)
    if not form.is_valid():
        messages.error(
            request, "No file was made: " + " ".join(f"{text}" for found in form.errors.values() for text in found)
        )
        return redirect_to_page(request, "export_files")
    try:
        token = UUID(request.POST.get("form_token", ""))
    except ValueError as error:
        raise BadRequest("The form has no token.") from error
    try:
        file = ask_for_export_file(form.wanted(), form_token=token, by=request.user.email, now=read_clock())
    except NotConnectedError as error:
        messages.error(request, str(error))
        return redirect_to_page(request, "export_files")
    return redirect_to_page(request, "export_file", file.number)


@requires(Permission.VIEW_FREIGHT)
def export_file(request: TenantRequest, number: int) -> HttpResponse:
    file = get_object_or_404(with_replacements(ExportFile.objects.select_related("content")), number=number)
    members = file.members.select_related("document__invoice__customer").order_by("id")
    header, *rows = _cells(file) or [[]]
    context: dict[str, Any] = {
        "file": file,
        "members": members,
        "header": header,
        "rows": rows[:SHOWN_ROWS],
        "row_count": len(rows),
        "is_moving": file.made_at is None,
    }
    return render_page(request, "invoices/export_file.html", context, part="live", is_settled=not context["is_moving"])


@requires(Permission.VIEW_FREIGHT)
def export_file_content(_request: TenantRequest, number: int) -> HttpResponse:
    file = get_object_or_404(ExportFile.objects.select_related("content"), number=number)
    if file.content is None:
        raise Http404("There is no such file.")
    response = HttpResponse(bytes(file.content.content), content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="{file.file_name}"'
    return response


def with_replacements(files: QuerySet[ExportFile]) -> QuerySet[ExportFile]:
    """`replaced_count`: how many of its documents a later file holds again."""
    later = ExportedDocument.objects.filter(document=OuterRef("members__document"), file__gt=OuterRef("pk"))
    return files.annotate(replaced_count=Count("members", filter=Q(Exists(later))))


def _preview(request: TenantRequest, form: ExportForm) -> dict[str, Any] | None:
    """None: nothing is connected, or its data was not read yet, so there is nothing to map by."""
    context, now = sending_context(request.tenant), read_clock()
    context.load_rules(set())
    if context.rules is None:
        return None
    wanted = form.wanted()
    chosen = choose_exports(wanted, context, now=now)
    shown = chosen.jobs[:SHOWN_ROWS]
    _load_contacts(context, {job.source["party"]["code"] for job in shown})
    rows = rows_of_jobs(shown, rules=context.rules)
    if len(rows) < SHOWN_ROWS:
        rows += rows_of_drafts(chosen.drafts[:SHOWN_ROWS], rules=context.rules, today=context.today(now))
    return {
        "chosen": chosen,
        "totals": totals_of(chosen),
        "columns": columns_of(is_purchase=wanted.kind == ExportKind.BILLS),
        "rows": rows[:SHOWN_ROWS],
        "left_out": chosen.left_out[:SHOWN_LEFT_OUT],
        "form_token": uuid4(),
    }


def _load_contacts(context: SendingContext, codes: set[str]) -> None:
    known = set(context.rules.contacts) if context.rules else set()
    context.load_rules(known | codes)


def _cells(file: ExportFile) -> list[list[str]]:
    if file.content is None:
        return []
    return list(csv.reader(io.StringIO(bytes(file.content.content).decode())))
