"""The first half of a call, in one transaction: choose the jobs, settle what needs no call, commit the intent."""

from dataclasses import dataclass
from datetime import datetime

from integrations.job_states import Step
from integrations.lanes.claim_lane import HeldLane, held_scope
from integrations.lanes.spend_call import spend_call
from integrations.mapping.problems import problem
from integrations.models import SyncAttempt, SyncJob
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.choose_group import choose_group
from integrations.outbox.due_jobs import are_more_coming, due_candidates, load_jobs
from integrations.outbox.job_snapshot import Sent, Stopped
from integrations.outbox.record_attempt import record_intent
from integrations.outbox.retry_policy import is_poison
from integrations.outbox.steps.attach_step import plan_attach
from integrations.outbox.steps.call_plan import Call, StepPlan
from integrations.outbox.steps.contact_step import plan_contact
from integrations.outbox.steps.create_step import plan_create
from integrations.outbox.steps.promote_step import plan_promote


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """
    A call whose intent is committed, or the wish to read the contacts first, or neither.

    `is_over`: the lane has nothing more to do now; `wait_until`: it should be looked at again then.
    """

    call: Call | None = None
    attempt: SyncAttempt | None = None
    wants_contacts: bool = False
    is_over: bool = False
    wait_until: datetime | None = None


def plan_call(held: HeldLane) -> Planned:
    """Raises LaneLostError."""
    with held_scope(held) as now:
        group = choose_group(due_candidates(held, now=now), are_more_coming=are_more_coming(held), now=now)
        if group is None:
            return Planned(is_over=True)
        if not group.job_ids:
            return Planned(is_over=True, wait_until=group.wait_until)
        plan = _plan_step(group.step, load_jobs(group.job_ids), now=now)
        happen(plan.settled, now=now)
        if plan.call is None:
            return Planned(wants_contacts=plan.wants_contacts)
        wait_until = spend_call(held, now=now)
        if wait_until is not None:
            return Planned(is_over=True, wait_until=wait_until)
        attempt = record_intent(held, group.step, plan.call, now=now, ticks=0)
        happen([Happened(job, Sent()) for job in plan.call.jobs], now=now, attempt=attempt)
        return Planned(call=plan.call, attempt=attempt)


def _plan_step(step: str, jobs: list[SyncJob], *, now: datetime) -> StepPlan:
    poisonous = [job for job in jobs if is_poison(job.started_count)]
    if poisonous:
        gave_up = problem("FB-602", reason="the work was begun several times and never ended")
        return StepPlan(settled=[Happened(job, Stopped((gave_up,))) for job in poisonous])
    if step == Step.CONTACT:
        return plan_contact(jobs, now=now)
    if step == Step.CREATE:
        return plan_create(jobs)
    return plan_attach(jobs, now=now) if step == Step.ATTACH else plan_promote(jobs)
