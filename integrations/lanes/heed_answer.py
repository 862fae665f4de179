"""What an answer means for the lane as a whole: its limits, its pauses, its connection."""

from datetime import datetime, timedelta

from django.db.models import F

from integrations.accounting_log.write_entry import connection_entry, write_entries
from integrations.job_states import LogResult
from integrations.lanes.claim_lane import HeldLane, budget_of, keep_budget, pause
from integrations.models import OrganisationLane, XeroConnection, XeroGrant
from integrations.models.xero_connection import ConnectionStatus
from integrations.xero_gateway.answers import FORBIDDEN, OK, TOO_MANY, UNAUTHORISED, Answer

SERVER_ERROR = 500
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)


def heed_answer(held: HeldLane, outcome: Answer | Exception, *, now: datetime) -> bool:
    """In `held_scope`. False: no further call in this turn."""
    if not isinstance(outcome, Answer):
        return _xero_is_out(held, str(outcome), now=now)
    lane = OrganisationLane.objects.get(pk=held.lane_id)
    keep_budget(held, budget_of(lane).learn(outcome.limits))
    if outcome.status == TOO_MANY:
        pause(held, until=now + outcome.limits.wait, reason=outcome.limits.reason)
        return False
    if outcome.status in {UNAUTHORISED, FORBIDDEN}:
        return _not_authorised(held, outcome, now=now)
    if outcome.status >= SERVER_ERROR:
        return _xero_is_out(held, f"HTTP {outcome.status}", now=now)
    OrganisationLane.objects.filter(pk=held.lane_id, outage_count__gt=0).update(outage_count=0)
    if outcome.status == OK:
        XeroConnection.objects.filter(pk=held.connection_id).update(last_good_call_at=now)
    return True


def lose_connection(connection_id: int, *, reason: str, now: datetime) -> None:
    """Once: the lane stops, what is queued stays, and everybody is told. In the tenant's scope."""
    connected = XeroConnection.objects.filter(pk=connection_id, status=ConnectionStatus.CONNECTED)
    if connected.update(status=ConnectionStatus.NEEDS_RECONNECT):
        connection = XeroConnection.objects.get(pk=connection_id)
        text = f"The connection to {connection.name} is lost: {reason}. What is queued waits until it is reconnected."
        entry = connection_entry(connection, result=LogResult.FAILED, event="connection lost", text=text, now=now)
        entry.problem_code = "FB-102"
        write_entries([entry])


def _not_authorised(held: HeldLane, answer: Answer, *, now: datetime) -> bool:
    """An expired token is refreshed when the gateway is opened next; anything else takes a person."""
    if answer.status == UNAUTHORISED and "TokenExpired" in answer.text():
        XeroGrant.objects.filter(connections=held.connection_id).update(expires_at=now)
    else:
        lose_connection(held.connection_id, reason=f"Xero answered {answer.status}", now=now)
    return False


def _xero_is_out(held: HeldLane, reason: str, *, now: datetime) -> bool:
    """One failing lane waits as a whole, so that a hundred documents do not each find out for themselves."""
    mine = OrganisationLane.objects.filter(pk=held.lane_id)
    mine.update(outage_count=F("outage_count") + 1)
    count = mine.values_list("outage_count", flat=True).get()
    pause(held, until=now + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(count - 1, 10)), reason=f"Xero: {reason}")
    return False
