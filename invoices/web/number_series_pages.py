"""Settings → Number series: what each gives next, and what Xero holds of it already (F57)."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.form_changes import form_changes
from freightbridge.ui.opened_form import OPENED_AS, content_mark, was_changed_meanwhile
from freightbridge.ui.page_address import redirect_to_page
from freightbridge.ui.pill import Pill
from freightbridge.ui.render_page import render_page
from integrations.models import NumberCheck, XeroConnection
from integrations.web.connection_strip import connections_of
from invoices.models import BillingEntity, NumberSeries
from invoices.web.number_series_form import SeriesForm
from invoices.workflows.change_series import SeriesRefusedError, begin_behind, lock_series, save_series
from invoices.workflows.check_numbers import ask_for_check
from invoices.workflows.judge_series import (
    SeriesState,
    SeriesVerdict,
    checks_by_series,
    connections_by_entity,
    judge_series,
)

PILLS = {
    SeriesState.TAKEN: Pill(label="Taken in Xero", colour="red", icon="x-circle"),
    SeriesState.BEHIND: Pill(label="Behind Xero", colour="yellow", icon="exclamation-triangle"),
    SeriesState.FREE: Pill(label="Free", colour="green", icon="check-circle"),
    SeriesState.UNKNOWN: Pill(label="Not checked", colour="grey", icon="question-mark-circle"),
}
CHANGED_MEANWHILE = (
    "Numbers were given from this series, or somebody else changed it, while you had it open. What stands now is "
    "shown; enter your change again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRow:
    """`begin`: the number that is offered, empty where none is. `checks`: one for each organisation."""

    series: NumberSeries
    pill: Pill
    verdict: SeriesVerdict
    begin: str
    checks: list[NumberCheck]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityCard:
    """`connections`: those that it bills for."""

    entity: BillingEntity
    connections: list[XeroConnection]
    rows: list[SeriesRow]


@requires(Permission.VIEW_SETTINGS)
def number_series(request: TenantRequest) -> HttpResponse:
    connections = connections_of(request)
    checks, billed = checks_by_series(connections), connections_by_entity(connections)
    rows = NumberSeries.objects.select_related("billing_entity").order_by("billing_entity__name", "id")
    cards: dict[int, EntityCard] = {}
    for series in rows:
        card = EntityCard(entity=series.billing_entity, connections=billed[series.billing_entity_id], rows=[])
        cards.setdefault(series.billing_entity_id, card).rows.append(_row(series, checks[series.pk]))
    is_moving = any(check.is_under_way for found in checks.values() for check in found)
    context = {"cards": list(cards.values()), "connections": connections, "is_moving": is_moving}
    return render_page(request, "invoices/number_series.html", context, part="live", is_settled=not is_moving)


@requires(Permission.MANAGE_SENDING_RULES)
@require_POST
def number_series_check(request: TenantRequest) -> HttpResponse:
    usable = [one for one in connections_of(request) if one.is_usable]
    for connection in usable:
        ask_for_check(connection, by=request.user.email, now=read_clock())
    if usable:
        messages.success(request, "The numbers in Xero are being read; what comes of it appears here.")
    else:
        messages.error(request, "Nothing was read: no organisation is connected.")
    return redirect_to_page(request, "number_series")


@requires(Permission.MANAGE_SENDING_RULES)
@require_POST
def number_series_begin(request: TenantRequest, public_id: UUID) -> HttpResponse:
    """Where Xero has no number yet."""
    found = _find(public_id)
    try:
        changed = begin_behind(found, request.POST.get("begin", ""), by=request.user.email, now=read_clock())
    except SeriesRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"The next {changed.get_kind_display().lower()} is {changed}.")
    return redirect_to_page(request, "number_series")


@requires(Permission.MANAGE_SENDING_RULES)
def number_series_edit(request: TenantRequest, public_id: UUID) -> HttpResponse:
    found = _find(public_id)
    if request.method != "POST":
        return _shown(request, found, _form(found, request, data=False))
    locked = lock_series(found)
    form = _form(locked, request)
    if was_changed_meanwhile(request.POST, [form]):
        messages.error(request, CHANGED_MEANWHILE)
        return redirect_to_page(request, "number_series_edit", public_id)
    if not form.is_valid():
        return _shown(request, found, form)
    save_series(locked, changes=form_changes(form), by=request.user.email, now=read_clock())
    messages.success(request, f"The next {locked.get_kind_display().lower()} is {locked}. Xero is asked once more.")
    return redirect_to_page(request, "number_series")


def _form(series: NumberSeries, request: TenantRequest, *, data: bool = True) -> SeriesForm:
    connections: list[XeroConnection] = connections_by_entity(connections_of(request))[series.billing_entity_id]
    checks = checks_by_series(connections)[series.pk]
    return SeriesForm(request.POST if data else None, instance=series, checks=checks)


def _shown(request: TenantRequest, found: NumberSeries, form: SeriesForm) -> HttpResponse:
    context = {"form": form, "kind": found.get_kind_display(), "entity": found.billing_entity}
    return render(request, "invoices/number_series_edit.html", {**context, OPENED_AS: content_mark([form])})


def _row(series: NumberSeries, checks: list[NumberCheck]) -> SeriesRow:
    verdict = judge_series(series, checks)
    return SeriesRow(
        series=series,
        pill=PILLS[verdict.state],
        verdict=verdict,
        begin=verdict.begin.text(series.prefix) if verdict.begin else "",
        checks=checks,
    )


def _find(public_id: UUID) -> NumberSeries:
    """Raises Http404, for another company's too."""
    return get_object_or_404(NumberSeries.objects.select_related("billing_entity"), public_id=public_id)
