"""Sync jobs as rows of a page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from freightbridge.tenancy.models import Tenant
from freightbridge.ui.page_address import page_address
from freightbridge.ui.pill import Pill
from integrations.models import SyncJob
from integrations.web.problem_view import problem_sentence
from integrations.web.state_words import accounting_pill, money_pill
from integrations.web.xero_links import document_link

SHOWN_SHIPMENTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    number: str
    kind: str
    address: str
    xero_address: str
    customer: str
    shipments: str
    total: Decimal
    currency: str
    state: Pill
    cause: str
    money: Pill | None


def job_rows(jobs: Iterable[SyncJob], *, tenant: Tenant, short_codes: Mapping[int, str], now: datetime) -> list[JobRow]:
    """`jobs` with their document and invoice. `short_codes`: by connection, for links into Xero."""
    return [_row(job, tenant, short_codes.get(job.connection_id, ""), now) for job in jobs]


def _row(job: SyncJob, tenant: Tenant, short_code: str, now: datetime) -> JobRow:
    document, source = job.document, job.source
    return JobRow(
        number=document.number,
        kind=document.kind.capitalize(),
        address=page_address(tenant, "invoice", job.invoice.public_id) if job.invoice else "",
        xero_address=document_link(short_code=short_code, kind=document.kind, xero_id=document.xero_id),
        customer=source["party"]["name"] or source["party"]["code"],
        shipments=_some(source["shipment_numbers"]),
        total=document.total,
        currency=document.currency,
        state=accounting_pill(document.state, unknown_since=document.unknown_since, now=now),
        cause=problem_sentence(job.problems),
        money=money_pill(document.money_state),
    )


def _some(numbers: list[str]) -> str:
    rest = len(numbers) - SHOWN_SHIPMENTS
    shown = ", ".join(numbers[:SHOWN_SHIPMENTS])
    return f"{shown} + {rest} more" if rest > 0 else shown
