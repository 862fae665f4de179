"""
Carries the outbox to Xero, lane by lane: plan a call, commit its intent, send, write down what came of it.

Between two commits stands exactly one call, and nothing but committed rows is needed to go on after a crash.
"""

import time

import structlog

from integrations.connection.open_gateway import GatewayNotOpenError, open_gateway
from integrations.connection.read_from_xero import ReadPostponedError, XeroReader
from integrations.job_states import OPEN_STATES
from integrations.lanes.claim_lane import HeldLane, LaneLostError, claim_due_lane, held_scope, release
from integrations.lanes.heed_answer import heed_answer
from integrations.models import SyncAttempt
from integrations.outbox.answer_verdict import Outcome, verdicts
from integrations.outbox.apply_decision import happen
from integrations.outbox.due_jobs import load_jobs, next_due_at, seen_wakes
from integrations.outbox.plan_call import Planned, plan_call
from integrations.outbox.record_attempt import record_outcome
from integrations.outbox.steps.call_plan import Call
from integrations.reference_data.read_contacts import read_contacts
from integrations.xero_gateway.answers import NoAnswerError, NotSentError
from integrations.xero_gateway.gateway import XeroGateway

TURN_SECONDS = 25.0
log = structlog.get_logger(__name__)


def deliver_due(stop_at: float) -> bool:
    """One lane's turn, until `stop_at` (monotonic seconds) at the latest. False: no lane is due."""
    held = claim_due_lane()
    if held is None:
        return False
    with structlog.contextvars.bound_contextvars(tenant=held.tenant_id, lane=held.lane_id):
        try:
            _serve(held, min(stop_at, time.monotonic() + TURN_SECONDS))
        except LaneLostError:
            log.warning("lane lost")
    return True


def _serve(held: HeldLane, stop_at: float) -> None:
    with held_scope(held):
        wakes = seen_wakes(held)
    last = Planned()
    try:
        gateway = open_gateway(tenant_id=held.tenant_id, connection_id=held.connection_id)
        while time.monotonic() < stop_at and not last.is_over:
            last = _make_one_call(held, gateway)
    except GatewayNotOpenError as error:
        log.warning("gateway not open", reason=str(error))
        last = Planned(wait_until=error.retry_at)
    with held_scope(held):
        next_at = last.wait_until or next_due_at(held)
    release(held, next_at=next_at, seen_wakes=wakes)


def _make_one_call(held: HeldLane, gateway: XeroGateway) -> Planned:
    planned = plan_call(held)
    if planned.wants_contacts:
        return _read_contacts(XeroReader(held, gateway, is_polling=False))
    if planned.call is None or planned.attempt is None:
        return planned
    outcome = _send(gateway, planned.call)
    return Planned(is_over=not _conclude(held, planned.call, planned.attempt, outcome))


def _read_contacts(reader: XeroReader) -> Planned:
    try:
        read_contacts(reader)
    except ReadPostponedError as error:
        return Planned(is_over=True, wait_until=error.retry_at)
    return Planned()


def _send(gateway: XeroGateway, call: Call) -> Outcome:
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
        return heed_answer(held, outcome, now=now)
