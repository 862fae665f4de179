"""
Asks for a change of a document that was handed over before: new lines, a void, an allocation, a note.

Each is a job of its own behind the document's open ones, with the next revision; nothing is done at once.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max

from freightbridge.observability.correlation import correlation_id
from freightbridge.transactions import require_transaction
from integrations.accounting_log.write_entry import job_entry, problem_entry, write_entries
from integrations.job_states import (
    ADDITIONS,
    FIRST_STEPS,
    DocumentState,
    JobState,
    LogResult,
    Operation,
    document_state,
)
from integrations.lanes.claim_lane import wake_lane
from integrations.mapping.document_identity import DocumentMark
from integrations.mapping.map_document import map_document
from integrations.mapping.source import ExportableDocument, to_json
from integrations.models import SyncJob, XeroDocument
from integrations.models.sync_job import Priority
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.job_events import Mended
from integrations.outbox.requeue_job import STOPPED, map_again
from integrations.outbox.sender import Sender
from integrations.outbox.wake_delivery import wake_delivery
from integrations.problem_catalogue import describe

# While an earlier job is open, it is that one which says how far the document is.
SETTLED = {DocumentState.IN_XERO, DocumentState.ATTENTION}
TOLD = {
    Operation.UPDATE: "A change is queued.",
    Operation.VOID: "Voiding is queued.",
    Operation.UNPOST: "Taking it back is queued.",
    Operation.ALLOCATE: "Setting the credit against its invoice is queued.",
    Operation.NOTE: "A note with all references is queued.",
}


def enqueue_update(
    document: XeroDocument, source: ExportableDocument, *, sender: Sender, now: datetime, awaits_pdf: bool = False
) -> SyncJob:
    """
    New lines under the id that Xero gave. `awaits_pdf`: a new PDF is being made and takes the old one's place. A
    create that was stopped takes the new lines itself: else its mend would bring back the old ones.
    """
    require_transaction()
    wake_lane(connection_id=sender.connection.pk, at=now, for_person=sender.priority == Priority.INTERACTIVE)
    stopped = SyncJob.objects.filter(document=document, operation=Operation.CREATE, state__in=STOPPED).first()
    if stopped is not None:
        document.total, document.due_date = source.total, source.due_date
        document.save(update_fields=["total", "due_date"])
        if awaits_pdf and stopped.wants_pdf:
            stopped.pdf, stopped.is_attached = None, False
            stopped.save(update_fields=["pdf", "is_attached"])
        if map_again(stopped, source, rules=sender.rules, link_base=sender.link_base):
            happen([Happened(stopped, Mended())], now=now)
            wake_delivery(sender.priority)
        return stopped
    mark = DocumentMark(document.identity, sender.link_base)
    result = map_document(source, rules=sender.rules, mark=mark)
    job = _job(document, Operation.UPDATE, to_json(source), sender, now=now)
    job.wants_pdf = awaits_pdf
    if result.document is None:
        job.state, job.finished_at, job.problem_code = JobState.ATTENTION, now, result.problems[0].code
        job.problems = [describe.to_json(problem) for problem in result.problems]
    else:
        job.mapped, job.rules_version = to_json(result.document), sender.rules.version
    return _queue(job, sender, now=now)


def enqueue_void(
    document: XeroDocument, *, sender: Sender, now: datetime, takes_back: bool = False, reason: str = ""
) -> SyncJob:
    """`takes_back`: the invoice becomes a draft here once it is voided there. `reason`: for the log."""
    operation = Operation.UNPOST if takes_back else Operation.VOID
    return _queue(_job(document, operation, {}, sender, now=now), sender, now=now, reason=reason)


def enqueue_allocation(
    credit_note: XeroDocument, invoice: XeroDocument, *, amount: Decimal, sender: Sender, now: datetime
) -> SyncJob:
    """Behind the credit note's create; as far as the invoice is open when both are approved in Xero."""
    source = {"invoice_document_id": invoice.pk, "invoice_number": invoice.number, "amount": f"{amount:.2f}"}
    return _queue(_job(credit_note, Operation.ALLOCATE, source, sender, now=now), sender, now=now)


def enqueue_note(document: XeroDocument, *, text: str, sender: Sender, now: datetime) -> SyncJob:
    """At most 2,500 characters reach the history (developer.xero.com: History & Notes)."""
    return _queue(_job(document, Operation.NOTE, {"text": text[:2500]}, sender, now=now), sender, now=now)


def _job(document: XeroDocument, operation: Operation, source: Any, sender: Sender, *, now: datetime) -> SyncJob:
    """Raises TransactionError outside a transaction."""
    require_transaction()
    earlier = SyncJob.objects.filter(document=document)
    return SyncJob(
        connection=sender.connection,
        document=document,
        invoice_id=document.invoice_id,
        batch=sender.batch,
        operation=operation,
        kind=document.kind,
        revision=(earlier.aggregate(last=Max("revision"))["last"] or 0) + 1,
        source=source,
        target_status="",
        step=FIRST_STEPS[operation],
        priority=sender.priority,
        next_at=now,
        xero_id=document.xero_id,
        wants_pdf=False,
        correlation_id=correlation_id(),
        created_at=now,
    )


def _queue(job: SyncJob, sender: Sender, *, now: datetime, reason: str = "") -> SyncJob:
    wake_lane(connection_id=sender.connection.pk, at=now, for_person=sender.priority == Priority.INTERACTIVE)
    job.save()
    if job.document.state in SETTLED and job.operation not in ADDITIONS:
        job.document.state = document_state(job.operation, job.state)
        job.document.problem_code = job.problem_code
        job.document.save(update_fields=["state", "problem_code"])
    write_entries([_entry(job, sender, reason, now=now)])
    wake_delivery(sender.priority)
    return job


def _entry(job: SyncJob, sender: Sender, reason: str, *, now: datetime) -> Any:
    if job.problems:
        return problem_entry(job, describe.from_json(job.problems[0]), event="not sent", now=now)
    text = " ".join(filter(None, [TOLD[Operation(job.operation)], reason]))
    return job_entry(job, result=LogResult.INFO, event="queued", text=text, now=now, actor=sender.by)
