"""What people sent, click by click, and what became of each document."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.keyset import Order, keyset_page
from freightbridge.ui.render_page import render_page
from freightbridge.ui.tabs import query_without
from integrations.models import SendBatch
from integrations.models.send_batch import MemberOutcome
from integrations.web.batch_progress import progress_of
from integrations.web.connection_strip import short_codes_of
from integrations.web.finish_time import time_left
from integrations.web.job_rows import job_rows

NEWEST = Order(("number",))
IN_ORDER = Order(("id",), falls=False)
SHOWN_SKIPPED = 50


@requires(Permission.VIEW_FREIGHT)
def send_batches(request: TenantRequest) -> HttpResponse:
    page = keyset_page(
        SendBatch.objects.all(),
        order=NEWEST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {"page": page, "rows": progress_of(page.rows), "query": ""}
    return render_page(request, "integrations/send_batches.html", context)


@requires(Permission.VIEW_FREIGHT)
def send_batch(request: TenantRequest, number: int) -> HttpResponse:
    batch = get_object_or_404(SendBatch, number=number)
    page = keyset_page(
        batch.jobs.select_related("document", "invoice"),
        order=IN_ORDER,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    skipped = batch.members.filter(outcome=MemberOutcome.SKIPPED).select_related("shipment").order_by("id")
    now = read_clock()
    ((_, progress),) = progress_of([batch])
    context: dict[str, Any] = {
        "batch": batch,
        "progress": progress,
        "retry_label": f"Retry only the failed ({progress.stopped})",
        "left": "" if progress.is_over else time_left(batch, way=progress.way, now=now),
        "page": page,
        "rows": job_rows(batch, page.rows, tenant=request.tenant, short_codes=short_codes_of(request), now=now),
        "skipped": skipped[:SHOWN_SKIPPED],
        "query": query_without(request.GET, "after", "before"),
        "here": request.GET.urlencode(),
    }
    return render_page(request, "integrations/send_batch.html", context, part="live")
