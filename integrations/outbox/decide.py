"""
The only place where a sync job changes its state. Pure: job, event and moment in, job and log lines out.

queued → (contact) → create: intent committed = unknown → draft in Xero = sending → attach → promote → done.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import singledispatch

from integrations.job_states import JobState, LogResult, Step
from integrations.mapping.compare_answer import Difference
from integrations.mapping.problems import Problem, problem
from integrations.outbox.job_snapshot import (
    Attached,
    CancelRequested,
    ContactResolved,
    Created,
    Decision,
    Event,
    JobSnapshot,
    LogLine,
    Mended,
    NotApplied,
    OutcomeUnknown,
    PdfStored,
    Promoted,
    Rejected,
    Sent,
    Stopped,
)
from integrations.outbox.retry_policy import delay

# What a lost answer is given before anybody looks: Xero may still be working on it.
SETTLE = timedelta(seconds=90)
# A job that waits for its PDF is woken by it; this only bounds the wait should the wake-up be lost.
PDF_WAIT = timedelta(minutes=5)


class DecisionError(Exception):
    """The event cannot happen to a job in this state: a bug of ours, and nothing must be written."""


def decide(job: JobSnapshot, event: Event, *, now: datetime, ticks: int, rng: random.Random) -> Decision:
    """Raises DecisionError."""
    if not job.is_open and not isinstance(event, Mended | PdfStored):
        raise DecisionError(f"{type(event).__name__} happened to a job that is {job.state}.")
    return _decide(event, job, now, ticks, rng)


Rule = Callable[[Event, JobSnapshot, datetime, int, random.Random], Decision]


@singledispatch
def _decide(event: Event, _job: JobSnapshot, _now: datetime, _ticks: int, _rng: random.Random) -> Decision:
    raise DecisionError(f"Nobody decides on {type(event).__name__}.")


@_decide.register
def _(event: ContactResolved, job: JobSnapshot, now: datetime, _ticks: int, _rng: random.Random) -> Decision:
    return Decision(job=_progress(job, now, step=Step.CREATE, contact_id=event.contact_id))


@_decide.register
def _(_event: Sent, job: JobSnapshot, now: datetime, ticks: int, rng: random.Random) -> Decision:
    """
    Only a create can leave two documents behind, so only it makes the job unknown; to attach or to promote
    twice is the same as once.
    """
    begun = replace(job, state=JobState.SENDING, started_count=job.started_count + 1)
    if job.step != Step.CREATE:
        return Decision(job=replace(begun, next_at=now + delay(job.started_count, rng=rng)))
    return Decision(
        job=replace(
            begun,
            state=JobState.UNKNOWN,
            first_sent_at=job.first_sent_at or now,
            first_sent_tick=ticks if job.first_sent_tick is None else job.first_sent_tick,
            unknown_since=job.unknown_since or now,
            next_at=now + SETTLE,
        )
    )


@_decide.register
def _(event: Created, job: JobSnapshot, now: datetime, _ticks: int, _rng: random.Random) -> Decision:
    created = replace(job, xero_id=event.xero_id, unknown_since=None)
    if event.differences:
        return _stop(created, now, (_figures_differ(event.differences, is_draft=True),))
    step = Step.ATTACH if job.wants_pdf else Step.PROMOTE
    if job.problems:
        return _stop(replace(created, step=step), now, job.problems)
    lines = [LogLine(result=LogResult.DONE, event="created", text="Xero has it as a draft.")]
    lines += [LogLine(result=LogResult.INFO, event="warning", text=f"Xero warns: {text}") for text in event.warnings]
    if not job.wants_pdf and job.target_status == "DRAFT":
        return _finish(created, now, *lines)
    waits = job.wants_pdf and not job.has_pdf
    moved = _progress(created, now + PDF_WAIT if waits else now, step=step)
    return Decision(job=replace(moved, state=JobState.SENDING), log=tuple(lines))


@_decide.register
def _(_event: Attached, job: JobSnapshot, now: datetime, _ticks: int, _rng: random.Random) -> Decision:
    line = LogLine(result=LogResult.DONE, event="attached", text="The PDF is attached.")
    if job.target_status == "DRAFT":
        return _finish(job, now, line)
    return Decision(job=_progress(job, now, step=Step.PROMOTE), log=(line,))


@_decide.register
def _(event: Promoted, job: JobSnapshot, now: datetime, _ticks: int, _rng: random.Random) -> Decision:
    if event.differences:
        return _stop(job, now, (_figures_differ(event.differences, is_draft=False),))
    words = {"AUTHORISED": "Approved in Xero.", "SUBMITTED": "Submitted for approval in Xero."}
    text = words.get(job.target_status, "In Xero.")
    return _finish(job, now, LogLine(result=LogResult.DONE, event="approved", text=text))


@_decide.register
def _(event: Rejected, job: JobSnapshot, now: datetime, _ticks: int, _rng: random.Random) -> Decision:
    """Before a draft exists nothing is in Xero; afterwards the draft stays, and a person decides on it."""
    if job.xero_id:
        return _stop(job, now, event.problems)
    rejected = replace(job, state=JobState.REJECTED, unknown_since=None, problems=event.problems, finished_at=now)
    return Decision(job=rejected, log=_problem_lines("rejected", event.problems))


@_decide.register
def _(event: NotApplied, job: JobSnapshot, now: datetime, _ticks: int, rng: random.Random) -> Decision:
    """An earlier unknown would stay unknown; the machine sends a create once a generation, so there is none."""
    if job.problems:
        return _stop(job, now, job.problems)
    again_at = event.not_before or (now if event.goes_alone else now + delay(job.retry_count, rng=rng))
    waiting = replace(
        job,
        state=JobState.SENDING if job.xero_id else JobState.QUEUED,
        unknown_since=None,
        started_count=0,
        retry_count=job.retry_count + 1,
        goes_alone=job.goes_alone or event.goes_alone,
        next_at=again_at,
    )
    return Decision(job=waiting, log=(LogLine(result=LogResult.WAITING, event="waiting", text=event.reason),))


@_decide.register
def _(event: OutcomeUnknown, job: JobSnapshot, now: datetime, _ticks: int, rng: random.Random) -> Decision:
    line = LogLine(result=LogResult.WAITING, event="unknown", text=f"No clear answer from Xero ({event.reason}).")
    again_at = now + (SETTLE if job.step == Step.CREATE else delay(job.retry_count, rng=rng))
    waiting = replace(job, next_at=again_at, started_count=0, retry_count=job.retry_count + 1)
    return Decision(job=waiting, log=(line,))


@_decide.register
def _(_event: PdfStored, job: JobSnapshot, now: datetime, _ticks: int, _rng: random.Random) -> Decision:
    is_waiting = job.is_open and job.step == Step.ATTACH and not job.has_pdf
    return Decision(job=replace(job, has_pdf=True, next_at=now if is_waiting else job.next_at))


@_decide.register
def _(event: Stopped, job: JobSnapshot, now: datetime, _ticks: int, _rng: random.Random) -> Decision:
    """A document that may be on its way into Xero is not given up before that is known: the problems wait on it."""
    if job.state == JobState.UNKNOWN:
        return Decision(job=replace(job, problems=event.problems))
    return _stop(job, now, event.problems)


@_decide.register
def _(_event: Mended, job: JobSnapshot, now: datetime, _ticks: int, _rng: random.Random) -> Decision:
    if job.state not in {JobState.REJECTED, JobState.ATTENTION}:
        raise DecisionError(f"There is nothing to mend on a job that is {job.state}.")
    if job.has_stray_draft:
        raise DecisionError("Its draft stands in Xero with other figures: a second one must not be made.")
    again = replace(
        job if job.xero_id else replace(job, step=Step.CONTACT, contact_id=""),
        state=JobState.SENDING if job.xero_id else JobState.QUEUED,
        # Xero refused this generation's request and keeps that answer under its key for six minutes.
        generation=job.generation + 1,
        problems=(),
        finished_at=None,
        started_count=0,
        retry_count=0,
        next_at=now,
    )
    return Decision(job=again, log=(LogLine(result=LogResult.INFO, event="mended", text="Goes on after the mend."),))


@_decide.register
def _(_event: CancelRequested, job: JobSnapshot, now: datetime, _ticks: int, _rng: random.Random) -> Decision:
    """Free of charge only before anything was sent; later it is honoured at the next recovery point."""
    if job.first_sent_at is not None:
        return Decision(job=replace(job, cancel_requested_at=now))
    cancelled = replace(job, state=JobState.CANCELLED, cancel_requested_at=now, finished_at=now)
    return Decision(job=cancelled, log=(LogLine(result=LogResult.INFO, event="cancelled", text="Not sent."),))


def _progress(job: JobSnapshot, next_at: datetime, **changes: str) -> JobSnapshot:
    return replace(job, next_at=next_at, started_count=0, retry_count=0, goes_alone=False, **changes)  # type: ignore[arg-type]


def _finish(job: JobSnapshot, now: datetime, *lines: LogLine) -> Decision:
    return Decision(job=replace(job, state=JobState.DONE, problems=(), finished_at=now), log=lines)


def _stop(job: JobSnapshot, now: datetime, problems: tuple[Problem, ...]) -> Decision:
    stopped = replace(job, state=JobState.ATTENTION, unknown_since=None, problems=problems, finished_at=now)
    return Decision(job=stopped, log=_problem_lines("attention", problems))


def _problem_lines(event: str, problems: tuple[Problem, ...]) -> tuple[LogLine, ...]:
    """The text is filled in from the catalogue where the line is written."""
    return tuple(LogLine(result=LogResult.FAILED, event=event, text=problem.code) for problem in problems)


def _figures_differ(differences: tuple[Difference, ...], *, is_draft: bool) -> Problem:
    shown = "; ".join(f"{one.field}: {one.ours} here, {one.theirs} in Xero" for one in differences)
    standing = "is a draft there and was not approved" if is_draft else "was changed there and is approved"
    return problem("FB-504", differences=shown, standing=standing)
