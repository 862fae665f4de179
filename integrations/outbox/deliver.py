"""
Carries the outbox to Xero, lane by lane: plan a call, commit its intent, send, write down what came of it.

Between two commits stands one call, or a round of files that may each be sent twice; and nothing but committed rows
is needed to go on after a crash.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

import structlog

from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.current_times import current_times
from integrations.connection.connection_work import CHECK_PAYMENTS
from integrations.connection.open_gateway import GatewayNotOpenError, open_gateway
from integrations.connection.quiet_connection import end_quiet
from integrations.connection.read_from_xero import ReadPostponedError, XeroReader
from integrations.job_states import OPEN_STATES, Step
from integrations.lanes.claim_lane import LaneLostError, claim_due_lane, held_lane, held_scope, release
from integrations.lanes.heed_answer import ends_turn, heed_answer
from integrations.models import SyncJob
from integrations.outbox.answer_verdict import Outcome, verdicts
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.delivery_times import DeliveryTimes
from integrations.outbox.due_jobs import next_click_at, next_due_at, seen_wakes
from integrations.outbox.job_events import NotReached
from integrations.outbox.lane_turn import LaneTurn
from integrations.outbox.plan_call import Planned, plan_call
from integrations.outbox.record_attempt import Answered, Intent, record_outcomes
from integrations.outbox.remember_balance import remember_balance
from integrations.outbox.remember_quote import remember_quote
from integrations.outbox.round_size import files_of_round
from integrations.outbox.settle_unknown import settle_unknown
from integrations.outbox.steps.call_plan import Call
from integrations.reference_data.read_contacts import read_contacts
from integrations.xero_gateway.answers import Answer, HeldUpError, NoAnswerError, NotReachedError, NotSentError
from integrations.xero_gateway.gateway import XeroGateway

# Short, so that a lane that has waited longer comes soon; to take a lane costs a hundredth of that.
TURN_SECONDS = 2.0
log = structlog.get_logger(__name__)


def deliver_due(stop_at: float) -> bool:
    """One lane's turn, until `stop_at` (monotonic seconds) at the latest. False: no lane is due."""
    return _serve_one(stop_at, clicks_only=False)


def deliver_clicks(stop_at: float) -> bool:
    """As `deliver_due`, for lanes in which a person waits, and only as long as one does."""
    return _serve_one(stop_at, clicks_only=True)


def _serve_one(stop_at: float, *, clicks_only: bool) -> bool:
    held = claim_due_lane(clicks_only=clicks_only)
    if held is None:
        return False
    with structlog.contextvars.bound_contextvars(tenant=held.tenant_id, lane=held.lane_id):
        try:
            stop_at = min(stop_at, time.monotonic() + TURN_SECONDS)
            _serve(LaneTurn(held=held, stop_at=stop_at, clicks_only=clicks_only))
        except LaneLostError:
            log.warning("lane lost")
    return True


def _serve(turn: LaneTurn) -> None:
    held, last = turn.held, Planned()
    with held_scope(held):
        wakes = seen_wakes(held)
    try:
        gateway = open_gateway(tenant_id=held.tenant_id, connection_id=held.connection_id)
        while turn.goes_on and not last.is_over:
            last = plan_call(turn)
            if last.intents:
                last = _make_calls(turn, gateway, last)
            elif (wish := _wish(last)) is not None:
                last = _read_first(wish, XeroReader(held, gateway, share=last.share))
                turn.forget()
    except GatewayNotOpenError as error:
        log.warning("gateway not open", reason=str(error))
        last = Planned(wait_until=error.retry_at)
    with held_scope(held) as now:
        next_at = next_due_at(held, now=now, wait_until=last.wait_until)
        click_at = next_click_at(held)
        end_quiet(held.connection_id, now=now)
    release(held, next_at=next_at, click_at=click_at, seen_wakes=wakes)


def _wish(planned: Planned) -> Callable[[XeroReader], None] | None:
    """What must be read from Xero before anything can be sent."""
    if planned.wants_look:
        return settle_unknown
    if planned.wants_quote is not None:
        return partial(remember_quote, job=planned.wants_quote)
    if planned.wants_balance is not None:
        return partial(remember_balance, job=planned.wants_balance)
    return read_contacts if planned.wants_contacts else None


def _read_first(read: Callable[[XeroReader], None], reader: XeroReader) -> Planned:
    try:
        read(reader)
    except ReadPostponedError as error:
        return Planned(is_over=True, wait_until=error.retry_at)
    return Planned()


def _make_calls(turn: LaneTurn, gateway: XeroGateway, planned: Planned) -> Planned:
    began = time.monotonic()
    outcomes = _send_in_turn(gateway, planned)
    if planned.intents[0].attempt.step == Step.ATTACH:
        turn.most_files = files_of_round(len(outcomes), time.monotonic() - began)
    may_go_on = _conclude(turn, planned.intents, outcomes)
    return Planned(is_over=not may_go_on)


def _send_in_turn(gateway: XeroGateway, planned: Planned) -> list[Outcome]:
    """Of those that were made: the first always, the others as long as nothing ends the turn and it is not too late."""
    outcomes: list[Outcome] = []
    for intent in planned.intents:
        if outcomes and (ends_turn(outcomes[-1]) or _is_late(planned)):
            break
        outcomes.append(_send(gateway, intent.call, planned))
    return outcomes


def _send(gateway: XeroGateway, call: Call, planned: Planned) -> Outcome:
    """A process that slept since the intent was committed may be late by hours: it must not send any more."""
    if _is_late(planned):
        return HeldUpError("This worker was held up before it could send")
    try:
        return gateway.write(call.write)
    except (NotSentError, NoAnswerError) as error:
        return error


def _is_late(planned: Planned) -> bool:
    return time.monotonic() - planned.committed_at > current_times(DeliveryTimes).send_within.total_seconds()


def _conclude(turn: LaneTurn, intents: Sequence[Intent], outcomes: Sequence[Outcome]) -> bool:
    """False: the lane must make no further call in this turn. Otherwise what goes next is chosen too."""
    unmade = len(intents) - len(outcomes)
    not_reached: list[Outcome] = [NotReachedError("A call before it ended the round") for _ in range(unmade)]
    with held_lane(turn.held) as (lane, now):
        turn.known.as_of(lane)
        pairs = zip(intents, (*outcomes, *not_reached), strict=True)
        answered = [_answered(intent, outcome, now=now) for intent, outcome in pairs]
        record_outcomes(answered, now=now)
        fresh = turn.known.after_call([job for one in intents for job in one.call.jobs])
        jobs = {job.pk: job for job in fresh}
        happened = [happens for one in answered for happens in _happens(one, jobs)]
        attempts = {job.pk: one.attempt for one in intents for job in one.call.jobs}
        happen([one for one in happened if one.job.state in OPEN_STATES], now=now, attempts=attempts)
        turn.known.forget_ended()
        if any(one.call.moves_money for one in intents):
            enqueue_work(CHECK_PAYMENTS, [turn.held.connection_id], now=now)
        before = [one for one in outcomes[:-1] if isinstance(one, Answer)]
        may_go_on = heed_answer(turn.held, lane, outcomes[-1], now=now, before=before, unmade=unmade)
        if may_go_on:
            turn.look_ahead(lane, now=now)
        return may_go_on


def _answered(intent: Intent, outcome: Outcome, *, now: datetime) -> Answered:
    call = intent.call
    found = verdicts(outcome, members=len(call.jobs), now=now, marks=call.marks)
    return Answered(intent=intent, outcome=outcome, verdicts=found)


def _happens(answered: Answered, jobs: Mapping[int, SyncJob]) -> Iterator[Happened]:
    call = answered.intent.call
    for sent, verdict in zip(call.jobs, answered.verdicts, strict=True):
        job = jobs[sent.pk]
        is_reached = not isinstance(answered.outcome, NotReachedError)
        yield call.conclude(job, verdict) if is_reached else Happened(job, NotReached())
