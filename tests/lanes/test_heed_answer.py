"""What each answer does to the lane, its budget and its connection."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.lanes.app_calls import all_paused_until
from integrations.lanes.claim_lane import HeldLane, claim_due_lane, held_lane, held_scope
from integrations.lanes.heed_answer import heed_answer
from integrations.lanes.lane_budget import budget_of
from integrations.lanes.lose_connection import lose_connection
from integrations.lanes.new_lane import make_lane
from integrations.models import AccountingLogEntry, OrganisationLane, XeroConnection, XeroGrant
from integrations.xero_gateway.answers import Answer, HeldUpError, NoAnswerError, NotSentError

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(tenant: Tenant) -> HeldLane:
    with tenant_scope(tenant):
        now = read_clock()
        grant = XeroGrant.objects.create(
            xero_user_id=UUID(int=1), expires_at=now + timedelta(minutes=30), refreshed_at=now
        )
        connection = XeroConnection.objects.create(organisation_id=UUID(int=1), name="Harbour", grant=grant)
        lane = make_lane(connection, now=now)
        OrganisationLane.objects.filter(pk=lane.pk).update(next_at=now)
    claimed = claim_due_lane()
    assert claimed is not None
    return claimed


def heed(held: HeldLane, outcome: Any) -> tuple[bool, OrganisationLane, XeroConnection]:
    """Whether to go on, and lane and connection afterwards; moments count from the one at which it was heeded."""
    with held_lane(held) as (before, now):
        goes_on = heed_answer(held, before, outcome, now=now)
        lane, connection = OrganisationLane.objects.get(), XeroConnection.objects.get()
    if lane.paused_until is not None:
        lane.paused_until = lane.paused_until - now  # type: ignore[assignment]
    return goes_on, lane, connection


def answer(status: int, body: bytes = b"{}", **headers: str) -> Answer:
    return Answer(status=status, headers={name.replace("_", "-"): value for name, value in headers.items()}, body=body)


@pytest.mark.parametrize("status", [200, 304, 400, 404])
def test_usual_answer_goes_on_and_teaches_the_budget(held: HeldLane, status: int) -> None:
    goes_on, lane, connection = heed(held, answer(status, x_minlimit_remaining="41", x_daylimit_remaining="4321"))

    assert (goes_on, lane.paused_until, lane.minute_left, lane.day_left, lane.day_limit) == (True, None, 41, 4321, 4321)
    assert (connection.last_good_call_at is not None) == (status == 200)


@pytest.mark.parametrize(("problem", "is_for_all"), [("minute", False), ("day", False), ("AppMinute", True)])
def test_limit_stops_the_turn_and_pauses_whom_it_concerns(held: HeldLane, problem: str, is_for_all: bool) -> None:
    goes_on, lane, _ = heed(held, answer(429, b"", retry_after="26", x_rate_limit_problem=problem))

    assert not goes_on
    assert isinstance(lane.paused_until, timedelta)
    assert timedelta(seconds=26) <= lane.paused_until <= timedelta(seconds=28)
    assert lane.pause_reason.startswith("Xero's ")
    assert (all_paused_until(read_clock()) is not None) == is_for_all


def test_used_up_minute_opens_again_with_xeros(held: HeldLane) -> None:
    """Its answer tells when our minutes begin from now on."""
    with held_lane(held) as (lane, now):
        heed_answer(held, lane, answer(429, b"", retry_after="26", x_rate_limit_problem="minute"), now=now)
        budget = budget_of(OrganisationLane.objects.get())

    assert budget.minute_started_at == now + timedelta(seconds=26 - 60)
    assert budget.minute_left == 0


@pytest.mark.parametrize(("left", "is_paused"), [("10000", False), ("250", False), ("249", True)])
def test_another_installation_that_uses_up_the_apps_limit_makes_all_lanes_rest(
    held: HeldLane, left: str, is_paused: bool
) -> None:
    goes_on, _, _ = heed(held, answer(200, x_appminlimit_remaining=left))

    assert goes_on
    assert (all_paused_until(read_clock()) is not None) == is_paused


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (answer(500), "HTTP 500"),
        (answer(503), "HTTP 503"),
        (NoAnswerError("ReadTimeoutError"), "ReadTimeoutError"),
        (NotSentError("NewConnectionError"), "NewConnectionError"),
    ],
)
def test_outage_pauses_the_lane(held: HeldLane, outcome: Any, reason: str) -> None:
    goes_on, lane, connection = heed(held, outcome)

    assert (goes_on, lane.outage_count) == (False, 1)
    assert lane.pause_reason == f"Xero gives no proper answer at the moment ({reason})"
    assert isinstance(lane.paused_until, timedelta)
    assert timedelta(seconds=2.5) <= lane.paused_until <= timedelta(seconds=5)
    assert connection.status == "connected"


def test_worker_that_was_held_up_says_nothing_about_xero(held: HeldLane) -> None:
    goes_on, lane, _ = heed(held, HeldUpError("This worker was held up before it could send"))

    assert (goes_on, lane.outage_count, lane.paused_until) == (True, 0, None)


def test_long_outage_pauses_for_five_minutes_at_most(held: HeldLane) -> None:
    pauses = [heed(held, answer(503))[1].paused_until for _ in range(12)]

    seconds = [5, 10, 20, 40, 80, 160, *[300] * 6]
    assert [one <= timedelta(seconds=most) for one, most in zip(pauses, seconds, strict=True)] == [True] * 12  # type: ignore[operator]
    assert pauses[-1] >= timedelta(seconds=150)  # type: ignore[operator]


def test_first_answer_after_an_outage_ends_it(held: HeldLane) -> None:
    heed(held, answer(503))

    _, lane, _ = heed(held, answer(200))

    assert lane.outage_count == 0


def test_expired_token_is_refreshed_when_the_gateway_is_opened_next(held: HeldLane, tenant: Tenant) -> None:
    goes_on, _, connection = heed(held, answer(401, b'{"Detail":"TokenExpired: token expired at 1"}'))

    with tenant_scope(tenant):
        assert XeroGrant.objects.get().expires_at <= read_clock()
    assert (goes_on, connection.status) == (False, "connected")


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (answer(401, b"AuthenticationUnsuccessful"), "does not accept our authorisation any more (HTTP 401)"),
        (answer(403, b""), "does not let us into this organisation any more (HTTP 403)"),
    ],
)
def test_refused_authorisation_takes_a_person(held: HeldLane, tenant: Tenant, outcome: Answer, words: str) -> None:
    goes_on, _, connection = heed(held, outcome)

    with tenant_scope(tenant):
        entry = AccountingLogEntry.objects.get()
    assert (goes_on, connection.status) == (False, "needs reconnect")
    assert (entry.event, entry.problem_code, entry.result) == ("connection lost", "FB-102", "failed")
    assert entry.text.startswith(f"The connection to Harbour is lost: Xero {words}. What is queued")


def test_lost_connection_is_told_once(held: HeldLane, tenant: Tenant) -> None:
    for _ in range(3):
        with held_scope(held) as now:
            lose_connection(held.connection_id, reason="x", now=now)

    with tenant_scope(tenant):
        assert AccountingLogEntry.objects.count() == 1


def test_disconnected_connection_is_not_lost_again(held: HeldLane, tenant: Tenant) -> None:
    with tenant_scope(tenant):
        XeroConnection.objects.update(status="disconnected")

    _, _, connection = heed(held, answer(403))

    assert connection.status == "disconnected"


def test_calls_of_a_round_that_were_not_made_are_given_back_and_begin_no_window(held: HeldLane) -> None:
    """Of twenty that were counted three were made; Xero says so, which is no news."""
    with held_scope(held) as now:
        OrganisationLane.objects.update(minute_left=40, day_left=980)
        stood = OrganisationLane.objects.get()
        answered = answer(503, x_minlimit_remaining="57", x_daylimit_remaining="997")
        heed_answer(held, stood, answered, now=now, unmade=17)
        lane = OrganisationLane.objects.get()

    assert (lane.minute_left, lane.day_left, lane.minute_started_at) == (57, 997, stood.minute_started_at)


def test_lost_answer_at_the_end_of_a_round_forgets_none_before_it(held: HeldLane) -> None:
    with held_scope(held) as now:
        OrganisationLane.objects.update(minute_left=40, day_left=980)
        before = [answer(200, x_minlimit_remaining="31", x_daylimit_remaining="971")]
        stood = OrganisationLane.objects.get()
        heed_answer(held, stood, NoAnswerError("reset"), now=now, before=before, unmade=17)
        lane = OrganisationLane.objects.get()

    # The lost one may have counted.
    assert (lane.minute_left, lane.day_left, lane.outage_count) == (30, 970, 1)
