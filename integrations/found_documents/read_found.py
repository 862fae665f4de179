"""Asks Xero what others entered there since the last time, as far as the organisation's settings want it."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from integrations.connection.read_from_xero import XeroReader
from integrations.found_documents.read_elements import FoundElement, invoice_found, order_found, quote_found
from integrations.lanes.claim_lane import held_scope
from integrations.models import ConnectionSettings, FoundDocument, XeroConnection, XeroDocument

# Xero counts in whole seconds, and its clock is not ours.
OVERLAP = timedelta(minutes=2)


def wanted_lists(rules: ConnectionSettings) -> list[tuple[str, Callable[[dict[str, Any]], FoundElement]]]:
    """Empty: nothing is to be imported, and nothing is asked for."""
    lists = (
        (rules.imports_quotes, "Quotes", quote_found),
        (rules.imports_invoices, "Invoices", invoice_found),
        (rules.imports_orders, "PurchaseOrders", order_found),
    )
    return [(resource, read) for is_wanted, resource, read in lists if is_wanted]


def read_found(reader: XeroReader) -> None:
    """One call for each wanted list, unless hundreds changed. Raises ReadPostponedError, LaneLostError."""
    with held_scope(reader.held) as started_at:
        connection = XeroConnection.objects.get(pk=reader.held.connection_id)
        wanted = wanted_lists(ConnectionSettings.objects.get(connection=connection))
    since = connection.found_read_at - OVERLAP if connection.found_read_at else started_at
    found = [
        read(element) for resource, read in wanted for element in reader.read_pages(resource, modified_since=since)
    ]
    with held_scope(reader.held) as now:
        keep_found(connection, found, now=now)
        XeroConnection.objects.filter(pk=connection.pk).update(found_read_at=started_at)


def keep_found(connection: XeroConnection, found: Iterable[FoundElement], *, now: datetime) -> None:
    """In the tenant's scope. The same news twice changes nothing, and our own documents are left out."""
    several = {one.xero_id: one for one in found}
    known = {str(one.xero_id): one for one in FoundDocument.objects.filter(connection=connection, xero_id__in=several)}
    ours = _ours(connection, several.values())
    for one in several.values():
        standing = known.get(one.xero_id)
        if one.xero_id in ours or (standing is None and not one.is_wanted):
            continue
        if standing is None:
            standing = FoundDocument(connection=connection, kind=one.kind, xero_id=UUID(one.xero_id), found_at=now)
        elif (standing.content, standing.xero_status) == (one.content, one.status):
            continue
        _save(standing, one)


def _save(standing: FoundDocument, one: FoundElement) -> None:
    standing.number, standing.contact_name, standing.currency = one.number, one.contact_name[:500], one.currency
    standing.contact_id = UUID(one.contact_id) if one.contact_id else None
    standing.total, standing.xero_status = one.total, one.status
    standing.content, standing.is_pending = one.content, True
    standing.save()


def _ours(connection: XeroConnection, found: Iterable[FoundElement]) -> set[str]:
    """By id; by number and by our link too, since the answer that brings the id may still be on its way."""
    several = list(found)
    ours = XeroDocument.objects.filter(connection=connection)
    ids = {
        str(one) for one in ours.filter(xero_id__in=[one.xero_id for one in several]).values_list("xero_id", flat=True)
    }
    numbers = set(ours.filter(number__in=[one.number for one in several if one.number]).values_list("kind", "number"))
    return {
        one.xero_id
        for one in several
        if one.xero_id in ids
        or (one.kind, one.number) in numbers
        or (one.url and one.url.startswith(settings.PUBLIC_BASE_URL))
    }
