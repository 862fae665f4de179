"""
The first half of a call, in two transactions: choose the jobs and count that they are begun, which the transaction
before may have done already; settle what needs no call, or commit the intent. Of files the intents of a whole round.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.db import DatabaseError, InterfaceError

from integrations.job_states import Step
from integrations.lanes.claim_lane import LaneLostError, held_lane, held_scope
from integrations.lanes.fair_shares import Share
from integrations.lanes.spend_call import Granted, spend_calls
from integrations.mapping.problems import problem
from integrations.models import SyncJob
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.beat_heart import read_tick
from integrations.outbox.choose_group import Group
from integrations.outbox.count_starts import put_off, take_back_starts
from integrations.outbox.job_events import CancelReached, Sent, Stopped
from integrations.outbox.lane_turn import LaneTurn
from integrations.outbox.nameless_jobs import stop_nameless
from integrations.outbox.next_group import NextGroup
from integrations.outbox.record_attempt import Intent, record_intents
from integrations.outbox.remember_quote import forget_standing
from integrations.outbox.retry_policy import is_poison
from integrations.outbox.steps.allocate_step import plan_allocate
from integrations.outbox.steps.attach_step import plan_attach
from integrations.outbox.steps.call_plan import StepPlan
from integrations.outbox.steps.contact_step import plan_contact
from integrations.outbox.steps.create_step import plan_create
from integrations.outbox.steps.note_step import plan_note
from integrations.outbox.steps.promote_step import plan_promote
from integrations.outbox.steps.update_step import plan_update
from integrations.outbox.steps.void_step import plan_void

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """
    Calls whose intents are committed, to be made in this order, or what must be read from Xero first, or neither.

    `committed_at`: monotonic seconds; whoever slept since then must not send. `is_over`: the lane has nothing more to
    do now; `wait_until`: it should be looked at again then.
    """

    intents: list[Intent] = field(default_factory=list)
    committed_at: float = 0.0
    wants_contacts: bool = False
    wants_look: bool = False
    wants_quote: SyncJob | None = None
    wants_balance: SyncJob | None = None
    share: Share = Share.INTERACTIVE
    is_over: bool = False
    wait_until: datetime | None = None


def plan_call(turn: LaneTurn) -> Planned:
    """Raises LaneLostError, and the database's errors."""
    chosen = turn.take_ahead() or _choose(turn)
    if chosen.wants_look:
        return Planned(wants_look=True)
    if chosen.group is None:
        return Planned(is_over=True, wait_until=chosen.wait_until)
    try:
        return _plan(turn, chosen.group, chosen.share)
    except (LaneLostError, DatabaseError, InterfaceError):
        raise
    except Exception:
        log.exception("call not built", step=chosen.group.step, jobs=chosen.group.job_ids)
    turn.forget()
    with held_scope(turn.held) as now:
        put_off(chosen.group, now=now)
    return Planned()


def _choose(turn: LaneTurn) -> NextGroup:
    with held_lane(turn.held) as (lane, now):
        return turn.choose(lane, now=now)


def _plan(turn: LaneTurn, group: Group, share: Share) -> Planned:
    with held_lane(turn.held) as (lane, now):
        turn.known.as_of(lane)
        jobs = turn.known.workable(group)
        if not jobs:
            return Planned()
        plan = _plan_step(group.step, jobs, now=now)
        happen(plan.settled, now=now)
        granted = spend_calls(lane, share=share, most=len(plan.calls), now=now) if plan.calls else Granted(0)
        calls = plan.calls[: granted.calls]
        sent = [job for call in calls for job in call.jobs]
        done = {*sent, *(one.job for one in plan.settled)}
        take_back_starts(job for job in jobs if job not in done)
        if granted.wait_until is not None:
            return Planned(is_over=True, wait_until=granted.wait_until)
        if not calls:
            if plan.settled and not plan.wants_reading:
                turn.look_ahead(lane, now=now)
            return Planned(
                wants_contacts=plan.wants_contacts,
                wants_quote=plan.wants_quote,
                wants_balance=plan.wants_balance,
                share=share,
            )
        ticks = read_tick()
        intents = record_intents(turn.held, group.step, calls, now=now, ticks=ticks)
        forget_standing(sent)
        attempts = {job.pk: intent.attempt for intent in intents for job in intent.call.jobs}
        happen([Happened(job, Sent()) for job in sent], now=now, attempts=attempts, ticks=ticks)
        # Read before the commit, which may take its time too.
        return Planned(intents=intents, committed_at=time.monotonic())


def _plan_step(step: str, jobs: list[SyncJob], *, now: datetime) -> StepPlan:
    poisonous = [job for job in jobs if is_poison(job.started_count)]
    if poisonous:
        gave_up = problem("FB-602", reason="the work was begun several times and never ended")
        return StepPlan(settled=[Happened(job, Stopped((gave_up,))) for job in poisonous])
    nameless = stop_nameless(jobs)
    if nameless:
        return StepPlan(settled=nameless)
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
