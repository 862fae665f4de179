"""The one place where a job changes its state: every state, every event."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from integrations.job_states import OPEN_STATES, JobState, Operation, Step
from integrations.mapping.compare_answer import Difference
from integrations.mapping.problems import problem
from integrations.outbox.decide import decide
from integrations.outbox.decisions import DecisionError
from integrations.outbox.delivery_times import DeliveryTimes
from integrations.outbox.job_events import (
    Attached,
    CancelReached,
    CancelRequested,
    ContactResolved,
    Created,
    Event,
    FoundDocument,
    LookedUp,
    Mended,
    NotApplied,
    NotBuilt,
    NotReached,
    OutcomeUnknown,
    PdfStored,
    Promoted,
    Rejected,
    Restored,
    Sent,
    Stopped,
    Updated,
    Voided,
)
from integrations.outbox.job_snapshot import Decision, JobSnapshot, Moment

TIMES = DeliveryTimes()
SETTLE, PDF_WAIT = TIMES.settle, TIMES.pdf_wait
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SOON = NOW + timedelta(seconds=26)
PROBLEM, OTHER = problem("FB-301", "FRT", charge_code="FRT"), problem("FB-601", reason="too long")
DIFFERENCE = Difference("total", "10.00", "10.01")
NEW = JobSnapshot(
    operation="create", kind="sales invoice", state=JobState.QUEUED, step=Step.CONTACT, target_status="AUTHORISED",
    wants_pdf=True, has_pdf=False, is_attached=False, contact_id="",
    xero_id="", generation=1, retry_count=0, started_count=0, goes_alone=False, next_at=NOW - timedelta(hours=1),
)  # fmt: skip
TO_CREATE = replace(NEW, step=Step.CREATE, contact_id="c")
UNKNOWN = replace(
    TO_CREATE, state=JobState.UNKNOWN, first_sent_at=NOW, first_sent_tick=3, unknown_since=NOW, started_count=1
)
DRAFT = replace(UNKNOWN, state=JobState.SENDING, step=Step.ATTACH, xero_id="x", unknown_since=None, started_count=0)
TO_PROMOTE = replace(DRAFT, step=Step.PROMOTE, has_pdf=True)
DONE = replace(TO_PROMOTE, state=JobState.DONE, finished_at=NOW)
REJECTED = replace(
    TO_CREATE, state=JobState.REJECTED, first_sent_at=NOW, problems=(PROBLEM,), finished_at=NOW, retry_count=4
)

jobs = st.builds(
    replace,
    st.just(NEW),
    state=st.sampled_from(JobState), step=st.sampled_from([Step.CONTACT, Step.CREATE, Step.ATTACH, Step.PROMOTE]),
    target_status=st.sampled_from(["DRAFT", "SUBMITTED", "AUTHORISED"]), wants_pdf=st.booleans(), has_pdf=st.booleans(),
    contact_id=st.sampled_from(["", "c"]), xero_id=st.sampled_from(["", "x"]), generation=st.integers(1, 9),
    retry_count=st.integers(0, 40), started_count=st.integers(0, 6), goes_alone=st.booleans(),
    first_sent_at=st.none() | st.just(NOW), problems=st.sampled_from([(), (PROBLEM,)]),
)  # fmt: skip
events = st.sampled_from(
    [
        ContactResolved("c2"), Sent(), Created(xero_id="x"), Created(xero_id="x", differences=(DIFFERENCE,)),
        Created(xero_id="x", warnings=("odd rate",)), Attached(), Promoted(), Promoted(differences=(DIFFERENCE,)),
        Updated(), Updated(differences=(DIFFERENCE,)), Voided(), CancelReached(), Restored(backup_at=NOW), LookedUp(),
        LookedUp((FoundDocument(xero_id="x", status="DRAFT"),)),
        LookedUp((FoundDocument(xero_id="x", status="DELETED"),)),
        NotBuilt(), Rejected((OTHER,)), NotApplied(reason="busy"), NotApplied(reason="busy", not_before=SOON),
        NotApplied(reason="404", goes_alone=True), OutcomeUnknown("lost"), PdfStored(), Stopped((OTHER,)), Mended(),
        CancelRequested(), NotReached(),
    ]
)  # fmt: skip


def after(job: JobSnapshot, event: Event, *, ticks: int = 7) -> Decision:
    at = Moment(now=NOW, ticks=ticks, times=TIMES, rng=random.Random(1))  # noqa: S311 no secret
    return decide(job, event, at)


@given(job=jobs, event=events)
def test_job_is_either_finished_or_has_a_moment_to_go_on(job: JobSnapshot, event: Event) -> None:
    try:
        decided = after(job, event).job
    except DecisionError:
        assume(False)

    if decided.state in OPEN_STATES:
        assert decided.finished_at is None or job.finished_at is not None
        assert decided.next_at >= job.next_at
    else:
        assert (decided.finished_at is not None) or not job.is_open


@given(job=jobs, event=events)
def test_decision_keeps_its_promises(job: JobSnapshot, event: Event) -> None:
    try:
        decision = after(job, event)
    except DecisionError:
        assume(False)
    decided = decision.job

    told = [line.text for line in decision.log if line.result == "failed"]
    assert decided.generation >= job.generation
    assert not job.xero_id or decided.xero_id == job.xero_id
    assert decided.state != JobState.UNKNOWN or decided.unknown_since or job.state == JobState.UNKNOWN
    assert set(told) <= {one.code for one in decided.problems}
    assert (
        decided.state not in {JobState.REJECTED, JobState.ATTENTION} or decided.problems or job.state == decided.state
    )


@given(job=jobs, event=events)
def test_nothing_happens_to_a_finished_job_but_by_people_its_pdf_or_a_restore(job: JobSnapshot, event: Event) -> None:
    assume(not job.is_open and not isinstance(event, Mended | PdfStored | CancelRequested | Restored))

    with pytest.raises(DecisionError, match=f"happened to a job that is {job.state}"):
        after(job, event)


@given(event=events)
def test_unknown_job_is_never_given_up_or_sent_anew_without_an_answer(event: Event) -> None:
    """While nobody knows whether a document exists, only what proves it ends the waiting."""
    proofs = Created | Rejected | NotApplied | LookedUp
    others = Mended | ContactResolved | Sent | Attached | Promoted | Updated | Voided | CancelReached
    assume(not isinstance(event, proofs | others))

    decided = after(UNKNOWN, event).job

    assert (decided.state, decided.step, decided.generation) == (JobState.UNKNOWN, Step.CREATE, 1)


def test_contact_found_leads_to_create() -> None:
    decided = after(replace(NEW, retry_count=3, started_count=2, goes_alone=True), ContactResolved("c")).job

    assert decided == replace(NEW, step=Step.CREATE, contact_id="c", next_at=NOW)


def test_intent_to_create_is_unknown_until_proved() -> None:
    decided = after(TO_CREATE, Sent()).job

    assert decided == replace(
        TO_CREATE, state=JobState.UNKNOWN, first_sent_at=NOW, first_sent_tick=7, unknown_since=NOW,
        next_at=NOW + SETTLE,
    )  # fmt: skip


def test_moment_of_the_first_send_is_kept() -> None:
    earlier = NOW - timedelta(minutes=9)

    decided = after(replace(TO_CREATE, first_sent_at=earlier, first_sent_tick=0), Sent()).job

    assert (decided.first_sent_at, decided.first_sent_tick) == (earlier, 0)


@pytest.mark.parametrize("job", [NEW, replace(DRAFT, has_pdf=True), TO_PROMOTE])
def test_other_steps_are_sending_and_due_again_should_the_worker_die(job: JobSnapshot) -> None:
    decided = after(replace(job, started_count=1), Sent()).job

    assert (decided.state, decided.started_count) == (JobState.SENDING, 1)
    assert NOW < decided.next_at <= NOW + timedelta(seconds=8)


def test_job_that_cannot_be_built_is_tried_by_itself_and_ever_later() -> None:
    decided = [after(replace(NEW, started_count=count), NotBuilt()).job for count in (1, 4)]

    assert {(one.state, one.step, one.goes_alone) for one in decided} == {(NEW.state, NEW.step, True)}
    assert [one.started_count for one in decided] == [1, 4]
    assert NOW < decided[0].next_at <= NOW + timedelta(seconds=7.5)
    assert NOW + timedelta(seconds=20) <= decided[1].next_at <= NOW + timedelta(seconds=60)


def test_change_of_what_has_no_id_stops_though_it_counts_as_unknown() -> None:
    """After a restore everything open is unknown, such a change too; nothing of it was ever sent."""
    decided = after(replace(UNKNOWN, operation=Operation.UPDATE, step=Step.UPDATE), Stopped((PROBLEM,))).job

    assert (decided.state, decided.problems) == (JobState.ATTENTION, (PROBLEM,))


@pytest.mark.parametrize(
    ("changes", "state", "step", "next_at"),
    [
        ({"has_pdf": True}, JobState.SENDING, Step.ATTACH, NOW),
        ({"has_pdf": False}, JobState.SENDING, Step.ATTACH, NOW + PDF_WAIT),
        ({"wants_pdf": False}, JobState.SENDING, Step.PROMOTE, NOW),
        ({"wants_pdf": False, "target_status": "SUBMITTED"}, JobState.SENDING, Step.PROMOTE, NOW),
        ({"wants_pdf": False, "target_status": "DRAFT"}, JobState.DONE, Step.CREATE, NOW),
        ({"wants_pdf": True, "target_status": "DRAFT", "has_pdf": True}, JobState.SENDING, Step.ATTACH, NOW),
    ],
)
def test_draft_in_xero_goes_on(changes: dict[str, object], state: str, step: str, next_at: datetime) -> None:
    decided = after(replace(UNKNOWN, **changes), Created(xero_id="x")).job  # type: ignore[arg-type]

    assert (decided.state, decided.step, decided.next_at, decided.xero_id) == (state, step, next_at, "x")
    assert decided.unknown_since is None


def test_other_figures_stop_the_document_as_a_draft() -> None:
    decision = after(UNKNOWN, Created(xero_id="x", differences=(DIFFERENCE,)))

    assert (decision.job.state, decision.job.xero_id, decision.job.finished_at) == (JobState.ATTENTION, "x", NOW)
    assert decision.job.problems == (
        problem(
            "FB-504", differences="total: 10.00 here, 10.01 in Xero", standing="is a draft there and was not approved"
        ),
    )


def test_mended_draft_with_other_figures_takes_the_new_lines() -> None:
    stopped = after(UNKNOWN, Created(xero_id="x", differences=(DIFFERENCE,))).job

    mended = after(stopped, Mended()).job
    updated = after(replace(mended, has_pdf=True), Updated()).job

    assert (mended.state, mended.step, mended.xero_id, mended.generation) == (JobState.SENDING, Step.UPDATE, "x", 2)
    assert (updated.state, updated.step) == (JobState.SENDING, Step.ATTACH)


def test_update_of_what_has_its_pdf_goes_straight_to_the_approval() -> None:
    job = replace(TO_PROMOTE, step=Step.UPDATE, is_attached=True)

    assert after(job, Updated()).job.step == Step.PROMOTE


def test_figures_changed_before_the_approval_stop_it_and_say_so() -> None:
    decision = after(TO_PROMOTE, Promoted(differences=(DIFFERENCE,)))

    assert decision.job.state == JobState.ATTENTION
    assert decision.job.problems[0].named_words["standing"] == "was changed there and is approved"


def test_problem_found_while_the_answer_was_on_its_way_stops_the_draft() -> None:
    waiting = after(UNKNOWN, Stopped((OTHER,))).job

    decision = after(waiting, Created(xero_id="x"))

    assert waiting.state == JobState.UNKNOWN
    assert (decision.job.state, decision.job.step, decision.job.xero_id) == (JobState.ATTENTION, Step.ATTACH, "x")
    assert decision.job.problems == (OTHER,)


def test_problem_found_while_the_answer_was_on_its_way_stops_what_was_not_applied() -> None:
    decision = after(after(UNKNOWN, Stopped((OTHER,))).job, NotApplied(reason="busy"))

    assert (decision.job.state, decision.job.problems) == (JobState.ATTENTION, (OTHER,))


def test_warnings_of_xero_are_told() -> None:
    decision = after(UNKNOWN, Created(xero_id="x", warnings=("Odd rate.",)))

    assert [(line.event, line.text) for line in decision.log] == [
        ("created", "Xero has it as a draft."),
        ("warning", "Xero warns: Odd rate."),
    ]


@pytest.mark.parametrize(
    ("target", "state", "step"),
    [("AUTHORISED", JobState.SENDING, Step.PROMOTE), ("DRAFT", JobState.DONE, Step.ATTACH)],
)
def test_attached_pdf_leads_to_the_target(target: str, state: str, step: str) -> None:
    decided = after(replace(DRAFT, has_pdf=True, target_status=target), Attached()).job

    assert (decided.state, decided.step) == (state, step)


@pytest.mark.parametrize(
    ("target", "text"), [("AUTHORISED", "Approved in Xero."), ("SUBMITTED", "Submitted for approval in Xero.")]
)
def test_promoted_document_is_done(target: str, text: str) -> None:
    decision = after(replace(TO_PROMOTE, target_status=target), Promoted())

    assert (decision.job.state, decision.job.finished_at) == (JobState.DONE, NOW)
    assert [line.text for line in decision.log] == [text]


@pytest.mark.parametrize(
    ("job", "state"), [(UNKNOWN, JobState.REJECTED), (NEW, JobState.REJECTED), (DRAFT, JobState.ATTENTION)]
)
def test_refusal_is_final_before_a_draft_and_attention_after(job: JobSnapshot, state: str) -> None:
    decision = after(job, Rejected((PROBLEM, OTHER)))

    assert (decision.job.state, decision.job.problems, decision.job.finished_at) == (state, (PROBLEM, OTHER), NOW)
    assert [line.text for line in decision.log] == ["FB-301", "FB-601"]


@pytest.mark.parametrize(
    ("job", "state"),
    [
        (UNKNOWN, JobState.QUEUED),
        (replace(NEW, state=JobState.SENDING), JobState.QUEUED),
        (TO_PROMOTE, JobState.SENDING),
    ],
)
def test_call_that_did_nothing_is_made_again_with_the_same_key(job: JobSnapshot, state: str) -> None:
    decided = after(replace(job, started_count=3), NotApplied(reason="busy", not_before=SOON)).job

    assert (decided.state, decided.step, decided.next_at) == (state, job.step, SOON)
    assert (decided.generation, decided.started_count, decided.retry_count) == (1, 0, 1)
    assert decided.unknown_since is None


def test_quiet_time_counts_from_the_send_that_may_have_worked() -> None:
    """Sent at nine with certainly no effect, sent again at ten past: the second is what is waited out."""
    decided = after(UNKNOWN, NotApplied(reason="busy")).job

    assert (decided.first_sent_at, decided.first_sent_tick) == (None, None)


def test_call_refused_as_a_whole_is_tried_at_once_and_alone() -> None:
    decided = after(UNKNOWN, NotApplied(reason="404", goes_alone=True)).job

    assert (decided.next_at, decided.goes_alone) == (NOW, True)


def test_document_that_went_alone_goes_with_others_again_after_the_step() -> None:
    decided = after(replace(UNKNOWN, goes_alone=True), Created(xero_id="x")).job

    assert not decided.goes_alone


@pytest.mark.parametrize(
    ("job", "state", "earliest", "latest"),
    [
        (UNKNOWN, JobState.UNKNOWN, SETTLE, SETTLE),
        (replace(TO_PROMOTE, started_count=1), JobState.SENDING, timedelta(seconds=2.5), timedelta(seconds=7.5)),
    ],
)
def test_lost_answer_waits(job: JobSnapshot, state: str, earliest: timedelta, latest: timedelta) -> None:
    decided = after(job, OutcomeUnknown("ReadTimeoutError")).job

    assert decided.state == state
    assert earliest <= decided.next_at - NOW <= latest
    assert decided.started_count == 0


@pytest.mark.parametrize(
    ("job", "next_at"),
    [
        (replace(DRAFT, next_at=NOW + PDF_WAIT), NOW),
        (replace(TO_PROMOTE, has_pdf=True), TO_PROMOTE.next_at),
        (replace(NEW, next_at=SOON), SOON),
        (UNKNOWN, UNKNOWN.next_at),
        (DONE, DONE.next_at),
    ],
)
def test_stored_pdf_wakes_the_job_that_waits_for_it_only(job: JobSnapshot, next_at: datetime) -> None:
    decided = after(job, PdfStored()).job

    assert decided == replace(job, has_pdf=True, next_at=next_at)


@pytest.mark.parametrize(
    ("job", "state", "step"),
    [
        (REJECTED, JobState.QUEUED, Step.CONTACT),
        (replace(REJECTED, state=JobState.ATTENTION), JobState.QUEUED, Step.CONTACT),
        (replace(TO_PROMOTE, state=JobState.ATTENTION, problems=(PROBLEM,)), JobState.SENDING, Step.UPDATE),
        (replace(DRAFT, state=JobState.ATTENTION, problems=(OTHER,)), JobState.SENDING, Step.UPDATE),
    ],
)
def test_mended_job_goes_on_under_a_new_key(job: JobSnapshot, state: str, step: str) -> None:
    decided = after(job, Mended()).job

    assert (decided.state, decided.step, decided.generation) == (state, step, 2)
    assert (decided.problems, decided.finished_at, decided.next_at, decided.retry_count) == ((), None, NOW, 0)


def test_mended_job_asks_for_its_contact_anew() -> None:
    """The mend may have been another contact for the customer."""
    assert after(REJECTED, Mended()).job.contact_id == ""


@pytest.mark.parametrize("job", [NEW, UNKNOWN, DRAFT, DONE, replace(NEW, state=JobState.CANCELLED)])
def test_there_is_nothing_to_mend_on_a_job_that_was_not_stopped(job: JobSnapshot) -> None:
    with pytest.raises(DecisionError, match="nothing to mend"):
        after(job, Mended())


def test_cancelling_before_anything_was_sent_ends_the_job() -> None:
    decided = after(NEW, CancelRequested()).job

    assert (decided.state, decided.finished_at, decided.cancel_requested_at) == (JobState.CANCELLED, NOW, NOW)


def test_cancelling_an_unknown_job_waits_for_the_truth() -> None:
    assert after(UNKNOWN, CancelRequested()).job == replace(UNKNOWN, cancel_requested_at=NOW)


@pytest.mark.parametrize("job", [DRAFT, TO_PROMOTE])
def test_cancelling_a_draft_is_due_at_once_and_deletes_it(job: JobSnapshot) -> None:
    asked = after(job, CancelRequested()).job
    reached = after(asked, CancelReached()).job

    assert asked == replace(job, cancel_requested_at=NOW, next_at=NOW)
    assert (reached.step, reached.target_status) == (Step.VOID, "DELETED")
    assert after(reached, Voided()).job.state == JobState.CANCELLED


def test_draft_that_arrives_after_the_cancelling_is_deleted() -> None:
    asked = after(UNKNOWN, CancelRequested()).job

    decided = after(asked, Created(xero_id="x")).job

    assert (decided.step, decided.target_status, decided.state) == (Step.VOID, "DELETED", JobState.SENDING)


@pytest.mark.parametrize(
    ("job", "state", "step"),
    [
        (REJECTED, JobState.CANCELLED, Step.CREATE),
        (replace(TO_PROMOTE, state=JobState.ATTENTION, problems=(PROBLEM,)), JobState.SENDING, Step.VOID),
    ],
)
def test_stopped_job_can_be_given_up(job: JobSnapshot, state: str, step: str) -> None:
    decided = after(job, CancelRequested()).job

    assert (decided.state, decided.step, decided.problems) == (state, step, ())


@pytest.mark.parametrize("job", [DONE, replace(NEW, state=JobState.CANCELLED)])
def test_there_is_nothing_to_cancel_on_a_finished_job(job: JobSnapshot) -> None:
    with pytest.raises(DecisionError, match="nothing to cancel"):
        after(job, CancelRequested())


def test_quote_takes_its_status_at_once_and_has_no_second_phase() -> None:
    quote = replace(UNKNOWN, kind="quote", target_status="SENT", wants_pdf=False)

    assert after(quote, Created(xero_id="x")).job.state == JobState.DONE


def test_event_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError, match="str"):
        after(NEW, "event")  # type: ignore[arg-type]
