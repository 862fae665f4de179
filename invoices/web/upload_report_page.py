"""The report of an upload: its figures as tabs, and its rows."""

from typing import Any

from django.db.models import Q

from freightbridge.access.permission_checks import TenantRequest
from freightbridge.ui.keyset import Order, keyset_page
from freightbridge.ui.tabs import Tab, query_without
from invoices.models import Upload
from invoices.models.upload import RowOutcome, UploadState
from invoices.web.upload_words import ROW_PILLS
from invoices.workflows.summarise_upload import HAS_ERROR, UploadSummary, summarise_upload

IN_ORDER = Order(("row_number",), falls=False)
UNDER_WAY = {UploadState.CHECKING, UploadState.IMPORTING}
FILTERS: dict[str, tuple[str, Q]] = {
    "": ("All rows", Q()),
    "new": ("New", Q(outcome=RowOutcome.NEW)),
    "changed": ("Changed", Q(outcome=RowOutcome.CHANGED)),
    "same": ("Unchanged", Q(outcome=RowOutcome.SAME)),
    "refused": ("Refused", Q(outcome=RowOutcome.REFUSED)),
    "errors": ("With errors", HAS_ERROR),
    "remarks": ("With remarks", ~Q(remarks=[])),
}


def report_context(request: TenantRequest, upload: Upload) -> dict[str, Any]:
    """While it is under way the rows that are settled so far."""
    summary, show = summarise_upload(upload), request.GET.get("show", "")
    show = show if show in FILTERS else ""
    page = keyset_page(
        upload.rows.filter(FILTERS[show][1]).select_related("shipment"),
        order=IN_ORDER,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return {
        "summary": summary,
        "tabs": [
            Tab(label=label, address=f"?show={name}", is_current=name == show, count=f"{_count(summary, name):,}")
            for name, (label, _) in FILTERS.items()
        ],
        "page": page,
        "rows": [(row, ROW_PILLS[RowOutcome(row.outcome)]) for row in page.rows],
        "query": query_without(request.GET, "after", "before"),
        "here": request.GET.urlencode(),
    }


def _count(summary: UploadSummary, name: str) -> int:
    return int(getattr(summary, name or "rows"))
