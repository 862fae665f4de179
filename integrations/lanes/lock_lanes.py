"""Locks the lanes of documents before whoever changes their jobs locks anything else of theirs."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from integrations.models import OrganisationLane, XeroDocument


def lock_lanes_of(invoice_ids: Iterable[int] | QuerySet[Any, Any]) -> None:
    """
    For a transaction that locks invoices or shipments and wakes their lane afterwards. A lane's holder has it first,
    and with the state of a document the database changes its invoice and shipments: in any other order each would
    wait for the other.
    """
    connections = XeroDocument.objects.filter(invoice__in=invoice_ids).values("connection")
    lanes = OrganisationLane.objects.filter(connection__in=connections).order_by("pk")
    list(lanes.select_for_update(no_key=True).values_list("pk"))
