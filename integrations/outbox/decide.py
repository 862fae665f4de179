"""
The only place where a sync job changes its state. Pure: job, event and moment in, job and log lines out.

A document's way: queued → (contact) → create: intent committed = unknown → draft in Xero = sending → attach →
promote → done. What is lost on the way is looked up in Xero by our mark before anything is sent again.
"""

from collections.abc import Callable
from typing import Any

from integrations.outbox import answer_rules, people_rules
from integrations.outbox.decisions import DecisionError
from integrations.outbox.job_events import (
    AdoptedByHand,
    Allocated,
    Attached,
    CancelReached,
    CancelRequested,
    ContactResolved,
    Created,
    Event,
    ExportedByFile,
    LeftAsCredit,
    LookedUp,
    Mended,
    NotApplied,
    NotBuilt,
    Noted,
    NotReached,
    OutcomeUnknown,
    Paused,
    PdfStored,
    Promoted,
    Rejected,
    ReleasedByHand,
    Restored,
    Resumed,
    SeenInXero,
    Sent,
    Stopped,
    Updated,
    Voided,
)
from integrations.outbox.job_snapshot import Decision, JobSnapshot, Moment
from integrations.outbox.look_up_rules import on_looked_up

Rule = Callable[[Any, JobSnapshot, Moment], Decision]
RULES: dict[type, Rule] = {
    ContactResolved: answer_rules.on_contact,
    NotBuilt: answer_rules.on_not_built,
    Sent: answer_rules.on_sent,
    NotReached: answer_rules.on_not_reached,
    Created: answer_rules.on_created,
    Updated: answer_rules.on_updated,
    Attached: answer_rules.on_attached,
    Promoted: answer_rules.on_promoted,
    Voided: answer_rules.on_voided,
    Allocated: answer_rules.on_allocated,
    LeftAsCredit: answer_rules.on_left_as_credit,
    Noted: answer_rules.on_noted,
    Rejected: answer_rules.on_rejected,
    NotApplied: answer_rules.on_not_applied,
    OutcomeUnknown: answer_rules.on_outcome_unknown,
    LookedUp: on_looked_up,
    SeenInXero: people_rules.on_seen_in_xero,
    PdfStored: people_rules.on_pdf_stored,
    Stopped: people_rules.on_stopped,
    Mended: people_rules.on_mended,
    ExportedByFile: people_rules.on_exported_by_file,
    AdoptedByHand: people_rules.on_adopted_by_hand,
    ReleasedByHand: people_rules.on_released_by_hand,
    CancelRequested: people_rules.on_cancel_requested,
    Paused: people_rules.on_paused,
    Resumed: people_rules.on_resumed,
    CancelReached: people_rules.on_cancel_reached,
    Restored: people_rules.on_restored,
}
# What may happen to a job that has stopped or ended.
FOR_CLOSED_JOBS = (Mended, ExportedByFile, PdfStored, CancelRequested, ReleasedByHand, Restored, SeenInXero)


def decide(job: JobSnapshot, event: Event, at: Moment) -> Decision:
    """Raises DecisionError."""
    if not job.is_open and not isinstance(event, FOR_CLOSED_JOBS):
        raise DecisionError(f"{type(event).__name__} happened to a job that is {job.state}.")
    return people_rules.held_back(RULES[type(event)](event, job, at))
