"""What follows when people, the PDF or a restored backup step in. Pure; called by `decide`."""

from dataclasses import replace

from integrations.job_states import FIRST_STEPS, JobState, LogResult, Operation, Step
from integrations.outbox.decisions import DecisionError, cancel, go_on, line, look_again, new_generation, stop
from integrations.outbox.job_events import Restored, Stopped
from integrations.outbox.job_snapshot import Decision, JobSnapshot, Moment


def on_pdf_stored(_event: object, job: JobSnapshot, at: Moment) -> Decision:
    is_waiting = job.is_open and job.step == Step.ATTACH and not job.has_pdf
    return Decision(job=replace(job, has_pdf=True, next_at=at.now if is_waiting else job.next_at))


def on_stopped(event: Stopped, job: JobSnapshot, at: Moment) -> Decision:
    """A document that may be on its way into Xero is not given up before that is known: the problems wait on it."""
    if job.state == JobState.UNKNOWN:
        return Decision(job=replace(job, problems=event.problems))
    return stop(job, event.problems, at=at)


def on_mended(_event: object, job: JobSnapshot, at: Moment) -> Decision:
    """
    A draft that Xero holds already takes the mended lines under its own id. After a restore nobody knows what
    became of the job later, so Xero is asked first.
    """
    if job.state not in {JobState.REJECTED, JobState.ATTENTION}:
        raise DecisionError(f"There is nothing to mend on a job that is {job.state}.")
    mended = line(LogResult.INFO, "mended", "Goes on after the mend.")
    if job.unknown_since is not None:
        again = replace(job, finished_at=None, problems=(), started_count=0, retry_count=0)
        return look_again(again, mended, next_at=at.now)
    if job.operation == Operation.CREATE and job.xero_id:
        return new_generation(job, Step.UPDATE, mended, at=at)
    forgotten = job if job.xero_id else replace(job, contact_id="")
    return new_generation(forgotten, FIRST_STEPS[Operation(job.operation)], mended, at=at)


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
