"""What follows from a call to Xero: before it is made, and from each kind of answer. Pure; called by `decide`."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from integrations.job_states import JobState, LogResult, Operation, Step
from integrations.mapping.problems import Problem
from integrations.outbox.decisions import (
    cancel,
    figures_differ,
    finish,
    go_on,
    line,
    look_again,
    reject,
    stop,
    wait,
)
from integrations.outbox.job_events import (
    Allocated,
    Attached,
    ContactResolved,
    Created,
    LeftAsCredit,
    NotApplied,
    OutcomeUnknown,
    Promoted,
    Rejected,
    Updated,
)
from integrations.outbox.job_snapshot import UNREPEATABLE, Decision, JobSnapshot, LogLine, Moment
from integrations.outbox.retry_policy import delay

NUMBER_TAKEN = "FB-502"
# The quiet time counts from the send that may have worked, not from one that certainly did not.
NEVER_SENT: dict[str, Any] = {"state": JobState.QUEUED, "first_sent_at": None, "first_sent_tick": None}
PROMOTED_WORDS = {"AUTHORISED": "Approved in Xero.", "SUBMITTED": "Submitted for approval in Xero."}


def on_contact(event: ContactResolved, job: JobSnapshot, at: Moment) -> Decision:
    return go_on(replace(job, contact_id=event.contact_id), Step.CREATE, at=at)


def on_sent(_event: object, job: JobSnapshot, at: Moment) -> Decision:
    """What may be repeated stays as it is; the rest is unknown from here on."""
    if job.step not in UNREPEATABLE:
        return Decision(job=replace(job, state=JobState.SENDING, next_at=_after_start(job, at)))
    return Decision(
        job=replace(
            job,
            state=JobState.UNKNOWN,
            first_sent_at=job.first_sent_at or at.now,
            first_sent_tick=at.ticks if job.first_sent_tick is None else job.first_sent_tick,
            unknown_since=job.unknown_since or at.now,
            next_at=at.now + at.times.settle,
        )
    )


def on_not_reached(_event: object, job: JobSnapshot, at: Moment) -> Decision:
    """As if it had not been begun; what is unknown of an earlier send stays so."""
    return Decision(job=replace(job, started_count=max(0, job.started_count - 1), next_at=at.now))


def on_not_built(_event: object, job: JobSnapshot, at: Moment) -> Decision:
    """Which of the call's jobs it was nobody knows, so each goes alone; they are begun only so many times."""
    return Decision(job=replace(job, goes_alone=True, next_at=_after_start(job, at)))


def on_created(event: Created, job: JobSnapshot, at: Moment) -> Decision:
    created = replace(job, xero_id=event.xero_id)
    if event.differences:
        return stop(created, figures_differ(event.differences, is_draft=True), at=at)
    lines = [
        line(LogResult.DONE, "created", "Xero has it." if not job.is_promoted_later else "Xero has it as a draft.")
    ]
    lines += [line(LogResult.INFO, "warning", f"Xero warns: {text}") for text in event.warnings]
    if event.problems:
        return stop(created, event.problems, *lines, at=at)
    return _after_writing(created, *lines, at=at)


def on_updated(event: Updated, job: JobSnapshot, at: Moment) -> Decision:
    if event.differences:
        return stop(job, figures_differ(event.differences, is_draft=job.operation == Operation.CREATE), at=at)
    if event.problems:
        return stop(job, event.problems, at=at)
    return _after_writing(job, line(LogResult.DONE, "updated", "Xero has it as it is here now."), at=at)


def on_attached(_event: Attached, job: JobSnapshot, at: Moment) -> Decision:
    return _after_attaching(
        replace(job, is_attached=True), line(LogResult.DONE, "attached", "The PDF is attached."), at=at
    )


def on_promoted(event: Promoted, job: JobSnapshot, at: Moment) -> Decision:
    if event.differences:
        return stop(job, figures_differ(event.differences, is_draft=False), at=at)
    lines = [line(LogResult.DONE, "approved", PROMOTED_WORDS.get(job.target_status, "In Xero."))]
    if job.cancel_requested_at:
        lines.append(line(LogResult.INFO, "not cancelled", "It was approved before it could be given up, so it stays."))
    return finish(job, *lines, at=at)


def on_voided(_event: object, job: JobSnapshot, at: Moment) -> Decision:
    if job.operation == Operation.CREATE:
        return cancel(job, "Its draft in Xero is deleted.", at=at)
    if job.operation == Operation.DISCARD:
        return finish(job, line(LogResult.DONE, "discarded", "The second one in Xero is taken away."), at=at)
    return finish(job, line(LogResult.DONE, "voided", "Voided in Xero."), at=at)


def on_allocated(event: Allocated, job: JobSnapshot, at: Moment) -> Decision:
    return finish(job, line(LogResult.DONE, "allocated", event.text), at=at)


def on_left_as_credit(event: LeftAsCredit, job: JobSnapshot, at: Moment) -> Decision:
    return finish(job, line(LogResult.INFO, "left as credit", event.text), at=at)


def on_noted(_event: object, job: JobSnapshot, at: Moment) -> Decision:
    return finish(job, line(LogResult.DONE, "noted", "All references stand in the history in Xero."), at=at)


def on_rejected(event: Rejected, job: JobSnapshot, at: Moment) -> Decision:
    """
    A number that is taken may be taken by us, from an earlier send that was thought lost; a promotion or a void
    may be refused because a person did it in Xero. So these are looked up before anybody is troubled.
    """
    if job.step in {Step.PROMOTE, Step.VOID} or (job.step == Step.CREATE and _is_number_taken(event.problems)):
        return look_again(job, next_at=at.now, problems=event.problems)
    return stop(job, event.problems, at=at) if job.xero_id else reject(job, event.problems, at=at)


def on_not_applied(event: NotApplied, job: JobSnapshot, at: Moment) -> Decision:
    """An earlier unknown would stay unknown; what cannot be repeated is sent once a generation, so there is none."""
    if job.problems:
        return stop(job, job.problems, at=at)
    again = replace(job, unknown_since=None, goes_alone=job.goes_alone or event.goes_alone)
    again = replace(again, state=JobState.SENDING) if job.xero_id else replace(again, **NEVER_SENT)
    return wait(again, event.reason, at=at, not_before=event.not_before or (at.now if event.goes_alone else None))


def on_outcome_unknown(event: OutcomeUnknown, job: JobSnapshot, at: Moment) -> Decision:
    text = f"No clear answer from Xero ({event.reason})."
    settled_at = at.now + at.times.settle if job.step in UNREPEATABLE else None
    return wait(job, text, at=at, not_before=settled_at, event="unknown")


def _after_start(job: JobSnapshot, at: Moment) -> datetime:
    """When a start that comes to no end is followed by another; the start itself is counted already."""
    return at.now + delay(job.started_count - 1, times=at.times, rng=at.rng)


def _after_writing(job: JobSnapshot, *lines: LogLine, at: Moment) -> Decision:
    if job.problems:
        return stop(replace(job, step=Step.ATTACH if job.wants_pdf else Step.PROMOTE), job.problems, *lines, at=at)
    if job.cancel_requested_at and job.operation == Operation.CREATE:
        return go_on(replace(job, target_status="DELETED"), Step.VOID, *lines, at=at)
    if not job.wants_pdf or job.is_attached:
        return _after_attaching(job, *lines, at=at)
    ready_at = at.now if job.has_pdf else at.now + at.times.pdf_wait
    return go_on(job, Step.ATTACH, *lines, at=at, next_at=ready_at)


def _after_attaching(job: JobSnapshot, *lines: LogLine, at: Moment) -> Decision:
    return go_on(job, Step.PROMOTE, *lines, at=at) if job.is_promoted_later else finish(job, *lines, at=at)


def _is_number_taken(problems: tuple[Problem, ...]) -> bool:
    return any(one.code == NUMBER_TAKEN for one in problems)
