"""The only writer of the accounting log: in the transaction of what it tells of."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from freightbridge.insert_rows import insert_rows
from freightbridge.observability.correlation import correlation_id
from freightbridge.observability.redaction import redact
from integrations.accounting_log.announce_entries import announce_entries
from integrations.accounting_log.asked_call import AskedCall
from integrations.accounting_log.unknown_texts import KEPT_AS, general_form
from integrations.job_states import Direction, LogResult
from integrations.mapping.problems import Problem
from integrations.models import AccountingLogEntry, SyncAttempt, SyncJob, XeroConnection
from integrations.problem_catalogue.describe import describe, to_json

LONGEST = 1000


def write_entries(entries: Iterable[AccountingLogEntry]) -> None:
    """And tells other systems what they asked to hear of. Raises TransactionError outside a transaction."""
    written = list(entries)
    insert_rows(written)
    announce_entries(written)


def job_entry(
    job: SyncJob,
    *,
    result: LogResult,
    event: str,
    text: str,
    now: datetime,
    actor: str = "",
    attempt: SyncAttempt | None = None,
) -> AccountingLogEntry:
    return AccountingLogEntry(
        at=now,
        connection_id=job.connection_id,
        document_id=job.document_id,
        job=job,
        attempt=attempt,
        result=result,
        event=event,
        text=text[:LONGEST],
        actor=actor,
        correlation_id=job.correlation_id,
    )


def problem_entry(
    job: SyncJob, problem: Problem, *, event: str, now: datetime, attempt: SyncAttempt | None = None
) -> AccountingLogEntry:
    """With ImpexDocs' text and Xero's own words, where there are any, in the details; unknown words to be counted."""
    described = describe(problem)
    entry = job_entry(job, result=LogResult.FAILED, event=event, text=described.text, now=now, attempt=attempt)
    entry.problem_code = problem.code
    entry.details = {"problem": to_json(problem), "alias": described.alias, "xero": described.xero_text}
    unknown = general_form(problem)
    if unknown:
        entry.details[KEPT_AS] = unknown
    return entry


def connection_entry(
    connection: XeroConnection,
    *,
    result: LogResult,
    event: str,
    text: str,
    now: datetime,
    actor: str = "",
    **details: Any,
) -> AccountingLogEntry:
    return AccountingLogEntry(
        at=now,
        connection=connection,
        result=result,
        event=event,
        text=text[:LONGEST],
        actor=actor,
        details=redact(details),
        correlation_id=correlation_id(),
    )


def quiet_entry(
    connection_id: int, *, direction: Direction, text: str, calls: Sequence[AskedCall], now: datetime
) -> AccountingLogEntry:
    """Of a reading that changed nothing: so that one can see that it was asked. Gone after ninety days."""
    return AccountingLogEntry(
        at=now,
        connection_id=connection_id,
        result=LogResult.INFO,
        direction=direction,
        event="nothing new",
        has_news=False,
        text=text[:LONGEST],
        actor="Xero",
        details={"calls": [call.as_json() for call in calls]},
        correlation_id=correlation_id(),
    )


def counted(count: int, what: str) -> str:
    """1 invoice, 2 invoices."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
