"""The selected shipments as a file, for whoever goes on with them in a spreadsheet."""

import csv
import io
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.page_address import redirect_to_page
from integrations.web.problem_view import problem_sentence
from integrations.web.state_words import accounting_pill, money_pill
from invoices.domain.shipment_queries import ListedShipment, listed_shipments
from invoices.intake.spreadsheet_text import safe_for_spreadsheet
from invoices.models import Shipment
from invoices.web.row_action import problems_of_row
from invoices.web.shipment_selection import selected_shipments

# A request makes it, and people wait for it.
MOST_ROWS = 50_000
ROWS_AT_ONCE = 500
COLUMNS = [
    "Shipment", "Job type", "Customer code", "Customer", "Mode", "Origin", "Destination", "ETD", "Customer reference",
    "Branch", "Status", "Currency", "Before tax", "State", "Why", "Documents", "Exported", "Money",
]  # fmt: skip


@requires(Permission.VIEW_FREIGHT)
@require_POST
def shipments_download(request: TenantRequest) -> HttpResponse:
    """Newest first, as the list has them."""
    selected, now = selected_shipments(request.POST, tenant=request.tenant), read_clock()
    if selected.count() > MOST_ROWS:
        messages.error(request, f"A file has {MOST_ROWS:,} shipments at most: filter the list further.")
        return redirect_to_page(request, "shipments")
    zone = request.tenant.zone
    response = HttpResponse(_csv(selected, zone=zone, now=now), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="shipments-{now.astimezone(zone):%Y-%m-%d}.csv"'
    return response


def _csv(shipments: QuerySet[Shipment], *, zone: ZoneInfo, now: datetime) -> bytes:
    """In UTF-8 with its mark; no cell runs as a formula."""
    rows = list(shipments.select_related("bill_to").order_by("-list_date", "-id"))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for start in range(0, len(rows), ROWS_AT_ONCE):
        for one in listed_shipments(rows[start : start + ROWS_AT_ONCE]):
            writer.writerow([safe_for_spreadsheet(cell) for cell in _cells(one, zone=zone, now=now)])
    return text.getvalue().encode("utf-8-sig")


def _cells(one: ListedShipment, *, zone: ZoneInfo, now: datetime) -> list[str]:
    shipment, customer = one.shipment, one.shipment.bill_to
    since = max((invoice.unknown_since for invoice in one.invoices if invoice.unknown_since), default=None)
    exported = max((invoice.exported_at for invoice in one.invoices if invoice.exported_at), default=None)
    money = money_pill(shipment.money_state)
    return [
        shipment.number, shipment.get_job_type_display(), customer.code if customer else "",
        customer.name if customer else "", shipment.get_mode_display(), shipment.origin, shipment.destination,
        (shipment.etd_date or shipment.list_date).isoformat(), shipment.customer_reference, shipment.branch,
        shipment.get_status_display(), shipment.currency, f"{one.net:.2f}",
        accounting_pill(shipment.accounting_state, unknown_since=since, now=now).label,
        shipment.do_not_send_reason or problem_sentence(problems_of_row(one)),
        ", ".join(invoice.number for invoice in one.invoices if invoice.number),
        exported.astimezone(zone).date().isoformat() if exported else "", money.label if money else "",
    ]  # fmt: skip
