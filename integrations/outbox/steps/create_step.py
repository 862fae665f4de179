"""Step: up to fifty documents of one kind, as drafts, in one call. What Xero answers is compared at once."""

from dataclasses import fields

from integrations.job_states import Step
from integrations.mapping.compare_answer import SentFigures, differences
from integrations.mapping.documents import MappedDocument
from integrations.mapping.source import DocumentKind, from_json
from integrations.models import SyncJob
from integrations.outbox.answer_verdict import Applied, Mark, Verdict, figures_of
from integrations.outbox.apply_decision import Happened
from integrations.outbox.job_events import Created
from integrations.outbox.steps.attempt_key import attempt_key
from integrations.outbox.steps.call_plan import Call, StepPlan
from integrations.outbox.steps.lost_accounts import lost_accounts
from integrations.outbox.steps.verdict_event import event_of
from integrations.xero_gateway.answers import status_of
from integrations.xero_gateway.gateway import create_documents
from integrations.xero_gateway.sdk import freeze_documents

# Xero's pages name 3.5 MB and 10 MB (unconfirmed); a fuller body is sent as two.
MOST_BYTES = 3_000_000
NUMBER_NAMES = {
    DocumentKind.SALES_INVOICE: "InvoiceNumber",
    DocumentKind.BILL: "InvoiceNumber",
    DocumentKind.SALES_CREDIT_NOTE: "CreditNoteNumber",
    DocumentKind.BILL_CREDIT_NOTE: "CreditNoteNumber",
    DocumentKind.QUOTE: "QuoteNumber",
}


def plan_create(jobs: list[SyncJob]) -> StepPlan:
    """Frozen from what was mapped when the document was approved, or mended since."""
    documents = [mapped_of(job) for job in jobs]
    body = freeze_documents(documents, contact_ids=[str(job.contact_id) for job in jobs])
    if len(body) > MOST_BYTES and len(jobs) > 1:
        return plan_create(jobs[: len(jobs) // 2])
    kind = documents[0].kind
    write = create_documents(kind, body=body, idempotency_key=attempt_key(jobs, Step.CREATE))
    marks = [Mark(NUMBER_NAMES[kind], document.number) for document in documents]
    return StepPlan(calls=[Call(write=write, jobs=jobs, conclude=_conclude, marks=marks)])


def mapped_of(job: SyncJob) -> MappedDocument:
    return from_json(MappedDocument, job.mapped)


def figures_sent(job: SyncJob) -> SentFigures:
    """Of `mapped_of`, whose many lines need not be read for them."""
    mapped = job.mapped or {}
    return from_json(SentFigures, {field.name: mapped[field.name] for field in fields(SentFigures)})


def _conclude(job: SyncJob, verdict: Verdict) -> Happened:
    if not isinstance(verdict, Applied):
        return Happened(job, event_of(job, verdict))
    found = tuple(differences(figures_sent(job), figures_of(verdict.element)))
    created = Created(
        xero_id=verdict.xero_id,
        differences=found,
        problems=lost_accounts(job, verdict.element),
        warnings=verdict.warnings,
    )
    return Happened(job, created, {"xero_status": status_of(verdict.element)})
