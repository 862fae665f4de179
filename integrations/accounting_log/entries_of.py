"""Reads the accounting log: newest first, with what a page shows of each entry."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from integrations.models import AccountingLogEntry


def entries_with_documents() -> QuerySet[AccountingLogEntry]:
    """In the tenant's scope; unordered."""
    return AccountingLogEntry.objects.select_related("document__invoice", "attempt", "job")


def entries_of_invoices(invoice_ids: Iterable[int]) -> QuerySet[AccountingLogEntry]:
    mine = entries_with_documents().filter(document__invoice__in=list(invoice_ids))
    return mine.order_by("-at", "-id")


def entries_of_shipments(public_ids: Iterable[UUID]) -> QuerySet[AccountingLogEntry]:
    """Of every document that bills one of them, once each; unordered."""
    lines = AccountingLogEntry.objects.filter(document__invoice__lines__shipment__public_id__in=list(public_ids))
    return entries_with_documents().filter(pk__in=lines.values("pk"))
