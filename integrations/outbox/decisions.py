"""How a decision is put into words and rows: on to a step, finished, stopped, or waiting. Pure."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from integrations.job_states import JobState, LogResult, Step
from integrations.mapping.compare_answer import Difference
from integrations.mapping.problems import Problem, problem
from integrations.outbox.job_snapshot import Decision, JobSnapshot, LogLine, Moment
from integrations.outbox.retry_policy import delay

# When the turn of a paused job comes.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class DecisionError(Exception):
    """The event cannot happen to a job in this state: a bug of ours, and nothing must be written."""


def line(result: LogResult, event: str, text: str) -> LogLine:
    return LogLine(result=result, event=event, text=text)


def go_on(job: JobSnapshot, step: Step, *log: LogLine, at: Moment, next_at: datetime | None = None) -> Decision:
    """A recovery point: whatever was tried before is forgotten."""
    state = JobState.SENDING if job.xero_id else JobState.QUEUED
    return Decision(job=_fresh(job, state=state, step=step, next_at=next_at or at.now), log=log)


def look_again(job: JobSnapshot, *log: LogLine, next_at: datetime, problems: tuple[Problem, ...] = ()) -> Decision:
    """The truth is not known; `problems` are what the job stops with should nothing be found."""
    since = job.unknown_since or next_at
    return Decision(
        job=replace(
            job,
            state=JobState.UNKNOWN,
            unknown_since=since,
            first_sent_at=job.first_sent_at or since,
            problems=problems or job.problems,
            next_at=next_at,
        ),
        log=log,
    )


def wait(
    job: JobSnapshot, text: str, *, at: Moment, not_before: datetime | None = None, event: str = "waiting"
) -> Decision:
    again_at = not_before or at.now + delay(job.retry_count, times=at.times, rng=at.rng)
    waiting = replace(job, started_count=0, retry_count=job.retry_count + 1, next_at=again_at)
    return Decision(job=waiting, log=(line(LogResult.WAITING, event, text),))


def new_generation(job: JobSnapshot, step: Step, *log: LogLine, at: Moment) -> Decision:
    """Another key: Xero keeps what it answered under the old one for six minutes."""
    again = replace(job, generation=job.generation + 1, problems=(), finished_at=None)
    if step in {Step.CONTACT, Step.CREATE}:
        again = replace(again, first_sent_at=None, first_sent_tick=None)
    return go_on(again, step, *log, at=at)


def finish(job: JobSnapshot, *log: LogLine, at: Moment) -> Decision:
    return Decision(job=_fresh(job, state=JobState.DONE, problems=(), finished_at=at.now, next_at=at.now), log=log)


def cancel(job: JobSnapshot, text: str, *, at: Moment) -> Decision:
    cancelled = _fresh(job, state=JobState.CANCELLED, problems=(), finished_at=at.now, next_at=at.now)
    return Decision(job=cancelled, log=(line(LogResult.INFO, "cancelled", text),))


def stop(job: JobSnapshot, problems: tuple[Problem, ...], *log: LogLine, at: Moment) -> Decision:
    """A person decides. What stands in Xero, if anything, is a draft or a document that he can look at."""
    stopped = replace(job, state=JobState.ATTENTION, unknown_since=None, problems=problems, finished_at=at.now)
    return Decision(job=stopped, log=(*log, *problem_lines("attention", problems)))


def reject(job: JobSnapshot, problems: tuple[Problem, ...], *, at: Moment) -> Decision:
    """Xero said no, and holds nothing of it."""
    rejected = replace(job, state=JobState.REJECTED, unknown_since=None, problems=problems, finished_at=at.now)
    return Decision(job=rejected, log=problem_lines("rejected", problems))


def problem_lines(event: str, problems: tuple[Problem, ...]) -> tuple[LogLine, ...]:
    """The text is filled in from the catalogue where the line is written."""
    return tuple(line(LogResult.FAILED, event, one.code) for one in problems)


def figures_differ(differences: tuple[Difference, ...], *, is_draft: bool) -> tuple[Problem, ...]:
    shown = "; ".join(f"{one.field}: {one.ours} here, {one.theirs} in Xero" for one in differences)
    standing = "is a draft there and was not approved" if is_draft else "was changed there and is approved"
    return (problem("FB-504", differences=shown, standing=standing),)


def _fresh(job: JobSnapshot, **changes: Any) -> JobSnapshot:
    return replace(job, started_count=0, retry_count=0, goes_alone=False, unknown_since=None, **changes)
