"""Reads the accounting log: newest first, with what a page shows of each entry."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import QuerySet

from integrations.models import AccountingLogEntry, XeroDocument

# Large, or read by nobody here.
LEFT_OUT = ("job__standing", "job__batch__rest", "document__payments")
# What a line tells of what its entry is about. Each further column of these wide rows is paid for in every list; and
# a call for fifty documents would come with every one of their entries, a send with its thousands of shipments.
OF_LINES = (
    *("public_id", "tenant", "at", "result", "direction", "event", "text", "problem_code", "details", "has_news"),
    *("actor", "correlation_id", "job__public_id", "job__batch__number"),
    *("document__number", "document__invoice__public_id", "attempt__public_id", "attempt__method", "attempt__path"),
    *("attempt__http_status", "attempt__sent_at", "attempt__finished_at", "attempt__raw_removed_at"),
)
WITH = ("document__invoice", "attempt", "job__batch")


def entries_with_documents() -> QuerySet[AccountingLogEntry]:
    """In the tenant's scope; unordered. With what a line tells, and nothing else."""
    return AccountingLogEntry.objects.select_related(*WITH).only(*OF_LINES)


def entries_with_calls() -> QuerySet[AccountingLogEntry]:
    """The same in full, with what was sent and answered: for few."""
    return AccountingLogEntry.objects.select_related(*WITH).defer(*LEFT_OUT)


def shipment_numbers_of(entries: Iterable[AccountingLogEntry]) -> dict[int, list[str]]:
    """By document, in order: what the documents of these entries bill. One query for any number."""
    ids = {entry.document_id for entry in entries if entry.document_id}
    documents = XeroDocument.objects.filter(pk__is_among=ids)
    number = "invoice__lines__shipment__number"
    billed = documents.filter(**{f"{number}__isnull": False}).order_by().values_list("pk")
    return dict(billed.annotate(numbers=ArrayAgg(number, distinct=True, order_by=number)))


def entries_of_invoices(invoice_ids: Iterable[int]) -> QuerySet[AccountingLogEntry]:
    mine = entries_with_documents().filter(document__invoice__in=list(invoice_ids))
    return mine.order_by("-at", "-id")


def entries_of_shipments(public_ids: Iterable[UUID]) -> QuerySet[AccountingLogEntry]:
    """
    Of every document that bills one of them, once each; unordered. One query finds the documents: with their ids in
    it the other one begins at them, and not at the newest of all entries.
    """
    bill_them = XeroDocument.objects.filter(invoice__lines__shipment__public_id__in=list(public_ids))
    documents = bill_them.order_by().values_list("pk", flat=True).distinct()
    return entries_with_documents().filter(document__in=list(documents))
