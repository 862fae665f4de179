"""What the filters of the accounting log leave as a file, for whoever goes on with it in a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.page_address import page_address
from integrations.accounting_log.entries_of import entries_with_documents, shipment_numbers_of
from integrations.web.log_filters import filtered_log
from integrations.web.log_lines import LogLine, log_lines
from invoices.intake.spreadsheet_text import safe_for_spreadsheet

# A request makes it, and people wait for it.
MOST_ROWS = 50_000
ROWS_AT_ONCE = 2_000
COLUMNS = [
    "When", "Document", "Shipments", "Result", "Direction", "Event", "What happened", "Xero's words", "User", "Send",
    "Call", "HTTP status", "Call is kept", "Code", "Support code",
]  # fmt: skip


@requires(Permission.VIEW_ACCOUNTING_LOG)
def accounting_logs_download(request: TenantRequest) -> HttpResponse:
    """Newest first, as the page has them."""
    filters, _ = filtered_log(request.GET)
    found = filters.qs.order_by("-at", "-id").values_list("pk", flat=True)
    ids, zone = list(found[: MOST_ROWS + 1]), request.tenant.zone
    if len(ids) > MOST_ROWS:
        messages.error(request, f"A file has {MOST_ROWS:,} entries at most: filter the log further.")
        return HttpResponseRedirect(f"{page_address(request.tenant, 'accounting_logs')}?{request.GET.urlencode()}")
    response = HttpResponse(_csv(ids, zone=zone), content_type="text/csv; charset=utf-8")
    today = read_clock().astimezone(zone).date()
    response["Content-Disposition"] = f'attachment; filename="accounting-log-{today:%Y-%m-%d}.csv"'
    return response


def _csv(ids: Sequence[int], *, zone: ZoneInfo) -> bytes:
    """In UTF-8 with its mark; no cell runs as a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for line in _lines(ids):
        writer.writerow([safe_for_spreadsheet(cell) for cell in _cells(line, zone=zone)])
    return text.getvalue().encode("utf-8-sig")


def _lines(ids: Sequence[int]) -> Iterator[LogLine]:
    for start in range(0, len(ids), ROWS_AT_ONCE):
        some = entries_with_documents().filter(pk__is_among=ids[start : start + ROWS_AT_ONCE])
        entries = list(some.order_by("-at", "-id"))
        yield from log_lines(entries, shipment_numbers_of(entries))


def _cells(line: LogLine, *, zone: ZoneInfo) -> list[str]:
    return [
        line.at.astimezone(zone).isoformat(timespec="seconds"), line.document,
        ", ".join(line.shipments), line.result.label,
        line.direction, line.event, line.text, line.xero_text, line.actor, str(line.batch or ""), line.call,
        line.status, line.kept, line.code, line.support_code,
    ]  # fmt: skip
