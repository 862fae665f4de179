"""A call that changes nothing of documents but their status: to approve them, to void or delete them."""

from typing import Any

from integrations.job_states import Step
from integrations.mapping.source import DocumentKind
from integrations.models import SyncJob
from integrations.outbox.answer_verdict import Mark
from integrations.outbox.steps.attempt_key import attempt_key
from integrations.xero_gateway.gateway import Write, change_documents
from integrations.xero_gateway.sdk import freeze_statuses


def status_call(jobs: list[SyncJob], step: Step) -> dict[str, Any]:
    """The request and its marks, for jobs of one kind (no quotes) and one target status."""
    kind = DocumentKind(jobs[0].kind)
    body = freeze_statuses(kind, xero_ids=[str(job.xero_id) for job in jobs], status=jobs[0].target_status)
    return {"write": changing(kind, body, jobs, step), "marks": id_marks(jobs)}


def changing(kind: DocumentKind, body: bytes, jobs: list[SyncJob], step: Step) -> Write:
    return change_documents(kind, body=body, idempotency_key=attempt_key(jobs, step))


def id_marks(jobs: list[SyncJob]) -> list[Mark]:
    return [Mark(ID_NAMES[DocumentKind(job.kind)], str(job.xero_id)) for job in jobs]


ID_NAMES = {
    DocumentKind.SALES_INVOICE: "InvoiceID",
    DocumentKind.BILL: "InvoiceID",
    DocumentKind.SALES_CREDIT_NOTE: "CreditNoteID",
    DocumentKind.BILL_CREDIT_NOTE: "CreditNoteID",
    DocumentKind.QUOTE: "QuoteID",
}
