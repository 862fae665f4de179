"""Step: documents voided, or drafts deleted, by the ids we stored. The status to take was chosen by looking first."""

from integrations.job_states import MoneyState, Step
from integrations.mapping.source import DocumentKind
from integrations.models import SyncJob
from integrations.outbox.answer_verdict import Applied, Verdict
from integrations.outbox.apply_decision import Happened
from integrations.outbox.job_events import Voided
from integrations.outbox.steps.call_plan import Call, StepPlan
from integrations.outbox.steps.status_call import changing, id_marks, status_call
from integrations.outbox.steps.verdict_event import event_of
from integrations.xero_gateway.answers import status_of
from integrations.xero_gateway.sdk import freeze_quote


def plan_void(jobs: list[SyncJob]) -> StepPlan:
    """All of one kind and one target status. A quote goes alone, with what stands in Xero already."""
    if jobs[0].kind != DocumentKind.QUOTE:
        return StepPlan(calls=[Call(**status_call(jobs, Step.VOID), jobs=jobs, conclude=_conclude)])
    quote = jobs[:1]
    if quote[0].standing is None:
        return StepPlan(wants_quote=quote[0])
    body = freeze_quote(quote[0].standing, status="DELETED")
    write = changing(DocumentKind.QUOTE, body, quote, Step.VOID)
    return StepPlan(calls=[Call(write=write, jobs=quote, conclude=_conclude, marks=id_marks(quote))])


def _conclude(job: SyncJob, verdict: Verdict) -> Happened:
    if not isinstance(verdict, Applied):
        return Happened(job, event_of(job, verdict))
    learnt = {"xero_status": status_of(verdict.element), "money_state": MoneyState.NONE}
    return Happened(job, Voided(), learnt)
