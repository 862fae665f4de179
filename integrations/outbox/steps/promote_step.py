"""Step: stored drafts to their target status, up to fifty in one call, by the ids we stored and no others."""

from integrations.job_states import MoneyState, Step
from integrations.mapping.compare_answer import differences
from integrations.models import SyncJob
from integrations.outbox.answer_verdict import Applied, Refused, Verdict, figures_of
from integrations.outbox.apply_decision import Happened
from integrations.outbox.job_events import Promoted
from integrations.outbox.steps.call_plan import Call, StepPlan
from integrations.outbox.steps.create_step import figures_sent
from integrations.outbox.steps.status_call import status_call
from integrations.outbox.steps.verdict_event import event_of
from integrations.xero_gateway.answers import status_of

# An approved document over nothing is paid at once.
BEYOND = ("AUTHORISED", "PAID")


def plan_promote(jobs: list[SyncJob]) -> StepPlan:
    """All of one kind and one target status."""
    return StepPlan(calls=[Call(**status_call(jobs, Step.PROMOTE), jobs=jobs, conclude=_conclude)])


def _conclude(job: SyncJob, verdict: Verdict) -> Happened:
    if not isinstance(verdict, Applied):
        return Happened(job, event_of(job, verdict))
    status = status_of(verdict.element)
    if status not in {job.target_status, *BEYOND}:
        # What it is really is looked up before a person is asked.
        return Happened(job, event_of(job, Refused((f"Xero left it in the status {status}.",))))
    found = tuple(differences(figures_sent(job), figures_of(verdict.element)))
    learnt = {"xero_status": status}
    if learnt["xero_status"] == "AUTHORISED":
        learnt["money_state"] = MoneyState.UNPAID
    return Happened(job, Promoted(differences=found), learnt)
