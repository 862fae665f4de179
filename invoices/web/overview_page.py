"""The first page of a company: what waits, what is owed, what went wrong, and the way to each of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.bar_plot import Series, stacked_columns
from freightbridge.ui.page_address import page_address
from integrations.accounting_log.daily_counts import KINDS, daily_counts
from integrations.job_states import DocumentState
from integrations.lanes.lane_meter import lane_meter
from integrations.models import OrganisationLane, SendBatch, SyncJob, XeroDocument
from integrations.problem_catalogue.codes import CATALOGUE, MendedBy
from integrations.web.batch_progress import progress_of
from integrations.web.connection_strip import connection_of
from integrations.web.finish_time import backlog_of
from integrations.web.state_words import IN_PROGRESS
from invoices.domain.age_buckets import due_buckets, waiting_buckets
from invoices.domain.receivables import CREDIT, ReceivableGroup, receivable_groups
from invoices.domain.unsent_money import READY, READY_STATES, load_unsent
from invoices.models import Shipment
from invoices.web.money_by_age import invoices_address, receivable_tables, unsent_address, unsent_by_cause
from invoices.web.setup_pages import setup_steps

DAYS = 14
SERIES = (
    Series(label="Sent", colour="azure"),
    Series(label="Needed attention", colour="red"),
    Series(label="Paid", colour="green"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """`amounts`: currency and sum, never added up over currencies. `note`: a line below."""

    title: str
    address: str
    figure: str
    icon: str
    colour: str
    amounts: list[tuple[str, Decimal]]
    note: str = ""


@requires(Permission.VIEW_FREIGHT)
def overview(request: TenantRequest) -> HttpResponse:
    now = read_clock()
    today = now.astimezone(request.tenant.zone).date()
    counts = dict(Shipment.objects.order_by().values_list("accounting_state").annotate(count=Count("id")))
    context: dict[str, Any] = {"has_freight": bool(counts), **_setup(request)}
    if counts:
        context |= _figures(request, counts, today=today)
        context |= _days(request, today=today)
    context |= _accounting(request, now=now)
    return render(request, "invoices/overview.html", context)


def _setup(request: TenantRequest) -> dict[str, Any]:
    if request.tenant.setup_done_at is not None:
        return {}
    steps = setup_steps(request)
    to_do = [step for step in steps if not step.is_done]
    return {"steps": to_do, "step_count": len(steps), "done": len(steps) - len(to_do)}


def _figures(request: TenantRequest, counts: dict[str, int], *, today: date) -> dict[str, Any]:
    tenant = request.tenant
    owed, waiting = receivable_groups(due_buckets(today)), load_unsent(waiting_buckets(today))
    unsent = waiting.groups
    shipments = page_address(tenant, "shipments")
    stopped = counts.get("attention", 0)
    ready = Tile(
        title="Ready",
        address=f"{shipments}?state=ready",
        figure=f"{sum(counts.get(state, 0) for state in READY_STATES):,}",
        icon="paper-airplane",
        colour="azure",
        amounts=_by_currency((group.currency, group.net) for group in unsent if group.cause == READY),
        note=f"{counts.get('not ready', 0):,} not ready, {sum(counts.get(state, 0) for state in IN_PROGRESS):,} on "
        "their way",
    )
    attention = Tile(
        title="Needs attention",
        address=f"{shipments}?state=needs-attention",
        figure=f"{stopped:,}",
        icon="exclamation-triangle" if stopped else "check-circle",
        colour="red" if stopped else "green",
        amounts=[],
        note=_stopped_by_kind() if stopped else "All clear",
    )
    return {
        "ready_count": ready.figure if any(counts.get(state) for state in READY_STATES) else "",
        "tiles": [
            ready,
            attention,
            *_owed_tiles(request, owed, today=today),
            _oldest(request, waiting.oldest_id, today=today),
        ],
        "receivables": receivable_tables(tenant, owed, today=today),
        "unsent": unsent_by_cause(tenant, unsent, today=today),
    }


def _stopped_by_kind() -> str:
    """Who can mend what was stopped, with the number of shipments; one that several things stop counts for each."""
    documents = XeroDocument.objects.filter(state=DocumentState.ATTENTION).exclude(problem_code="").order_by()
    shipments = Count("invoice__lines__shipment", distinct=True)
    kinds: dict[str, int] = defaultdict(int)
    for code, count in documents.values_list("problem_code").annotate(count=shipments):
        kinds[CATALOGUE[code].mended_by] += count
    told = ", ".join(f"{kinds[kind]:,} {kind.lower()}" for kind in MendedBy if kinds[kind])
    return f"shipments stopped: {told}" if told else "shipments stopped"


def _owed_tiles(request: TenantRequest, groups: list[ReceivableGroup], *, today: date) -> list[Tile]:
    owed = [group for group in groups if group.bucket != CREDIT]
    overdue = [group for group in owed if group.bucket > 0]
    yesterday = (today - timedelta(days=1)).isoformat()
    return [
        Tile(
            title="In Xero, unpaid",
            address=invoices_address(request.tenant),
            figure=f"{sum(group.invoices for group in owed):,}",
            icon="document-text",
            colour="azure",
            amounts=_by_currency((group.currency, group.due) for group in owed),
        ),
        Tile(
            title="Overdue",
            address=invoices_address(request.tenant, due_to=yesterday),
            figure=f"{sum(group.invoices for group in overdue):,}",
            icon="clock",
            colour="red" if overdue else "green",
            amounts=_by_currency((group.currency, group.due) for group in overdue),
        ),
    ]


def _oldest(request: TenantRequest, shipment_id: int | None, *, today: date) -> Tile:
    if shipment_id is None:
        return Tile(
            title="Oldest unsent", address=unsent_address(request.tenant), figure="None", icon="check-circle",
            colour="green", amounts=[], note="Everything earned is in Xero",
        )  # fmt: skip
    oldest = Shipment.objects.get(pk=shipment_id)
    days = max(0, (today - oldest.list_date).days)
    return Tile(
        title="Oldest unsent",
        address=page_address(request.tenant, "shipment", oldest.public_id),
        figure=f"{days:,} day{'' if days == 1 else 's'}",
        icon="calendar-days",
        colour="azure",
        amounts=[],
        note=oldest.number,
    )


def _days(request: TenantRequest, *, today: date) -> dict[str, Any]:
    days = [today - timedelta(days=DAYS - 1 - place) for place in range(DAYS)]
    counts = daily_counts(days, zone=request.tenant.zone)
    values = [counts[kind] for kind in KINDS]
    labels = [f"{day.day} {day:%b}" for day in days]
    return {
        "series": SERIES,
        "columns": stacked_columns(labels, values, SERIES),
        "days": list(zip(labels, *values, strict=True)),
        "day_sums": [sum(one) for one in values],
        "plot_width": DAYS * 10,
    }


def _accounting(request: TenantRequest, *, now: datetime) -> dict[str, Any]:
    connection = connection_of(request)
    found: dict[str, Any] = {"connection": connection, "batch": None}
    if connection is not None:
        backlog = backlog_of(SyncJob.objects.filter(connection=connection))
        found["meter"] = lane_meter(OrganisationLane.objects.get(connection=connection), backlog, now=now)
    last = SendBatch.objects.order_by("-number").first()
    if last is not None:
        ((found["batch"], found["progress"]),) = progress_of([last])
    return found


def _by_currency(pairs: Iterable[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for currency, amount in pairs:
        sums[currency] += amount
    return sorted(sums.items())
