"""
Steps that add to a document: a credit is set against an invoice, a note goes into the history.

Done twice they would stand there twice, so a lost answer is looked up first, like a lost create.
"""

from datetime import date, datetime
from decimal import Decimal

from integrations.job_states import Step
from integrations.mapping.source import DocumentKind
from integrations.models import SyncJob, XeroConnection, XeroDocument
from integrations.outbox.answer_verdict import Applied, Verdict
from integrations.outbox.apply_decision import Happened
from integrations.outbox.job_events import Allocated, NotApplied, Noted
from integrations.outbox.steps.attempt_key import attempt_key
from integrations.outbox.steps.call_plan import Call, StepPlan
from integrations.outbox.steps.verdict_event import event_of
from integrations.xero_gateway.gateway import add_note, allocate_credit
from integrations.xero_gateway.sdk import freeze_allocation, freeze_note

# `SyncJob.source` of these operations: {"invoice_document_id", "amount"} and {"text"}.
AUTHORISED = {"AUTHORISED", "PAID"}


def plan_allocate(jobs: list[SyncJob], *, now: datetime) -> StepPlan:
    """One job. Both documents must be approved in Xero; until they are, it waits."""
    (job,) = jobs
    invoice = XeroDocument.objects.get(pk=job.source["invoice_document_id"])
    if invoice.xero_id is None or not {invoice.xero_status, job.document.xero_status} <= AUTHORISED:
        reason = f"Waits until {job.document.number} and {invoice.number} are approved in Xero."
        return StepPlan(settled=[Happened(job, NotApplied(reason=reason))])
    body = freeze_allocation(invoice_id=str(invoice.xero_id), amount=Decimal(job.source["amount"]), on=_today(job, now))
    write = allocate_credit(
        credit_note_id=str(job.xero_id),
        body=body,
        idempotency_key=attempt_key(jobs, Step.ALLOCATE),
    )
    return StepPlan(call=Call(write=write, jobs=jobs, conclude=_conclude_allocation))


def plan_note(jobs: list[SyncJob]) -> StepPlan:
    """One job."""
    (job,) = jobs
    write = add_note(
        DocumentKind(job.kind),
        xero_id=str(job.xero_id),
        body=freeze_note(job.source["text"]),
        idempotency_key=attempt_key(jobs, Step.NOTE),
    )
    return StepPlan(call=Call(write=write, jobs=jobs, conclude=_conclude_note))


def _today(job: SyncJob, now: datetime) -> date:
    return now.astimezone(XeroConnection.objects.get(pk=job.connection_id).zone).date()


def _conclude_allocation(job: SyncJob, verdict: Verdict) -> Happened:
    return Happened(job, Allocated() if isinstance(verdict, Applied) else event_of(job, verdict))


def _conclude_note(job: SyncJob, verdict: Verdict) -> Happened:
    return Happened(job, Noted() if isinstance(verdict, Applied) else event_of(job, verdict))
