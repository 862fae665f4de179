"""Asks for a second document of ours in Xero, which nobody wanted, to be taken away there."""

from datetime import datetime
from uuid import UUID

from django.db.models import Max

from freightbridge.observability.correlation import correlation_id
from freightbridge.transactions import require_transaction
from integrations.accounting_log.write_entry import job_entry, write_entries
from integrations.job_states import FIRST_STEPS, LogResult, Operation
from integrations.lanes.claim_lane import wake_lane
from integrations.models import SyncJob, XeroDocument
from integrations.models.sync_job import Priority
from integrations.outbox.wake_delivery import wake_delivery


class OwnDocumentError(Exception):
    """This is the document itself, not a second one of it."""


def enqueue_discard(
    document: XeroDocument, xero_id: UUID, *, now: datetime, by: str = "", voids: bool = False
) -> SyncJob:
    """
    In the tenant's scope. A draft is deleted; `voids`: a person wants it gone although it is approved.

    Raises OwnDocumentError.
    """
    require_transaction()
    if document.xero_id == xero_id:
        raise OwnDocumentError(f"{document.number} is itself the document with that id.")
    priority = Priority.INTERACTIVE if by else Priority.BULK
    wake_lane(connection_id=document.connection_id, at=now, for_person=bool(by))
    earlier = SyncJob.objects.filter(document=document).aggregate(last=Max("revision"))["last"] or 0
    job = SyncJob.objects.create(
        connection_id=document.connection_id,
        document=document,
        invoice_id=document.invoice_id,
        operation=Operation.DISCARD,
        kind=document.kind,
        revision=earlier + 1,
        source={},
        target_status="VOIDED" if voids else "DELETED",
        step=FIRST_STEPS[Operation.DISCARD],
        priority=priority,
        next_at=now,
        xero_id=xero_id,
        wants_pdf=False,
        correlation_id=correlation_id(),
        created_at=now,
    )
    text = "A second document with its mark stands in Xero: it is taken away there."
    write_entries([job_entry(job, result=LogResult.INFO, event="second one", text=text, now=now, actor=by)])
    wake_delivery(priority)
    return job
