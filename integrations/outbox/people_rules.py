"""What follows when people, the PDF, the comparison of the books or a restored backup step in. Pure."""

from dataclasses import replace

from integrations.job_states import EXPORTED_BY_FILE, FIRST_STEPS, JobState, LogResult, Operation, Step
from integrations.mapping.problems import problem
from integrations.outbox.decisions import (
    NEVER,
    DecisionError,
    cancel,
    finish,
    go_on,
    line,
    look_again,
    new_generation,
    stop,
)
from integrations.outbox.job_events import AdoptedByHand, ExportedByFile, ReleasedByHand, Restored, Stopped
from integrations.outbox.job_snapshot import Decision, JobSnapshot, Moment


def on_pdf_stored(_event: object, job: JobSnapshot, at: Moment) -> Decision:
    is_waiting = job.is_open and job.step == Step.ATTACH and not job.has_pdf
    return Decision(job=replace(job, has_pdf=True, next_at=at.now if is_waiting else job.next_at))


def on_stopped(event: Stopped, job: JobSnapshot, at: Moment) -> Decision:
    """
    A document that may be on its way into Xero is not given up before that is known: the problems wait on it. A
    change of what has no id in Xero never was.
    """
    if job.state == JobState.UNKNOWN and (job.operation == Operation.CREATE or job.xero_id):
        return Decision(job=replace(job, problems=event.problems))
    return stop(job, event.problems, at=at)


def on_mended(_event: object, job: JobSnapshot, at: Moment) -> Decision:
    """
    A draft that Xero holds already takes the mended lines under its own id. After a restore nobody knows what
    became of the job later, so Xero is asked first.
    """
    if job.state not in {JobState.REJECTED, JobState.ATTENTION}:
        raise DecisionError(f"There is nothing to mend on a job that is {job.state}.")
    # Whoever mends it wants it to go, whatever became of the rest of its batch.
    job = replace(job, paused_at=None)
    mended = line(LogResult.INFO, "mended", "Goes on after the mend.")
    if job.unknown_since is not None:
        again = replace(job, finished_at=None, problems=(), started_count=0, retry_count=0)
        return look_again(again, mended, next_at=at.now)
    if job.operation == Operation.CREATE and job.xero_id:
        return new_generation(job, Step.UPDATE, mended, at=at)
    forgotten = job if job.xero_id else replace(job, contact_id="")
    return new_generation(forgotten, FIRST_STEPS[Operation(job.operation)], mended, at=at)


def on_exported_by_file(event: ExportedByFile, job: JobSnapshot, at: Moment) -> Decision:
    """Only what Xero certainly has nothing of: else the file would make a second one."""
    _require_nothing_sent(job)
    kept = (problem(EXPORTED_BY_FILE, date=event.day, file=event.file_name),)
    text = f"Exported by file as {event.file_name}. It is not sent unless somebody says so."
    stopped = replace(job, state=JobState.ATTENTION, problems=kept, finished_at=at.now)
    return Decision(job=stopped, log=(line(LogResult.INFO, "exported", text),))


def on_adopted_by_hand(event: AdoptedByHand, job: JobSnapshot, at: Moment) -> Decision:
    """It keeps the status that it has there; nothing is sent."""
    _require_nothing_sent(job)
    status = "AUTHORISED" if event.status == "PAID" else event.status
    text = f"Marked as already in Xero: it is {event.number} there. Nothing was sent."
    taken = replace(job, xero_id=event.xero_id, target_status=status, is_adopted=True)
    return finish(taken, line(LogResult.INFO, "adopted", text), at=at)


def on_released_by_hand(event: ReleasedByHand, job: JobSnapshot, at: Moment) -> Decision:
    """The document in Xero stays as it is, and is ours no more."""
    if not job.is_adopted or job.state != JobState.DONE:
        raise DecisionError(f"A {job.operation} that is {job.state} was not taken over.")
    text = f"It is not {event.number} in Xero after all: {event.reason}. Nothing was changed there."
    return cancel(replace(job, xero_id="", is_adopted=False), text, at=at)


def _require_nothing_sent(job: JobSnapshot) -> None:
    """Raises DecisionError where Xero has something of it, or may get something."""
    is_sent = job.unknown_since is not None or (job.is_open and job.first_sent_at is not None)
    if job.operation != Operation.CREATE or job.xero_id or is_sent or job.state in {JobState.DONE, JobState.CANCELLED}:
        raise DecisionError(f"A {job.operation} that is {job.state} may be in Xero.")


def on_seen_in_xero(_event: object, job: JobSnapshot, at: Moment) -> Decision:
    """It stopped as one that Xero has nothing of, and Xero has: so it is looked up like any other unknown."""
    if job.state not in {JobState.REJECTED, JobState.ATTENTION} or job.operation != Operation.CREATE or job.xero_id:
        raise DecisionError(f"A {job.operation} that is {job.state} is not looked for by its mark.")
    seen = line(LogResult.INFO, "seen in xero", "Xero has it after all: it is looked at.")
    again = replace(job, finished_at=None, problems=(), started_count=0, retry_count=0)
    return look_again(again, seen, next_at=at.now)


def on_cancel_requested(_event: object, job: JobSnapshot, at: Moment) -> Decision:
    """Free of charge only before anything was sent; later it is honoured at the next recovery point."""
    if job.state in {JobState.DONE, JobState.CANCELLED}:
        raise DecisionError(f"There is nothing to cancel on a job that is {job.state}.")
    asked = replace(job, cancel_requested_at=at.now)
    if not job.is_open and job.unknown_since is not None:
        return look_again(replace(asked, finished_at=None, problems=()), next_at=at.now)
    if job.may_be_cancelled_for_free or (not job.is_open and not job.xero_id):
        return cancel(asked, "Not sent.", at=at)
    if not job.is_open:
        return on_cancel_reached(_event, replace(asked, finished_at=None, problems=()), at)
    return Decision(job=asked if job.state == JobState.UNKNOWN else replace(asked, next_at=at.now))


def on_paused(_event: object, job: JobSnapshot, at: Moment) -> Decision:
    """What has begun goes on to its end: nothing is left half done in Xero."""
    if job.state != JobState.QUEUED or not job.may_be_cancelled_for_free:
        raise DecisionError("Only what nothing was sent of can be paused.")
    return Decision(job=replace(job, paused_at=at.now), log=(line(LogResult.INFO, "paused", "Paused."),))


def on_resumed(_event: object, job: JobSnapshot, at: Moment) -> Decision:
    resumed = replace(job, paused_at=None, next_at=at.now)
    return Decision(job=resumed, log=(line(LogResult.INFO, "resumed", "Goes on."),))


def held_back(decision: Decision) -> Decision:
    """A call that was under way when its job was paused may have moved it on: it waits all the same."""
    job = decision.job
    is_held = job.paused_at is not None and job.state == JobState.QUEUED and job.may_be_cancelled_for_free
    return replace(decision, job=replace(job, next_at=NEVER)) if is_held else decision


def on_cancel_reached(_event: object, job: JobSnapshot, at: Moment) -> Decision:
    """What is new in Xero is deleted there; a change of what stood there before is just not made."""
    if not job.xero_id:
        return cancel(job, "Not sent.", at=at)
    if job.operation != Operation.CREATE:
        return cancel(job, "Given up: what Xero holds stays as it is.", at=at)
    return go_on(replace(job, target_status="DELETED"), Step.VOID, at=at)


def on_restored(event: Restored, job: JobSnapshot, at: Moment) -> Decision:
    """Anything may have happened after the backup: the document sent, finished, or given up and deleted."""
    if job.state in {JobState.DONE, JobState.CANCELLED}:
        return Decision(job=job)
    sent_at = min(job.first_sent_at or event.backup_at, event.backup_at)
    unknown = replace(job, first_sent_at=sent_at, first_sent_tick=at.ticks, unknown_since=at.now)
    if not job.is_open:
        return Decision(job=unknown)
    text = "The database was restored from a backup: Xero is asked before anything is sent."
    return look_again(unknown, line(LogResult.INFO, "restored", text), next_at=at.now)
