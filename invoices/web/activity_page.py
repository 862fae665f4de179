"""Settings → Activity: who changed what, newest first; nothing is ever taken from it. On the page and as a file."""

import csv
import io
from collections.abc import Iterable
from functools import cache
from typing import Any

import django_filters
from django.apps import apps
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.audit.models import AuditEvent
from freightbridge.clock import read_clock
from freightbridge.tenancy.known_values import known_values
from freightbridge.tenancy.midnight import midnight, next_midnight
from freightbridge.tenancy.models import TenantModel
from freightbridge.ui.filter_widgets import FilterDate, FilterSelect
from freightbridge.ui.keyset import Order, keyset_page
from freightbridge.ui.list_filters import ListFilters
from freightbridge.ui.page_address import page_address
from freightbridge.ui.render_page import render_page
from freightbridge.ui.tabs import query_without
from invoices.intake.spreadsheet_text import safe_for_spreadsheet

NEWEST = Order(("at", "id"))
# A file is made while the person waits; who needs more takes it in periods.
MOST_IN_A_FILE = 10_000
COLUMNS = ["When", "Who", "What", "Kind", "Of", "Details", "Support code"]
# Which page shows what an event is about.
SUBJECT_PAGES = {"shipment": "shipment_history", "invoice": "invoice", "customer": "customer"}


class ActivityFilters(ListFilters):
    actor = django_filters.CharFilter(label="Person", widget=FilterSelect())
    action = django_filters.CharFilter(label="What was done", widget=FilterSelect())
    from_date = django_filters.DateFilter(label="From", method="since", widget=FilterDate())
    to_date = django_filters.DateFilter(label="To", method="until", widget=FilterDate())

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        # What the address asks for is offered too, though nobody of that name ever did anything.
        for name in ("actor", "action"):
            asked = {self.data.get(name, "")} - {""}
            offered = sorted({*known_values(AuditEvent, name), *asked})
            self.form.fields[name].widget.choices = [("", "Any"), *((one, _capital(one)) for one in offered)]

    def since(self, events: QuerySet[AuditEvent], _name: str, day: Any) -> QuerySet[AuditEvent]:
        return events.filter(at__gte=midnight(day))

    def until(self, events: QuerySet[AuditEvent], _name: str, day: Any) -> QuerySet[AuditEvent]:
        return events.filter(at__lt=next_midnight(day))


@requires(Permission.VIEW_SETTINGS)
def activity(request: TenantRequest) -> HttpResponse:
    filters = ActivityFilters(request.GET, queryset=AuditEvent.objects.all())
    page = keyset_page(
        filters.qs, order=NEWEST, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    query = query_without(request.GET, "after", "before")
    context: dict[str, Any] = {
        "filter": filters,
        "page": page,
        "rows": [(event, _kind(event), _page_of(request, event)) for event in page.rows],
        "query": query,
        "is_filtered": bool(query),
    }
    return render_page(request, "audit/activity.html", context)


@requires(Permission.VIEW_SETTINGS)
def activity_download(request: TenantRequest) -> HttpResponse:
    """What the filters of the address leave, newest first. CSV in UTF-8 with its mark; no cell runs as a formula."""
    found = ActivityFilters(request.GET, queryset=AuditEvent.objects.all()).qs
    today = read_clock().astimezone(request.tenant.zone).date()
    response = HttpResponse(_csv(found.order_by("-at", "-id")[:MOST_IN_A_FILE]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="activity-{today:%Y-%m-%d}.csv"'
    return response


def _csv(events: Iterable[AuditEvent]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for event in events:
        cells = [
            timezone.localtime(event.at).isoformat(timespec="seconds"), event.actor, event.action, _kind(event),
            event.subject_name, _details(event), event.correlation_id,
        ]  # fmt: skip
        writer.writerow([safe_for_spreadsheet(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def _details(event: AuditEvent) -> str:
    return "; ".join(f"{name}: {_words(value)}" for name, value in event.details.items() if value)


def _words(value: Any) -> str:
    if isinstance(value, dict) and value.keys() & {"before", "after"}:
        return f"{value.get('before') or '(empty)'} → {value.get('after') or '(empty)'}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _page_of(request: TenantRequest, event: AuditEvent) -> str:
    """Empty where what it is about has no page of its own."""
    name = SUBJECT_PAGES.get(event.subject_kind)
    return page_address(request.tenant, name, event.subject_id) if name else ""


def _kind(event: AuditEvent) -> str:
    """What it is about, in words; of a model that is gone, the name that it had."""
    return _kind_words().get(event.subject_kind, event.subject_kind)


@cache
def _kind_words() -> dict[str, str]:
    models = (model for model in apps.get_models() if issubclass(model, TenantModel))
    return {str(model._meta.model_name): str(model._meta.verbose_name) for model in models}


def _capital(text: str) -> str:
    """Of an action; an address stays as it is."""
    return text if "@" in text else text[:1].upper() + text[1:]
