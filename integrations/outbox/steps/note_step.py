"""
Step: a note goes into the history of a document.

Done twice it would stand there twice, so a lost answer is looked up first, like a lost create.
"""

from integrations.job_states import Step
from integrations.mapping.source import DocumentKind
from integrations.models import SyncJob
from integrations.outbox.answer_verdict import Applied, Verdict
from integrations.outbox.apply_decision import Happened
from integrations.outbox.job_events import Noted
from integrations.outbox.steps.attempt_key import attempt_key
from integrations.outbox.steps.call_plan import Call, StepPlan
from integrations.outbox.steps.verdict_event import event_of
from integrations.xero_gateway.gateway import add_note
from integrations.xero_gateway.sdk import freeze_note


def plan_note(jobs: list[SyncJob]) -> StepPlan:
    """One job, whose `source` is {"text"}."""
    (job,) = jobs
    write = add_note(
        DocumentKind(job.kind),
        xero_id=str(job.xero_id),
        body=freeze_note(job.source["text"]),
        idempotency_key=attempt_key(jobs, Step.NOTE),
    )
    return StepPlan(calls=[Call(write=write, jobs=jobs, conclude=_conclude)])


def _conclude(job: SyncJob, verdict: Verdict) -> Happened:
    return Happened(job, Noted() if isinstance(verdict, Applied) else event_of(job, verdict))
