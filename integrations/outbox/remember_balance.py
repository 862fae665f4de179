"""
How far an invoice is open, and how much of a credit note is left, right before the one is set against the other: a
payment may have come since we heard of either.

It serves one attempt, like what is remembered of a quote.
"""

from typing import Any

from django.db.models import F

from integrations.connection.read_from_xero import XeroReader
from integrations.lanes.claim_lane import held_scope
from integrations.mapping.source import DocumentKind
from integrations.models import SyncJob, XeroDocument
from integrations.outbox.find_in_xero import Element
from integrations.xero_gateway.gateway import PATHS

GONE = "DELETED"


def remember_balance(reader: XeroReader, job: SyncJob) -> None:
    """Two calls. Raises ReadPostponedError, LaneLostError."""
    with held_scope(reader.held):
        invoice = XeroDocument.objects.get(pk=job.source["invoice_document_id"])
    billed = _element(reader, invoice.kind, invoice.xero_id)
    credit = _element(reader, job.kind, job.xero_id)
    standing = {
        "invoice_status": str(billed.get("Status", GONE)),
        "due": str(billed.get("AmountDue", 0)),
        "credit_status": str(credit.get("Status", GONE)),
        "left": str(credit.get("RemainingCredit", 0)),
    }
    with held_scope(reader.held):
        # With a key of its own: the amount may be another one than that of the attempt before.
        SyncJob.objects.filter(pk=job.pk).update(standing=standing, generation=F("generation") + 1)


def _element(reader: XeroReader, kind: str, xero_id: Any) -> Element:
    return next(iter(reader.read(f"{PATHS[DocumentKind(kind)]}/{xero_id}")), {})
