"""What customers owe, and what is earned and not in Xero yet, by age (N9); and both as a file."""

import csv
import io
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.background_work.is_working import is_working
from freightbridge.clock import read_clock
from integrations.connection.connection_work import CHECK_PAYMENTS
from integrations.web.connection_strip import connection_of
from invoices.domain.age_buckets import due_buckets, waiting_buckets
from invoices.domain.receivables import receivable_groups
from invoices.domain.unsent_money import drafts_by_currency, load_unsent
from invoices.intake.spreadsheet_text import safe_for_spreadsheet
from invoices.web.ageing_tables import AgeTable
from invoices.web.money_by_age import receivable_tables, unsent_by_cause, unsent_by_customer

UNSENT_TABLES = {"unsent-by-cause": unsent_by_cause, "unsent-by-customer": unsent_by_customer}


@requires(Permission.VIEW_FREIGHT)
def receivables(request: TenantRequest) -> HttpResponse:
    connection, now = connection_of(request), read_clock()
    today = now.astimezone(request.tenant.zone).date()
    unsent = load_unsent(waiting_buckets(today)).groups
    context: dict[str, Any] = {
        "connection": connection,
        "is_checking": connection is not None and is_working(CHECK_PAYMENTS, connection.pk, now=now),
        "owed": receivable_tables(request.tenant, receivable_groups(due_buckets(today)), today=today),
        "by_cause": unsent_by_cause(request.tenant, unsent, today=today),
        "by_customer": unsent_by_customer(request.tenant, unsent, today=today),
        "drafts": drafts_by_currency(),
    }
    return render(request, "invoices/receivables.html", context)


@requires(Permission.VIEW_FREIGHT)
def receivables_download(request: TenantRequest) -> HttpResponse:
    """`of`: owed, or unsent by cause or by customer. CSV in UTF-8 with its mark; no cell runs as a formula."""
    today = read_clock().astimezone(request.tenant.zone).date()
    what = request.GET.get("of", "")
    if what in UNSENT_TABLES:
        tables = UNSENT_TABLES[what](request.tenant, load_unsent(waiting_buckets(today)).groups, today=today)
    else:
        what = "owed"
        tables = receivable_tables(request.tenant, receivable_groups(due_buckets(today)), today=today)
    response = HttpResponse(_csv(tables), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{what}-{today:%Y-%m-%d}.csv"'
    return response


def _csv(tables: list[AgeTable]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    labels = tables[0].labels if tables else []
    writer.writerow(["Currency", "Code", "Name", *labels, "Total"])
    for table in tables:
        for row in table.rows:
            amounts = [f"{cell.amount:.2f}" for cell in (*row.cells, row.total)]
            writer.writerow([safe_for_spreadsheet(cell) for cell in (table.currency, row.key, row.name, *amounts)])
    return text.getvalue().encode("utf-8-sig")
