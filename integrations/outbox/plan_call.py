"""The first half of a call, in one transaction: choose the jobs, settle what needs no call, commit the intent."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from integrations.job_states import Operation, Step
from integrations.lanes.claim_lane import HeldLane, held_scope
from integrations.lanes.fair_shares import Share
from integrations.lanes.spend_call import spend_call
from integrations.mapping.problems import problem
from integrations.models import SyncAttempt, SyncJob
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.beat_heart import read_tick
from integrations.outbox.due_jobs import load_jobs
from integrations.outbox.job_events import CancelReached, Sent, Stopped
from integrations.outbox.next_group import next_group
from integrations.outbox.record_attempt import record_intent
from integrations.outbox.retry_policy import is_poison
from integrations.outbox.settle_unknown import wants_look
from integrations.outbox.steps.addition_steps import plan_allocate, plan_note
from integrations.outbox.steps.attach_step import plan_attach
from integrations.outbox.steps.call_plan import Call, StepPlan
from integrations.outbox.steps.contact_step import plan_contact
from integrations.outbox.steps.create_step import plan_create
from integrations.outbox.steps.promote_step import plan_promote
from integrations.outbox.steps.update_step import plan_update
from integrations.outbox.steps.void_step import plan_void


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """
    A call whose intent is committed, or what must be read from Xero first, or neither.

    `committed_at`: monotonic seconds; whoever slept since then must not send. `is_over`: the lane has nothing more to
    do now; `wait_until`: it should be looked at again then.
    """

    call: Call | None = None
    attempt: SyncAttempt | None = None
    committed_at: float = 0.0
    wants_contacts: bool = False
    wants_look: bool = False
    wants_quote: SyncJob | None = None
    share: Share = Share.INTERACTIVE
    is_over: bool = False
    wait_until: datetime | None = None


def plan_call(held: HeldLane, *, clicks_only: bool = False) -> Planned:
    """Raises LaneLostError."""
    with held_scope(held) as now:
        if wants_look(held, now=now):
            return Planned(wants_look=True)
        chosen = next_group(held, clicks_only=clicks_only, now=now)
        group, share = chosen.group, chosen.share
        if group is None:
            return Planned(is_over=True, wait_until=chosen.wait_until)
        plan = _plan_step(group.step, load_jobs(group.job_ids), now=now)
        happen(plan.settled, now=now)
        if plan.call is None:
            return Planned(wants_contacts=plan.wants_contacts, wants_quote=plan.wants_quote, share=share)
        wait_until = spend_call(held, share=share, now=now)
        if wait_until is not None:
            return Planned(is_over=True, wait_until=wait_until)
        attempt = record_intent(held, group.step, plan.call, now=now, ticks=read_tick())
        happen([Happened(job, Sent()) for job in plan.call.jobs], now=now, attempt=attempt)
        # Read before the commit, which may take its time too.
        return Planned(call=plan.call, attempt=attempt, committed_at=time.monotonic())


def _plan_step(step: str, jobs: list[SyncJob], *, now: datetime) -> StepPlan:
    poisonous = [job for job in jobs if is_poison(job.started_count)]
    if poisonous:
        gave_up = problem("FB-602", reason="the work was begun several times and never ended")
        return StepPlan(settled=[Happened(job, Stopped((gave_up,))) for job in poisonous])
    nameless = [job for job in jobs if job.operation != Operation.CREATE and job.xero_id is None]
    if nameless:
        return StepPlan(settled=[Happened(job, Stopped((problem("FB-506"),))) for job in nameless])
    unwanted = [job for job in jobs if job.cancel_requested_at and step != Step.VOID]
    if unwanted:
        return StepPlan(settled=[Happened(job, CancelReached()) for job in unwanted])
    return PLANS[Step(step)](jobs, now)


PLANS: dict[Step, Callable[[list[SyncJob], datetime], StepPlan]] = {
    Step.CONTACT: lambda jobs, now: plan_contact(jobs, now=now),
    Step.CREATE: lambda jobs, _now: plan_create(jobs),
    Step.UPDATE: lambda jobs, _now: plan_update(jobs),
    Step.ATTACH: lambda jobs, now: plan_attach(jobs, now=now),
    Step.PROMOTE: lambda jobs, _now: plan_promote(jobs),
    Step.VOID: lambda jobs, _now: plan_void(jobs),
    Step.ALLOCATE: lambda jobs, now: plan_allocate(jobs, now=now),
    Step.NOTE: lambda jobs, _now: plan_note(jobs),
}
