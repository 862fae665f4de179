"""Carries decisions into the rows: the jobs, the documents that lists join, and the accounting log."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from freightbridge.tenancy.models import TenantModel
from freightbridge.update_rows import update_rows
from integrations.accounting_log.write_entry import job_entry, problem_entry, write_entries
from integrations.job_states import ADDITIONS, DocumentState, JobState, LogResult, Operation, document_state
from integrations.models import AccountingLogEntry, SyncAttempt, SyncJob
from integrations.outbox.beat_heart import read_tick
from integrations.outbox.current_moment import moment
from integrations.outbox.decide import decide
from integrations.outbox.follow_documents import leave_following
from integrations.outbox.job_events import Event
from integrations.outbox.job_snapshot import Decision, JobSnapshot
from integrations.problem_catalogue import describe

NEVER_CHANGED = ["operation", "kind"]
OF_OTHER_FORM = {"has_pdf", "contact_id", "xero_id", "problems"}
SAME_NAME = [field.name for field in fields(JobSnapshot) if field.name not in {*NEVER_CHANGED, *OF_OTHER_FORM}]
JOB_FIELDS = [*SAME_NAME, "contact_id", "xero_id", "problems", "problem_code"]
ENDED = {DocumentState.CANCELLED, DocumentState.VOIDED}
DOCUMENT_FIELDS = ["state", "problem_code", "unknown_since", "xero_id", "sent_at"]


@dataclass(frozen=True, slots=True)
class Happened:
    """`learnt`: what else is known of the document now, by the fields of XeroDocument."""

    job: SyncJob
    event: Event
    learnt: dict[str, Any] = field(default_factory=dict)


def happen(
    happened: Sequence[Happened],
    *,
    now: datetime,
    attempts: Mapping[int, SyncAttempt] | None = None,
    ticks: int | None = None,
) -> None:
    """
    Decides on each and writes all, in the caller's transaction, which holds the row of the jobs' lane
    (`held_scope`, or `wake_lane` before they were read). Jobs need their `document` loaded. `attempts`: by the keys
    of the jobs, where it comes of a call. `ticks`: where the caller has read the heart in this transaction already.

    Raises decide.DecisionError, and then nothing is written.
    """
    if not happened:
        return
    at = moment(now, ticks=read_tick() if ticks is None else ticks)
    decisions = [decide(snapshot_of(one.job), one.event, at) for one in happened]
    jobs = [one.job for one in happened]
    learnt_fields = {name for one in happened for name in one.learnt}
    document_fields = list(dict.fromkeys([*DOCUMENT_FIELDS, *sorted(learnt_fields)]))
    jobs_before = [_values(job, JOB_FIELDS) for job in jobs]
    documents_before = [_values(job.document, document_fields) for job in jobs]
    for one, decision in zip(happened, decisions, strict=True):
        _change_job(one.job, decision.job)
        _change_document(one.job, one.learnt)
    # The id of a change always: `with_ids` may have filled it in before.
    filled_in = {"xero_id"} if any(job.operation != Operation.CREATE for job in jobs) else set[str]()
    update_rows(jobs, sorted({*_changed(jobs, jobs_before, JOB_FIELDS), *filled_in}))
    # Most steps leave the document as it was, and lists join it: what is not written needs no new row version.
    compared = zip((job.document for job in jobs), documents_before, strict=True)
    changed = [(document, was) for document, was in compared if _values(document, document_fields) != was]
    documents = [document for document, _ in changed]
    update_rows(documents, _changed(documents, [was for _, was in changed], document_fields))
    by_job = attempts or {}
    write_entries(
        entry
        for job, decision in zip(jobs, decisions, strict=True)
        for entry in _entries(job, decision, now=now, attempt=by_job.get(job.pk))
    )
    leave_following(jobs, now=now)


def _changed(rows: Sequence[TenantModel], before: Sequence[list[object]], names: list[str]) -> list[str]:
    """The fields that are another in any of the rows: most steps change few, and each costs in every row."""
    if not rows:
        return []
    were = zip(*before, strict=True)
    are = zip(*(_values(row, names) for row in rows), strict=True)
    return [name for name, was, is_now in zip(names, were, are, strict=True) if was != is_now]


def _values(row: TenantModel, names: list[str]) -> list[object]:
    return [getattr(row, name) for name in names]


def snapshot_of(job: SyncJob) -> JobSnapshot:
    return JobSnapshot(
        **{name: getattr(job, name) for name in (*NEVER_CHANGED, *SAME_NAME)},
        has_pdf=job.pdf_id is not None,
        contact_id=str(job.contact_id or ""),
        xero_id=str(job.xero_id or ""),
        problems=tuple(describe.from_json(data) for data in job.problems),
    )


def _change_job(job: SyncJob, decided: JobSnapshot) -> None:
    for name in SAME_NAME:
        setattr(job, name, getattr(decided, name))
    # As the database gives them: what only looks like another id would be written as a change.
    job.contact_id = UUID(str(decided.contact_id)) if decided.contact_id else None
    job.xero_id = UUID(decided.xero_id) if decided.xero_id else None
    job.problems = [describe.to_json(problem) for problem in decided.problems]
    job.problem_code = decided.problems[0].code if decided.problems else ""


def _change_document(job: SyncJob, learnt: dict[str, Any]) -> None:
    if job.operation == Operation.DISCARD:
        # It is about another one in Xero than the document's own.
        return
    document = job.document
    known_id = job.xero_id or document.xero_id
    decided = document_state(job.operation, job.state, job.problem_code)
    # A change of what never reached Xero, or is over already, changes nothing about how far it is.
    is_told = decided == DocumentState.IN_XERO and (not known_id or document.state in ENDED)
    is_change = job.operation != Operation.CREATE
    document.state = document.state if is_told and is_change else decided
    document.problem_code = job.problem_code
    document.unknown_since = job.unknown_since
    document.xero_id = known_id
    is_delivered = document.state == DocumentState.IN_XERO and job.state == JobState.DONE
    if is_delivered and job.operation not in ADDITIONS:
        document.sent_at = job.finished_at
    for name, value in learnt.items():
        setattr(document, name, value)


def _entries(
    job: SyncJob, decision: Decision, *, now: datetime, attempt: SyncAttempt | None
) -> Iterable[AccountingLogEntry]:
    problems = iter(decision.job.problems)
    for line in decision.log:
        if line.result == LogResult.FAILED:
            yield problem_entry(job, next(problems), event=line.event, now=now, attempt=attempt)
        else:
            result = LogResult(line.result)
            yield job_entry(job, result=result, event=line.event, text=line.text, now=now, attempt=attempt)
