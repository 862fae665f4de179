"""
Carries the outbox to Xero, lane by lane: plan a call, commit its intent, send, write down what came of it.

Between two commits stands exactly one call, and nothing but committed rows is needed to go on after a crash.
"""

import time
from collections.abc import Callable
from functools import partial

import structlog

from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.current_times import current_times
from integrations.connection.connection_work import CHECK_PAYMENTS
from integrations.connection.open_gateway import GatewayNotOpenError, open_gateway
from integrations.connection.quiet_connection import end_quiet
from integrations.connection.read_from_xero import ReadPostponedError, XeroReader
from integrations.job_states import OPEN_STATES
from integrations.lanes.claim_lane import HeldLane, LaneLostError, claim_due_lane, held_scope, release
from integrations.lanes.heed_answer import heed_answer
from integrations.models import SyncAttempt
from integrations.outbox.answer_verdict import Outcome, verdicts
from integrations.outbox.apply_decision import happen
from integrations.outbox.delivery_times import DeliveryTimes
from integrations.outbox.due_jobs import load_jobs, next_click_at, next_due_at, seen_wakes
from integrations.outbox.plan_call import Planned, plan_call
from integrations.outbox.record_attempt import record_outcome
from integrations.outbox.remember_balance import remember_balance
from integrations.outbox.remember_quote import remember_quote
from integrations.outbox.settle_unknown import settle_unknown
from integrations.outbox.steps.call_plan import Call
from integrations.reference_data.read_contacts import read_contacts
from integrations.xero_gateway.answers import HeldUpError, NoAnswerError, NotSentError
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
            _serve(held, min(stop_at, time.monotonic() + TURN_SECONDS), clicks_only=clicks_only)
        except LaneLostError:
            log.warning("lane lost")
    return True


def _serve(held: HeldLane, stop_at: float, *, clicks_only: bool) -> None:
    with held_scope(held):
        wakes = seen_wakes(held)
    last = Planned()
    try:
        gateway = open_gateway(tenant_id=held.tenant_id, connection_id=held.connection_id)
        while time.monotonic() < stop_at and not last.is_over:
            last = _make_one_call(held, gateway, clicks_only=clicks_only)
    except GatewayNotOpenError as error:
        log.warning("gateway not open", reason=str(error))
        last = Planned(wait_until=error.retry_at)
    with held_scope(held) as now:
        next_at = next_due_at(held, now=now, wait_until=last.wait_until)
        click_at = next_click_at(held)
        end_quiet(held.connection_id, now=now)
    release(held, next_at=next_at, click_at=click_at, seen_wakes=wakes)


def _make_one_call(held: HeldLane, gateway: XeroGateway, *, clicks_only: bool) -> Planned:
    planned = plan_call(held, clicks_only=clicks_only)
    wish = _wish(planned)
    if wish is not None:
        return _read_first(wish, XeroReader(held, gateway, share=planned.share))
    if planned.call is None or planned.attempt is None:
        return planned
    outcome = _send(gateway, planned.call, committed_at=planned.committed_at)
    return Planned(is_over=not _conclude(held, planned.call, planned.attempt, outcome))


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


def _send(gateway: XeroGateway, call: Call, *, committed_at: float) -> Outcome:
    """A process that slept since the intent was committed may be late by hours: it must not send any more."""
    if time.monotonic() - committed_at > current_times(DeliveryTimes).send_within.total_seconds():
        return HeldUpError("This worker was held up before it could send")
    try:
        return gateway.write(call.write)
    except (NotSentError, NoAnswerError) as error:
        return error


def _conclude(held: HeldLane, call: Call, attempt: SyncAttempt, outcome: Outcome) -> bool:
    """False: the lane must make no further call in this turn."""
    with held_scope(held) as now:
        found = verdicts(outcome, members=len(call.jobs), now=now, marks=call.marks)
        record_outcome(attempt, outcome, found, now=now)
        # As they are now: while Xero was working a PDF may have been stored, or a person have stopped one.
        jobs = load_jobs(tuple(job.pk for job in call.jobs))
        happened = [call.conclude(job, verdict) for job, verdict in zip(jobs, found, strict=True)]
        happen([one for one in happened if one.job.state in OPEN_STATES], now=now, attempt=attempt)
        if call.moves_money:
            enqueue_work(CHECK_PAYMENTS, [held.connection_id], now=now)
        return heed_answer(held, outcome, now=now)
