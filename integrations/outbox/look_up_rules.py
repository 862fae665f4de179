"""What follows from what Xero was seen to hold, for a job whose outcome was not known. Pure; called by `decide`."""

from dataclasses import replace
from datetime import datetime

from integrations.job_states import LogResult, Operation, Step
from integrations.mapping.problems import problem
from integrations.outbox import answer_rules
from integrations.outbox.answer_rules import NUMBER_TAKEN
from integrations.outbox.decisions import (
    DecisionError,
    cancel,
    figures_differ,
    finish,
    go_on,
    line,
    look_again,
    new_generation,
    reject,
    stop,
)
from integrations.outbox.job_events import Allocated, Created, FoundDocument, LookedUp, Noted, Promoted, Voided
from integrations.outbox.job_snapshot import UNREPEATABLE, Decision, JobSnapshot, Moment

FOUND_TEXT = "It had arrived: Xero was asked, and holds it."
ABSENT_TEXT = "Xero was asked, and has nothing of it: it is sent."
MOST_GENERATIONS = 6


def on_looked_up(event: LookedUp, job: JobSnapshot, at: Moment) -> Decision:
    if not job.must_look:
        raise DecisionError(f"Nobody had to look for a job that is {job.state} at {job.step}.")
    if job.step == Step.CREATE or not job.xero_id:
        return _of_create(event.found, job, at)
    known = event.found[0] if event.found else None
    if job.step in {Step.LOOK, Step.VOID}:
        return _of_void(known, job, at)
    if job.step == Step.PROMOTE:
        return _of_promotion(known, job, at)
    if job.step in UNREPEATABLE:
        return _of_addition(known, job, at)
    return _of_standing(known, job, at)


def _of_create(found: tuple[FoundDocument, ...], job: JobSnapshot, at: Moment) -> Decision:
    """
    Of several, the one that a person has taken up counts, then the oldest; the reconciler deletes the stray drafts.
    A stray draft can reach no ledger, since only an id that we stored is ever promoted.
    """
    live = [one for one in found if not one.is_gone]
    promoted = [one for one in live if one.is_promoted]
    if len(promoted) > 1:
        stopped = stop(job, (problem("FB-509", count=str(len(promoted))),), at=at)
        # Whatever a person does about it, Xero is asked again before anything is sent.
        return replace(stopped, job=replace(stopped.job, unknown_since=job.unknown_since))
    if live:
        return _adopt((promoted or live)[0], job, at)
    return _of_removal(found[0], job, at) if found else _of_absence(job, at)


def _of_removal(found: FoundDocument, job: JobSnapshot, at: Moment) -> Decision:
    """Somebody deleted it there. The request that made it may still make another, so that is waited out too."""
    if not _is_quiet(job, at):
        return look_again(job, next_at=_next_look(job, at))
    if job.cancel_requested_at:
        return cancel(job, "Not sent: somebody in Xero deleted it already.", at=at)
    return stop(job, (problem("FB-507", status=found.status.lower()),), at=at)


def _adopt(found: FoundDocument, job: JobSnapshot, at: Moment) -> Decision:
    if found.differences and found.is_promoted:
        adopted = replace(job, xero_id=found.xero_id, step=Step.PROMOTE)
        return stop(adopted, figures_differ(found.differences, is_draft=False), at=at)
    is_ours_but_taken = any(one.code == NUMBER_TAKEN for one in job.problems)
    waiting = replace(job, step=Step.CREATE, problems=() if is_ours_but_taken else job.problems)
    created = Created(xero_id=found.xero_id, differences=found.differences)
    decided = answer_rules.on_created(created, waiting, at)
    adopted_line = line(LogResult.INFO, "found", FOUND_TEXT)
    return replace(decided, log=(adopted_line, *decided.log))


def _of_absence(job: JobSnapshot, at: Moment) -> Decision:
    """Nothing is there. That is final once nothing sent can arrive any more, by the clock and by the heartbeat."""
    if any(one.code == NUMBER_TAKEN for one in job.problems):
        return reject(job, job.problems, at=at)
    if not _is_quiet(job, at):
        return look_again(job, next_at=_next_look(job, at))
    if job.cancel_requested_at:
        return cancel(job, "Not sent: Xero was asked, and has nothing of it.", at=at)
    if job.problems:
        return stop(job, job.problems, at=at)
    if job.generation >= MOST_GENERATIONS:
        return stop(job, (problem("FB-602", reason="Xero never gave a clear answer"),), at=at)
    step = Step.CREATE if job.contact_id else Step.CONTACT
    again = new_generation(job, step, line(LogResult.WAITING, "absent", ABSENT_TEXT), at=at)
    # Alone, so that a document on which Xero always fails does not hold up forty-nine.
    return replace(again, job=replace(again.job, goes_alone=True))


def _of_promotion(known: FoundDocument | None, job: JobSnapshot, at: Moment) -> Decision:
    if known is None or known.is_gone:
        return stop(job, (problem("FB-506"),), at=at)
    if known.is_promoted:
        return answer_rules.on_promoted(Promoted(differences=known.differences), job, at)
    return stop(job, job.problems, at=at) if job.problems else go_on(job, Step.PROMOTE, at=at)


def _of_void(known: FoundDocument | None, job: JobSnapshot, at: Moment) -> Decision:
    """DRAFT and SUBMITTED can be deleted, AUTHORISED voided (developer.xero.com, Invoices: "Status Codes")."""
    if known is None or known.is_gone:
        return answer_rules.on_voided(Voided(), job, at)
    if job.operation == Operation.DISCARD:
        return _of_discard(known, job, at)
    if job.cancel_requested_at and job.operation != Operation.CREATE:
        return cancel(job, "Given up: what Xero holds stays as it is.", at=at)
    if known.has_payments or known.status == "PAID":
        return stop(job, (problem("FB-508"),), at=at)
    if known.is_promoted and job.operation == Operation.CREATE:
        return _stays(known, job, at)
    if job.problems:
        return stop(job, job.problems, at=at)
    is_booked = known.status == "AUTHORISED"
    return go_on(replace(job, target_status="VOIDED" if is_booked else "DELETED"), Step.VOID, at=at)


def _of_discard(known: FoundDocument, job: JobSnapshot, at: Moment) -> Decision:
    """What a person in Xero has taken up meanwhile is not ours to take away, unless somebody here asked for that."""
    is_wanted = known.status == "AUTHORISED" and job.target_status == "VOIDED"
    if known.has_payments or (known.is_promoted and not is_wanted):
        return reject(job, (problem("FB-510", status=known.status.lower()),), at=at)
    if job.problems:
        return reject(job, job.problems, at=at)
    return go_on(replace(job, target_status="VOIDED" if is_wanted else "DELETED"), Step.VOID, at=at)


def _stays(known: FoundDocument, job: JobSnapshot, at: Moment) -> Decision:
    """Cancelled too late: it is approved already."""
    if known.differences:
        return stop(job, figures_differ(known.differences, is_draft=False), at=at)
    return finish(job, line(LogResult.INFO, "not cancelled", "It was approved in Xero already, so it stays."), at=at)


def _of_standing(known: FoundDocument | None, job: JobSnapshot, at: Moment) -> Decision:
    """Before new lines or a PDF, after a restore: somebody may have given the document up meanwhile."""
    if known is not None and not known.is_gone:
        return go_on(job, Step(job.step), at=at)
    if job.cancel_requested_at:
        return cancel(job, "Not sent: it is deleted in Xero already.", at=at)
    return stop(job, (problem("FB-506"),), at=at)


def _of_addition(known: FoundDocument | None, job: JobSnapshot, at: Moment) -> Decision:
    """An allocation or a note: on the document, or not yet, or not at all."""
    if known is None or known.is_gone:
        return stop(job, (problem("FB-506"),), at=at)
    if known.is_applied:
        is_note = job.step == Step.NOTE
        return answer_rules.on_noted(Noted(), job, at) if is_note else answer_rules.on_allocated(Allocated(), job, at)
    if not _is_quiet(job, at):
        return look_again(job, next_at=_next_look(job, at))
    return new_generation(job, Step(job.step), line(LogResult.WAITING, "absent", ABSENT_TEXT), at=at)


def _is_quiet(job: JobSnapshot, at: Moment) -> bool:
    """Age by the clock is believed only where the heartbeat agrees: clocks jump, hearts do not."""
    first_sent_at, first_tick = job.first_sent_at or at.now, job.first_sent_tick or 0
    return at.now - first_sent_at >= at.times.quiet and at.ticks - first_tick >= at.times.quiet_ticks


def _next_look(job: JobSnapshot, at: Moment) -> datetime:
    """At the end of the quiet time at the latest; thereafter by short steps, while the heartbeat lags behind."""
    quiet_at = (job.first_sent_at or at.now) + at.times.quiet
    return max(at.now + at.times.settle / 3, min(quiet_at, at.now + at.times.settle))
