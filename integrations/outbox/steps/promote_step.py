"""Step: stored drafts to their target status, up to fifty in one call, by the ids we stored and no others."""

from integrations.job_states import MoneyState
from integrations.mapping.compare_answer import differences
from integrations.mapping.document_identity import idempotency_key
from integrations.mapping.source import DocumentKind
from integrations.models import SyncJob
from integrations.outbox.answer_verdict import Applied, Mark, Verdict, figures_of
from integrations.outbox.apply_decision import Happened
from integrations.outbox.job_snapshot import Promoted
from integrations.outbox.steps.call_plan import Call, StepPlan
from integrations.outbox.steps.create_step import mapped_of
from integrations.outbox.steps.verdict_event import event_of
from integrations.xero_gateway.gateway import promote_documents
from integrations.xero_gateway.sdk import freeze_promotions


def plan_promote(jobs: list[SyncJob]) -> StepPlan:
    """All of one kind and one target status."""
    kind = DocumentKind(jobs[0].kind)
    body = freeze_promotions(kind, xero_ids=[str(job.xero_id) for job in jobs], status=jobs[0].target_status)
    key = idempotency_key(
        identities=[job.document.identity for job in jobs],
        phase="promote",
        generation=max(job.generation for job in jobs),
    )
    write = promote_documents(kind, body=body, idempotency_key=key)
    field = "CreditNoteID" if kind.is_credit_note else "InvoiceID"
    marks = [Mark(field, str(job.xero_id)) for job in jobs]
    return StepPlan(call=Call(write=write, jobs=jobs, conclude=_conclude, marks=marks))


def _conclude(job: SyncJob, verdict: Verdict) -> Happened:
    if not isinstance(verdict, Applied):
        return Happened(job, event_of(job, verdict))
    found = tuple(differences(mapped_of(job), figures_of(verdict.element)))
    learnt = {"xero_status": str(verdict.element.get("Status", ""))}
    if learnt["xero_status"] == "AUTHORISED":
        learnt["money_state"] = MoneyState.UNPAID
    return Happened(job, Promoted(differences=found), learnt)
