"""
Looks for an id in one company after another, for those who run the installation (N11).

Each company is read in its own scope, as its own people read it: no policy of the database is widened for support.
Where something is found, the company's own audit says who looked, for what and why.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from freightbridge.access.models import User
from freightbridge.audit.record_event import record_event
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.active_connection import find_connection
from integrations.job_states import OPEN_STATES
from integrations.models import (
    AccountingLogEntry,
    AttemptMember,
    OrganisationLane,
    SyncAttempt,
    SyncJob,
    XeroConnection,
    XeroDocument,
)
from invoices.models import InvoiceLine, Shipment

MOST_DOCUMENTS = 20
LOOKED = "support looked"
UUID_FORM = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one company has of it."""

    documents: list[XeroDocument]
    shipments: list[Shipment]


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantHealth:
    """`oldest_at`: since when the oldest open job waits. `failed`: of `calls`, those without an answer or refused."""

    tenant: Tenant
    connection: XeroConnection | None
    backlog: int
    stopped: int
    oldest_at: datetime | None
    calls: int
    failed: int
    day_left: int | None

    @property
    def error_percent(self) -> int:
        return round(100 * self.failed / self.calls) if self.calls else 0


def find_in_tenants(wanted: str, *, reason: str, by: User, now: datetime) -> Iterator[tuple[Tenant, Found]]:
    """Yields inside the company's scope, for as long as the caller stays with it."""
    for tenant in Tenant.objects.order_by("name", "id"):
        with tenant_scope(tenant):
            found = _find(wanted)
            subject = next(iter([*found.documents, *found.shipments]), None)
            if subject is not None:
                record_event(action=LOOKED, subject=subject, by=by.email, now=now, reason=reason, wanted=wanted)
                yield tenant, found


def tenant_health(tenant: Tenant, *, since: datetime) -> TenantHealth:
    """In the tenant's scope; four queries."""
    connection = find_connection()
    jobs = SyncJob.objects.aggregate(
        backlog=Count("id", filter=Q(state__in=OPEN_STATES)),
        stopped=Count("id", filter=Q(state__in=["attention", "rejected"])),
        oldest_at=Min("created_at", filter=Q(state__in=OPEN_STATES)),
    )
    has_failed = Q(http_status__gte=400) | ~Q(error="")
    calls = SyncAttempt.objects.filter(sent_at__gte=since).aggregate(
        calls=Count("id"), failed=Count("id", filter=has_failed)
    )
    lanes = OrganisationLane.objects.filter(connection=connection).values_list("day_left", flat=True)
    return TenantHealth(tenant=tenant, connection=connection, day_left=lanes.first(), **jobs, **calls)


def _find(wanted: str) -> Found:
    spellings = [wanted, wanted.upper()]
    shipments = Shipment.objects.filter(number__in=spellings)
    documents = XeroDocument.objects.filter(_is_meant(wanted, spellings)).select_related("invoice", "connection")
    return Found(
        documents=list(documents.order_by("-id")[:MOST_DOCUMENTS]),
        shipments=list(shipments.order_by("id")[:MOST_DOCUMENTS]),
    )


def _is_meant(wanted: str, spellings: list[str]) -> Q:
    """Whole ids only: support is told them, and a piece would show what nobody asked about."""
    lines = InvoiceLine.objects.filter(shipment__number__in=spellings).values("invoice")
    entries = AccountingLogEntry.objects.filter(correlation_id__in=spellings, document__isnull=False).values("document")
    members = AttemptMember.objects.filter(_is_call(wanted, spellings)).values("job__document")
    meant = Q(number__in=spellings) | Q(invoice__in=lines) | Q(pk__in=entries) | Q(pk__in=members)
    meant |= Q(pk__in=_jobs_of(spellings).values("document"))
    if UUID_FORM.fullmatch(wanted):
        meant |= Q(xero_id=UUID(wanted)) | Q(public_id=UUID(wanted)) | Q(invoice__public_id=UUID(wanted))
    return meant


def _is_call(wanted: str, spellings: list[str]) -> Q:
    return Q(attempt__correlation_id__in=spellings) | Q(attempt__xero_correlation_id__in=[wanted, wanted.lower()])


def _jobs_of(spellings: list[str]) -> QuerySet[SyncJob]:
    return SyncJob.objects.filter(correlation_id__in=spellings)
