"""What follows from what Xero was seen to hold."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from integrations.job_states import JobState, Step
from integrations.mapping.compare_answer import Difference
from integrations.mapping.problems import Problem, problem
from integrations.outbox.decide import decide
from integrations.outbox.decisions import DecisionError
from integrations.outbox.delivery_times import DeliveryTimes
from integrations.outbox.job_events import FoundDocument, LookedUp, Mended, Rejected, Restored
from integrations.outbox.job_snapshot import Decision, JobSnapshot, Moment

SENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TIMES = DeliveryTimes()
UNKNOWN = JobSnapshot(
    operation="create", kind="bill", state=JobState.UNKNOWN, step=Step.CREATE, target_status="AUTHORISED",
    wants_pdf=True, has_pdf=True, is_attached=False, contact_id="c", xero_id="", generation=1, retry_count=0,
    started_count=1, goes_alone=False, next_at=SENT, first_sent_at=SENT, first_sent_tick=100, unknown_since=SENT,
)  # fmt: skip
PROMOTING = replace(UNKNOWN, step=Step.PROMOTE, xero_id="x", problems=(problem("FB-501"),))
VOIDING = replace(UNKNOWN, operation="void", state=JobState.SENDING, step=Step.LOOK, xero_id="x", target_status="")
TAKEN = (problem("FB-502", number="7"),)
DIFFERENCE = Difference("total", "10.00", "10.01")
DRAFT = FoundDocument(xero_id="x", status="DRAFT")
APPROVED = replace(DRAFT, status="AUTHORISED")


def look(job: JobSnapshot, *found: FoundDocument, after: float = 100, ticks: int = 105) -> Decision:
    """`after`: seconds since the job was sent, at tick 100."""
    now = SENT + timedelta(seconds=after)
    at = Moment(now=now, ticks=ticks, times=TIMES, rng=random.Random(1))  # noqa: S311 no secret
    return decide(job, LookedUp(found), at)


def codes(decision: Decision) -> list[str]:
    return [one.code for one in decision.job.problems]


def test_found_draft_is_adopted_and_goes_on() -> None:
    decision = look(UNKNOWN, DRAFT)

    assert (decision.job.state, decision.job.step, decision.job.xero_id) == (JobState.SENDING, Step.ATTACH, "x")
    assert [line.event for line in decision.log] == ["found", "created"]


def test_found_document_with_other_figures_stops() -> None:
    assert codes(look(UNKNOWN, replace(DRAFT, differences=(DIFFERENCE,)))) == ["FB-504"]


def test_of_several_the_one_that_a_person_took_up_counts_then_the_oldest() -> None:
    younger = replace(DRAFT, xero_id="younger")

    assert look(UNKNOWN, DRAFT, younger).job.xero_id == "x"
    assert look(UNKNOWN, younger, APPROVED).job.xero_id == "x"


def test_two_approved_documents_are_for_a_person() -> None:
    decision = look(UNKNOWN, APPROVED, replace(APPROVED, xero_id="other"))

    assert (codes(decision), decision.job.xero_id) == (["FB-509"], "")


@pytest.mark.parametrize("status", ["DELETED", "VOIDED"])
def test_document_that_somebody_removed_is_not_made_again_silently(status: str) -> None:
    decision = look(UNKNOWN, replace(DRAFT, status=status), after=900, ticks=200)

    assert (decision.job.state, codes(decision)) == (JobState.ATTENTION, ["FB-507"])


@pytest.mark.parametrize(("after", "ticks"), [(100, 105), (479, 200), (900, 123), (-600, 200)])
def test_absent_document_is_waited_for_until_clock_and_heartbeat_agree(after: float, ticks: int) -> None:
    decided = look(UNKNOWN, after=after, ticks=ticks).job

    assert (decided.state, decided.generation) == (JobState.UNKNOWN, 1)
    assert timedelta(seconds=30) <= decided.next_at - (SENT + timedelta(seconds=after)) <= TIMES.settle


def test_absent_document_is_sent_under_a_new_key_after_the_quiet_time() -> None:
    decided = look(UNKNOWN, after=480, ticks=124).job

    assert (decided.state, decided.step, decided.generation) == (JobState.QUEUED, Step.CREATE, 2)
    assert (decided.first_sent_at, decided.first_sent_tick, decided.unknown_since) == (None, None, None)


def test_absent_document_that_nobody_wants_any_more_is_cancelled() -> None:
    job = replace(UNKNOWN, cancel_requested_at=SENT)

    assert look(job, after=479, ticks=200).job.state == JobState.UNKNOWN
    assert look(job, after=480, ticks=124).job.state == JobState.CANCELLED


def test_absent_document_with_a_problem_stops_with_it() -> None:
    decision = look(replace(UNKNOWN, problems=(problem("FB-601", reason="too long"),)), after=480, ticks=124)

    assert (decision.job.state, codes(decision)) == (JobState.ATTENTION, ["FB-601"])


@pytest.mark.parametrize(
    ("found", "state", "problems"),
    [((), JobState.REJECTED, TAKEN), ((DRAFT,), JobState.SENDING, ())],
)
def test_taken_number_is_ours_or_refused(
    found: tuple[FoundDocument, ...], state: str, problems: tuple[Problem, ...]
) -> None:
    at = Moment(now=SENT, ticks=100, times=TIMES, rng=random.Random(1))  # noqa: S311 no secret
    waiting = decide(UNKNOWN, Rejected(TAKEN), at).job

    decided = look(waiting, *found).job

    assert (waiting.state, waiting.next_at) == (JobState.UNKNOWN, SENT)
    assert (decided.state, decided.problems) == (state, problems)


@pytest.mark.parametrize(
    ("found", "state", "code"),
    [
        (APPROVED, JobState.DONE, []),
        (replace(APPROVED, status="PAID"), JobState.DONE, []),
        (replace(APPROVED, differences=(DIFFERENCE,)), JobState.ATTENTION, ["FB-504"]),
        (DRAFT, JobState.ATTENTION, ["FB-501"]),
        (replace(DRAFT, status="DELETED"), JobState.ATTENTION, ["FB-506"]),
    ],
)
def test_refused_approval_is_held_against_what_stands_there(found: FoundDocument, state: str, code: list[str]) -> None:
    decision = look(PROMOTING, found)

    assert (decision.job.state, codes(decision)) == (state, code)


@pytest.mark.parametrize(
    ("found", "state", "step", "status"),
    [
        (DRAFT, JobState.SENDING, Step.VOID, "DELETED"),
        (replace(DRAFT, status="SUBMITTED"), JobState.SENDING, Step.VOID, "DELETED"),
        (APPROVED, JobState.SENDING, Step.VOID, "VOIDED"),
        (replace(APPROVED, status="VOIDED"), JobState.DONE, Step.LOOK, ""),
        (replace(APPROVED, has_payments=True), JobState.ATTENTION, Step.LOOK, ""),
        (replace(APPROVED, status="PAID"), JobState.ATTENTION, Step.LOOK, ""),
    ],
)
def test_void_looks_first(found: FoundDocument, state: str, step: str, status: str) -> None:
    decided = look(VOIDING, found).job

    assert (decided.state, decided.step, decided.target_status) == (state, step, status)


def test_cancelled_too_late_stays_in_xero() -> None:
    refused = replace(PROMOTING, step=Step.VOID, target_status="DELETED", cancel_requested_at=SENT)

    assert look(refused, APPROVED).job.state == JobState.DONE
    assert codes(look(refused, DRAFT)) == ["FB-501"]


@pytest.mark.parametrize("step", [Step.ALLOCATE, Step.NOTE])
def test_addition_is_made_again_only_where_it_is_not(step: Step) -> None:
    job = replace(UNKNOWN, operation=step.value, step=step, xero_id="x")

    assert look(job, replace(APPROVED, is_applied=True)).job.state == JobState.DONE
    assert look(job, APPROVED).job.state == JobState.UNKNOWN
    again = look(job, APPROVED, after=480, ticks=124).job
    assert (again.state, again.step, again.generation) == (JobState.SENDING, step, 2)


def test_after_a_restore_everything_without_an_id_is_looked_up_first() -> None:
    at = Moment(now=SENT, ticks=500, times=TIMES, rng=random.Random(1))  # noqa: S311 no secret
    backup_at = SENT - timedelta(hours=3)
    fresh = replace(UNKNOWN, state=JobState.QUEUED, step=Step.CONTACT, first_sent_at=None, unknown_since=None)

    restored = decide(fresh, Restored(backup_at=backup_at), at).job
    refused = decide(replace(fresh, state=JobState.REJECTED), Restored(backup_at=backup_at), at).job
    mended = decide(refused, Mended(), at).job

    for job in (restored, mended):
        assert (job.state, job.first_sent_at, job.first_sent_tick) == (JobState.UNKNOWN, backup_at, 500)
    assert look(restored, after=0, ticks=501).job.state == JobState.UNKNOWN, "What was sent last may still arrive."
    assert look(restored, after=0, ticks=524).job.state == JobState.QUEUED
    assert look(restored, DRAFT, after=0, ticks=501).job.xero_id == "x"


def test_known_draft_is_looked_at_after_a_restore() -> None:
    at = Moment(now=SENT, ticks=500, times=TIMES, rng=random.Random(1))  # noqa: S311 no secret
    draft = replace(PROMOTING, state=JobState.SENDING, step=Step.ATTACH, problems=())

    restored = decide(draft, Restored(backup_at=SENT), at).job

    assert (restored.state, restored.step) == (JobState.UNKNOWN, Step.ATTACH)
    assert (look(restored, DRAFT).job.state, look(restored, DRAFT).job.step) == (JobState.SENDING, Step.ATTACH)
    assert codes(look(restored, replace(DRAFT, status="DELETED"))) == ["FB-506"]
    assert look(replace(restored, cancel_requested_at=SENT)).job.state == JobState.CANCELLED


def test_nobody_looks_for_a_job_whose_state_is_known() -> None:
    with pytest.raises(DecisionError, match="Nobody had to look"):
        look(replace(UNKNOWN, state=JobState.QUEUED), DRAFT)
