"""Puts documents into the outbox, in the transaction that approves them: from here on they will reach Xero."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from freightbridge.insert_rows import insert_rows
from freightbridge.observability.correlation import correlation_id
from freightbridge.transactions import require_transaction
from integrations.accounting_log.write_entry import job_entry, problem_entry, write_entries
from integrations.job_states import DocumentState, JobState, LogResult, Operation, Step
from integrations.lanes.claim_lane import wake_lane
from integrations.mapping.document_identity import DocumentMark, document_identity
from integrations.mapping.map_document import MappingResult, map_document
from integrations.mapping.source import ExportableDocument, to_json
from integrations.models import AccountingLogEntry, RestoreEpoch, SyncJob, XeroDocument
from integrations.models.sync_job import Priority
from integrations.outbox.mark_restored import current_epoch
from integrations.outbox.sender import Sender
from integrations.outbox.wake_delivery import wake_delivery
from integrations.problem_catalogue import describe


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A document to be sent. `invoice_id` is the row it is about; `pdf_id` its stored PDF, None until rendered."""

    source: ExportableDocument
    invoice_id: int
    pdf_id: int | None = None


def enqueue_creates(exports: Sequence[Export], *, sender: Sender, now: datetime) -> list[SyncJob]:
    """
    One job for each. A document that cannot be mapped is born needing attention, with all its problems.

    Raises TransactionError outside a transaction, IntegrityError for a document that was handed over before.
    """
    require_transaction()
    mapped = [_map(export, sender) for export in exports]
    documents = [
        _document(export, identity, result, sender) for export, (identity, result) in zip(exports, mapped, strict=True)
    ]
    insert_rows(documents)
    epoch = current_epoch(now)
    jobs = [
        _asked_first(_job(export, document, result, sender, now=now), epoch)
        for export, document, (_, result) in zip(exports, documents, mapped, strict=True)
    ]
    insert_rows(jobs)
    write_entries(_entry(job, sender, now=now) for job in jobs)
    wake_lane(connection_id=sender.connection.pk, at=now, for_person=sender.priority == Priority.INTERACTIVE)
    wake_delivery(sender.priority)
    return jobs


def _map(export: Export, sender: Sender) -> tuple[str, MappingResult]:
    identity = document_identity(
        key=sender.connection.identity_key,
        organisation_id=str(sender.connection.organisation_id),
        kind=export.source.kind,
        source_id=export.source.source_id,
        export_version=export.source.export_version,
    )
    return identity, map_document(export.source, rules=sender.rules, mark=DocumentMark(identity, sender.link_base))


def _document(export: Export, identity: str, result: MappingResult, sender: Sender) -> XeroDocument:
    source = export.source
    return XeroDocument(
        connection=sender.connection,
        invoice_id=export.invoice_id,
        kind=source.kind,
        identity=identity,
        state=DocumentState.QUEUED if result.document else DocumentState.ATTENTION,
        problem_code=result.problems[0].code if result.problems else "",
        number=source.number,
        source_name=source.source_id.rpartition("|")[0],
        currency=source.currency,
        total=source.total,
        due_date=source.due_date,
    )


def _job(export: Export, document: XeroDocument, result: MappingResult, sender: Sender, *, now: datetime) -> SyncJob:
    return SyncJob(
        connection=sender.connection,
        document=document,
        invoice_id=export.invoice_id,
        batch=sender.batch,
        operation=Operation.CREATE,
        kind=export.source.kind,
        export_version=export.source.export_version,
        source=to_json(export.source),
        mapped=to_json(result.document) if result.document else None,
        rules_version=sender.rules.version,
        target_status=result.document.target_status if result.document else sender.rules.target_status,
        state=JobState.QUEUED if result.document else JobState.ATTENTION,
        step=Step.CONTACT,
        priority=sender.priority,
        next_at=now,
        # The supplier has printed his bill himself.
        wants_pdf=sender.rules.attaches_pdf and not export.source.kind.is_purchase,
        pdf_id=export.pdf_id,
        problem_code=document.problem_code,
        problems=[describe.to_json(problem) for problem in result.problems],
        correlation_id=correlation_id(),
        created_at=now,
        finished_at=None if result.document else now,
    )


def _asked_first(job: SyncJob, epoch: RestoreEpoch | None) -> SyncJob:
    """
    After a restore: the document may have been sent in the time that the backup does not know. One that is stopped
    now is asked about when it is mended.
    """
    if epoch is not None:
        job.unknown_since = job.created_at
        job.first_sent_at, job.first_sent_tick = epoch.backup_at, epoch.marked_tick
        job.state = JobState.UNKNOWN if job.state == JobState.QUEUED else job.state
    return job


def _entry(job: SyncJob, sender: Sender, *, now: datetime) -> AccountingLogEntry:
    if job.problems:
        return problem_entry(job, describe.from_json(job.problems[0]), event="not sent", now=now)
    text = f"Queued for {sender.connection.name}."
    return job_entry(job, result=LogResult.INFO, event="queued", text=text, now=now, actor=sender.by)
