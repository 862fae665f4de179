"""Everything that happened with Xero, and the calls behind it."""

from datetime import date
from typing import Any
from uuid import UUID

import django_filters
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.tenancy.midnight import midnight, next_midnight
from freightbridge.ui.filter_widgets import FilterDate, FilterSelect, SearchInput
from freightbridge.ui.keyset import Order, keyset_page
from freightbridge.ui.list_filters import ListFilters
from freightbridge.ui.render_page import render_page
from freightbridge.ui.tabs import query_without
from integrations.accounting_log.entries_of import entries_of_shipments, entries_with_documents
from integrations.accounting_log.find_entries import find_entries
from integrations.models import AccountingLogEntry, SyncAttempt, SyncJob
from integrations.problem_catalogue.codes import CATALOGUE
from integrations.web.attempt_view import attempt_view
from integrations.web.log_lines import log_lines
from integrations.web.state_words import LOG_RESULTS

NEWEST = Order(("at", "id"))
# What fits into an address.
MOST_SHIPMENTS = 200


class LogFilters(ListFilters):
    result = django_filters.ChoiceFilter(
        label="Result",
        choices=[(result.value, pill.label) for result, pill in LOG_RESULTS.items()],
        widget=FilterSelect(),
        empty_label="Any",
    )
    code = django_filters.ChoiceFilter(
        label="Code",
        field_name="problem_code",
        choices=[(entry.code, f"{entry.code} {entry.title}") for entry in CATALOGUE.values()],
        widget=FilterSelect(),
        empty_label="Any",
    )
    from_date = django_filters.DateFilter(label="From", method="since", widget=FilterDate())
    to_date = django_filters.DateFilter(label="To", method="until", widget=FilterDate())
    # After the others: it looks among what they leave.
    q = django_filters.CharFilter(
        label="Search", method="search", widget=SearchInput(placeholder="Document, support code, Xero's id, or words")
    )

    def search(self, entries: QuerySet[AccountingLogEntry], _name: str, text: str) -> QuerySet[AccountingLogEntry]:
        chosen = self.form.cleaned_data
        since, until = chosen["from_date"], chosen["to_date"]
        bounds = (
            midnight(since) if since else None,
            next_midnight(until) if until else None,
            chosen["result"] or None,
            chosen["code"] or None,
        )
        return entries.filter(
            pk__is_among=find_entries(entries, text, bounds=bounds, are_of_shipments="shipment" in self.data)
        )

    def since(self, entries: QuerySet[AccountingLogEntry], _name: str, day: date) -> QuerySet[AccountingLogEntry]:
        return entries.filter(at__gte=midnight(day))

    def until(self, entries: QuerySet[AccountingLogEntry], _name: str, day: date) -> QuerySet[AccountingLogEntry]:
        return entries.filter(at__lt=next_midnight(day))


@requires(Permission.VIEW_ACCOUNTING_LOG)
def accounting_logs(request: TenantRequest) -> HttpResponse:
    """Of everything, or of the shipments that the address names (F40)."""
    chosen = _shipments(request)
    entries = entries_of_shipments(chosen) if chosen else entries_with_documents()
    filters = LogFilters(request.GET, queryset=entries)
    page = keyset_page(
        filters.qs, order=NEWEST, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    context: dict[str, Any] = {
        "filter": filters,
        "page": page,
        "lines": log_lines(page.rows),
        "chosen": chosen,
        "query": query_without(request.GET, "after", "before"),
        "is_filtered": bool(query_without(request.GET, "after", "before")),
    }
    return render_page(request, "integrations/accounting_logs.html", context)


@requires(Permission.VIEW_ACCOUNTING_LOG)
def attempt(request: TenantRequest, public_id: UUID) -> HttpResponse:
    """A call to Xero: with `job` the part of one document, without it all of it."""
    found = get_object_or_404(SyncAttempt, public_id=public_id)
    job = SyncJob.objects.filter(public_id=_uuid(request.GET["job"])).first() if request.GET.get("job") else None
    context = {"attempt": attempt_view(found, job=job), "attempt_id": public_id}
    part = "#call" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"integrations/attempt.html{part}", context)


def _shipments(request: TenantRequest) -> list[UUID]:
    chosen = [_uuid(text) for text in request.GET.getlist("shipment")]
    if len(chosen) > MOST_SHIPMENTS:
        raise BadRequest(f"The log of {MOST_SHIPMENTS} shipments at most.")
    return chosen


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise BadRequest("That is no id.") from error
