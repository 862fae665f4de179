"""Sync jobs as rows of a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from freightbridge.tenancy.models import Tenant
from freightbridge.ui.page_address import page_address
from freightbridge.ui.pill import Pill
from integrations.models import SendBatch, SyncJob
from integrations.web.problem_view import problem_sentence
from integrations.web.state_words import accounting_pill, money_pill
from integrations.web.xero_links import document_link

SHOWN_SHIPMENTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownShipments:
    """The first few with their pages' addresses, empty where the send did not select it; `more`: how many others."""

    shown: list[tuple[str, str]]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    number: str
    kind: str
    address: str
    xero_address: str
    customer: str
    shipments: ShownShipments
    total: Decimal
    currency: str
    state: Pill
    cause: str
    money: Pill | None


def job_rows(
    batch: SendBatch, jobs: Sequence[SyncJob], *, tenant: Tenant, short_codes: Mapping[int, str], now: datetime
) -> list[JobRow]:
    """`jobs` of the batch with their document and invoice. `short_codes`: by connection, for links into Xero."""
    pages = _shipment_pages(batch, jobs, tenant)
    return [_row(job, tenant, short_codes.get(job.connection_id, ""), pages, now) for job in jobs]


def _row(job: SyncJob, tenant: Tenant, short_code: str, pages: Mapping[str, str], now: datetime) -> JobRow:
    document, source = job.document, job.source
    return JobRow(
        number=document.number,
        kind=document.kind.capitalize(),
        address=page_address(tenant, "invoice", job.invoice.public_id) if job.invoice else "",
        xero_address=document_link(short_code=short_code, kind=document.kind, xero_id=document.xero_id),
        customer=source["party"]["name"] or source["party"]["code"],
        shipments=_some(source["shipment_numbers"], pages),
        total=document.total,
        currency=document.currency,
        state=accounting_pill(document.state, unknown_since=document.unknown_since, now=now),
        cause=problem_sentence(job.problems),
        money=money_pill(document.money_state),
    )


def _shipment_pages(batch: SendBatch, jobs: Sequence[SyncJob], tenant: Tenant) -> dict[str, str]:
    """By number, of those that will be shown: one query for any number of jobs."""
    numbers = {number for job in jobs for number in job.source["shipment_numbers"][:SHOWN_SHIPMENTS]}
    selected = batch.members.filter(shipment__number__in=numbers).order_by()
    found = selected.values_list("shipment__number", "shipment__public_id")
    return {number: page_address(tenant, "shipment", public_id) for number, public_id in found}


def _some(numbers: list[str], pages: Mapping[str, str]) -> ShownShipments:
    shown = [(number, pages.get(number, "")) for number in numbers[:SHOWN_SHIPMENTS]]
    return ShownShipments(shown=shown, more=len(numbers) - len(shown))
