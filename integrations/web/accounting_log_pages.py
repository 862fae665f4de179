"""Everything that happened with Xero, and the calls behind it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.ui.keyset import Order, keyset_page
from freightbridge.ui.render_page import render_page
from freightbridge.ui.tabs import query_without
from integrations.accounting_log.entries_of import entries_with_calls, entries_with_documents, shipment_numbers_of
from integrations.models import SyncAttempt, SyncJob
from integrations.web.attempt_view import attempt_view, raw_text
from integrations.web.log_filters import filtered_log, one_id
from integrations.web.log_lines import log_lines

NEWEST = Order(("at", "id"))
# The element that takes one entry.
PANEL = "log-entry-content"


@requires(Permission.VIEW_ACCOUNTING_LOG)
def accounting_logs(request: TenantRequest) -> HttpResponse:
    """Of everything, or of the shipments that the address names (F40); beside it the entry that it names."""
    opened = _opened(request)
    if opened and request.htmx and request.htmx.target == PANEL:  # type: ignore[attr-defined]
        return render(request, "integrations/log_entry.html", opened)
    filters, chosen = filtered_log(request.GET)
    is_search = bool(request.GET.get("q", "").strip())
    page = keyset_page(
        entries_with_documents() if is_search else filters.qs,
        among=filters.qs if is_search else None,
        order=NEWEST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    query = query_without(request.GET, "after", "before", "entry")
    context: dict[str, Any] = {
        "filter": filters,
        "page": page,
        "lines": log_lines(page.rows, shipment_numbers_of(page.rows)),
        "chosen": chosen,
        "query": query,
        "here": query_without(request.GET, "entry"),
        "is_filtered": bool(query),
        **opened,
    }
    return render_page(request, "integrations/accounting_logs.html", context)


def _opened(request: TenantRequest) -> dict[str, Any]:
    """What the side panel shows; empty where the address names no entry."""
    if not request.GET.get("entry"):
        return {}
    entry = get_object_or_404(entries_with_calls(), public_id=one_id(request.GET["entry"]))
    (line,) = log_lines([entry], shipment_numbers_of([entry]))
    call = attempt_view(entry.attempt, job=entry.job) if entry.attempt else None
    return {"line": line, "attempt": call, "attempt_id": line.attempt_id, "here": query_without(request.GET, "entry")}


@requires(Permission.VIEW_ACCOUNTING_LOG)
def attempt(request: TenantRequest, public_id: UUID) -> HttpResponse:
    """A call to Xero: with `job` the part of one document, without it all of it."""
    found = get_object_or_404(SyncAttempt, public_id=public_id)
    job = SyncJob.objects.filter(public_id=one_id(request.GET["job"])).first() if request.GET.get("job") else None
    context = {"attempt": attempt_view(found, job=job), "attempt_id": public_id}
    part = "#call" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"integrations/attempt.html{part}", context)


@requires(Permission.VIEW_ACCOUNTING_LOG)
def raw_attempt(_request: TenantRequest, public_id: UUID) -> HttpResponse:
    """All of a call as plain text, to be saved or searched."""
    view = attempt_view(get_object_or_404(SyncAttempt, public_id=public_id), job=None)
    return HttpResponse(raw_text(view), content_type="text/plain; charset=utf-8")
