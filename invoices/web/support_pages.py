"""The support desk: any id, over all companies, with the reason written down; and how each company stands (N11)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import staff_only
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.ui.pill import Pill
from integrations.accounting_log.entries_of import entries_with_calls
from integrations.accounting_log.unknown_texts import MOST_TEXTS, UnknownText, unknown_texts
from integrations.models import AccountingLogEntry, XeroDocument
from integrations.sandbox_replay.disguise_body import why_no_replay
from integrations.web.attempt_view import AttemptView, attempt_view
from integrations.web.log_lines import LogLine, log_lines
from integrations.web.state_words import accounting_pill
from invoices.web.support_reason import reason_in
from invoices.workflows.find_for_support import Found, find_in_tenants, tenant_health

MOST_TENANTS = 100
MOST_ENTRIES = 200
LOOKED_BACK, COUNTED_BACK = timedelta(days=1), timedelta(days=30)
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportLine:
    """
    `call`: the request and the answer behind it without secrets, if there was a call; `attempt_id` names it.

    `why_no_replay`: why the sandbox cannot be asked the same; empty where it can.
    """

    line: LogLine
    call: AttemptView | None
    attempt_id: UUID | None
    why_no_replay: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportFind:
    """What one company has of the id. `bundle`: ids, times and events for a ticket, without payloads."""

    tenant: Tenant
    documents: list[tuple[XeroDocument, Pill]]
    shipments: list[tuple[str, Pill]]
    lines: list[SupportLine]
    bundle: str


@dataclass(slots=True)
class UnknownRow:
    """`companies`: how many were refused with it; which ones, nobody needs to know for it."""

    text: str
    count: int
    companies: int
    last_at: datetime


class UnknownCount:
    """Texts of Xero's without a cause of their own, over all companies."""

    def __init__(self) -> None:
        self.rows: dict[str, UnknownRow] = {}

    def add(self, texts: list[UnknownText]) -> None:
        """Of one company."""
        for one in texts:
            row = self.rows.setdefault(one.text, UnknownRow(one.text, 0, 0, one.last_at))
            row.count, row.companies = row.count + one.count, row.companies + 1
            row.last_at = max(row.last_at, one.last_at)

    def most_frequent(self) -> list[UnknownRow]:
        return sorted(self.rows.values(), key=lambda row: (-row.count, row.text))[:MOST_TEXTS]


@staff_only
def support_desk(request: HttpRequest) -> HttpResponse:
    return render(request, "support/desk.html", _health())


@staff_only
@require_POST
def support_search(request: HttpRequest) -> HttpResponse:
    """By POST: an address with a customer's number in it would stand in every log on the way."""
    wanted, given = request.POST.get("wanted", "").strip()[:100], reason_in(request)
    reason, complaint = given.text, given.complaint if wanted else "Enter the id to look for."
    context: dict[str, Any] = {"wanted": wanted, "reason": reason}
    if complaint:
        return render(request, "support/desk.html", {**context, "complaint": complaint, **_health()})
    now = read_clock()
    log.info("support search", by=request.user.email, wanted=wanted, reason=reason)  # type: ignore[union-attr]
    finds = [
        _find(tenant, found, now=now)
        for tenant, found in find_in_tenants(wanted, reason=reason, by=request.user, now=now)  # type: ignore[arg-type]
    ]
    return render(request, "support/desk.html", {**context, "finds": finds, "has_searched": True})


def _health() -> dict[str, Any]:
    now = read_clock()
    rows, texts = [], UnknownCount()
    for tenant in Tenant.objects.order_by("name", "id")[:MOST_TENANTS]:
        with tenant_scope(tenant):
            rows.append(tenant_health(tenant, since=now - LOOKED_BACK))
            texts.add(unknown_texts(since=now - COUNTED_BACK))
    return {"rows": rows, "is_cut": len(rows) == MOST_TENANTS, "unknown": texts.most_frequent()}


def _find(tenant: Tenant, found: Found, *, now: datetime) -> SupportFind:
    """In the tenant's scope."""
    entries = list(entries_with_calls().filter(document__in=found.documents).order_by("at", "id")[:MOST_ENTRIES])
    lines = [_support_line(line, entry) for line, entry in zip(log_lines(entries), entries, strict=True)]
    return SupportFind(
        tenant=tenant,
        documents=[
            (one, accounting_pill(one.state, unknown_since=one.unknown_since, now=now)) for one in found.documents
        ],
        shipments=[
            (one.number, accounting_pill(one.accounting_state, unknown_since=None, now=now)) for one in found.shipments
        ],
        lines=lines,
        bundle=_bundle(tenant, found, lines),
    )


def _support_line(line: LogLine, entry: AccountingLogEntry) -> SupportLine:
    attempt = entry.attempt
    if attempt is None:
        return SupportLine(line=line, call=None, attempt_id=None, why_no_replay="")
    return SupportLine(
        line=line,
        call=attempt_view(attempt, job=entry.job),
        attempt_id=attempt.public_id,
        why_no_replay=why_no_replay(
            attempt.method, attempt.path, bytes(attempt.body), is_removed=attempt.raw_removed_at is not None
        ),
    )


def _bundle(tenant: Tenant, found: Found, lines: list[SupportLine]) -> str:
    told = [f"Company {tenant.slug} ({tenant.public_id})"]
    told += [f"Shipment {one.number}: {one.accounting_state}" for one in found.shipments]
    told += [f"{one.kind} {one.number}: {one.state}, Xero id {one.xero_id or 'none'}" for one in found.documents]
    for one in lines:
        ids = [one.line.code, one.line.support_code, one.line.call, one.call.xero_correlation_id if one.call else ""]
        told.append(" | ".join(filter(None, [one.line.at.isoformat(), one.line.event, one.line.text, *ids])))
    return "\n".join(told)
