"""Everything sent against everything in Xero, and what can be done where the two do not agree."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.is_working import is_working
from freightbridge.clock import read_clock
from freightbridge.ui.keyset import Order, keyset_page
from freightbridge.ui.page_address import redirect_to_page
from freightbridge.ui.pill import Pill
from freightbridge.ui.render_page import render_page
from freightbridge.ui.tabs import Tab, query_without
from integrations.connection.active_connection import NOT_CONNECTED
from integrations.connection.connection_work import COMPARE_LEDGERS
from integrations.job_states import BreakKind
from integrations.models import LedgerBreak, LedgerComparison, XeroConnection
from integrations.reconciliation.break_words import closed_words, found_words
from integrations.reconciliation.ledger_counts import ledger_counts
from integrations.reconciliation.mend_break import (
    REMOVABLE,
    RESTORABLE,
    NotMendableError,
    send_figures_again,
    settle_by_hand,
    take_away,
)
from integrations.web.connection_strip import connection_of
from integrations.web.state_words import BREAKS
from integrations.web.xero_links import document_link

NEWEST = Order(("id",))


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakRow:
    """`end`: how it was closed, empty while it is open. `in_xero`: the address there, empty where there is none."""

    one: LedgerBreak
    pill: Pill
    name: str
    text: str
    end: str
    in_xero: str
    is_removable: bool
    is_restorable: bool

    @property
    def key(self) -> str:
        return str(self.one.public_id)


@requires(Permission.VIEW_ACCOUNTING_LOG)
def reconciliation(request: TenantRequest) -> HttpResponse:
    connection, now = connection_of(request), read_clock()
    context: dict[str, Any] = {"connection": connection}
    if connection is not None:
        shows_settled = request.GET.get("show") == "settled"
        breaks = LedgerBreak.objects.filter(connection=connection, closed_at__isnull=not shows_settled)
        page = keyset_page(
            breaks.select_related("document__invoice"),
            order=NEWEST,
            after=request.GET.get("after", ""),
            before=request.GET.get("before", ""),
        )
        context |= {
            "comparison": LedgerComparison.objects.filter(connection=connection).first(),
            "counts": ledger_counts(connection.pk),
            "is_comparing": is_working(COMPARE_LEDGERS, connection.pk, now=now),
            "page": page,
            "rows": [_row(one, connection) for one in page.rows],
            "shows_settled": shows_settled,
            "tabs": _tabs(connection, shows_settled=shows_settled),
            "query": query_without(request.GET, "after", "before"),
        }
    return render_page(request, "integrations/reconciliation.html", context, part="live")


@requires(Permission.CHECK_PAYMENTS)
@require_POST
def compare_now(request: TenantRequest) -> HttpResponse:
    """A whole week of documents, as by night."""
    connection = connection_of(request)
    if connection is None:
        messages.error(request, NOT_CONNECTED)
        return redirect_to_page(request, "reconciliation")
    LedgerComparison.objects.filter(connection=connection).update(week_compared_at=None)
    enqueue_work(COMPARE_LEDGERS, [connection.pk], now=read_clock())
    messages.success(request, "The last week is being compared with Xero; the result appears here by itself.")
    return redirect_to_page(request, "reconciliation")


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def settle_break(request: TenantRequest, public_id: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "").strip()[:200]

    def settle(one: LedgerBreak) -> None:
        settle_by_hand(one, reason=reason, by=request.user.email, now=read_clock())

    return _mend(request, public_id, settle, done="Settled; it comes back only if something changes in Xero.")


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def remove_second(request: TenantRequest, public_id: UUID) -> HttpResponse:
    def remove(one: LedgerBreak) -> None:
        take_away(one, by=request.user.email, now=read_clock())

    return _mend(request, public_id, remove, done="The second document is being taken away in Xero.")


@requires(Permission.SEND_TO_ACCOUNTING)
@require_POST
def restore_figures(request: TenantRequest, public_id: UUID) -> HttpResponse:
    def restore(one: LedgerBreak) -> None:
        send_figures_again(one, by=request.user.email, now=read_clock())

    return _mend(request, public_id, restore, done="Our figures are on their way to Xero.")


def _mend(request: TenantRequest, public_id: UUID, mend: Callable[[LedgerBreak], None], *, done: str) -> HttpResponse:
    one = get_object_or_404(LedgerBreak.objects.select_related("document", "connection"), public_id=public_id)
    try:
        mend(one)
    except NotMendableError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect_to_page(request, "reconciliation")


def _row(one: LedgerBreak, connection: XeroConnection) -> BreakRow:
    is_open = one.closed_at is None
    return BreakRow(
        one=one,
        pill=BREAKS[BreakKind(one.kind)],
        name=one.number or "without a number",
        text=found_words(one),
        end="" if is_open else closed_words(one),
        in_xero=document_link(short_code=connection.short_code, kind=one.document_kind, xero_id=one.xero_id),
        is_removable=is_open and one.kind in REMOVABLE and one.document is not None,
        is_restorable=is_open and one.kind in RESTORABLE,
    )


def _tabs(connection: XeroConnection, *, shows_settled: bool) -> list[Tab]:
    count = LedgerBreak.objects.filter(connection=connection, closed_at=None).count()
    return [
        Tab(label="Open", address="?", is_current=not shows_settled, count=str(count)),
        Tab(label="Settled", address="?show=settled", is_current=shows_settled),
    ]
