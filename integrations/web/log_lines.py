"""Entries of the accounting log as the pages show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from freightbridge.ui.pill import Pill
from integrations.job_states import Direction, LogResult
from integrations.models import AccountingLogEntry, SyncAttempt
from integrations.web.state_words import DIRECTIONS, LOG_RESULTS

NO_ANSWER = "no answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """
    `call`: method, status and duration of the call behind it, if there was one; `status`: the second of these;
    `reads`: the same of all the calls of a check that found nothing new, or failed;
    `shipments`: numbers of those that the document bills; `batch`: of the send it was part of; `kept`: whether the
    whole of that call is still kept; `is_quiet`: whether the entry itself goes after ninety days.
    """

    key: UUID
    at: datetime
    result: Pill
    direction: str
    event: str
    text: str
    code: str
    alias: str
    xero_text: str
    document: str
    shipments: list[str]
    invoice_id: UUID | None
    actor: str
    batch: int | None
    support_code: str
    attempt_id: UUID | None
    job_id: UUID | None
    call: str
    reads: list[str]
    status: str
    kept: str
    is_quiet: bool
    has_failed: bool


def log_lines(
    entries: Iterable[AccountingLogEntry], shipments: Mapping[int, list[str]] = MappingProxyType({})
) -> list[LogLine]:
    """
    `entries` with their document, its invoice, their attempt, their job and its batch. `shipments`: as
    `shipment_numbers_of` has them, where it is not clear from the page whose log it is.
    """
    return [_line(entry, shipments.get(entry.document_id or 0, [])) for entry in entries]


def _line(entry: AccountingLogEntry, shipments: list[str]) -> LogLine:
    document, attempt = entry.document, entry.attempt
    reads = [_read(call) for call in entry.details.get("calls", [])]
    return LogLine(
        key=entry.public_id,
        at=entry.at,
        result=LOG_RESULTS[LogResult(entry.result)],
        direction=DIRECTIONS[Direction(entry.direction)],
        event=entry.event,
        text=entry.text,
        code=entry.problem_code,
        alias=str(entry.details.get("alias", "")),
        xero_text=str(entry.details.get("xero", "")),
        document=document.number if document else "",
        shipments=shipments,
        invoice_id=document.invoice.public_id if document and document.invoice else None,
        actor=entry.actor,
        batch=entry.job.batch.number if entry.job and entry.job.batch else None,
        support_code=entry.correlation_id,
        attempt_id=attempt.public_id if attempt else None,
        job_id=entry.job.public_id if entry.job else None,
        call=_call(attempt) if attempt else (reads[0] if reads else ""),
        reads=reads,
        status=_status(attempt) if attempt else _last_status(entry),
        kept=_kept(attempt) if attempt else "",
        is_quiet=not entry.has_news,
        has_failed=entry.result == LogResult.FAILED,
    )


def _call(attempt: SyncAttempt) -> str:
    path = attempt.path.partition("?")[0].removeprefix("/api.xro/2.0")
    seconds = (attempt.finished_at - attempt.sent_at).total_seconds() if attempt.finished_at else None
    parts = [f"{attempt.method} {path}", _status(attempt), f"{seconds:.2f} s" if seconds else ""]
    return " · ".join(filter(None, parts))


def _read(call: dict[str, Any]) -> str:
    """As `AskedCall` keeps it."""
    return f"{call['method']} {call['path']} · {call['status'] or NO_ANSWER} · {call['seconds']:.2f} s"


def _last_status(entry: AccountingLogEntry) -> str:
    calls = entry.details.get("calls", [])
    return str(calls[-1]["status"] or NO_ANSWER) if calls else ""


def _kept(attempt: SyncAttempt) -> str:
    return "as a summary" if attempt.raw_removed_at else "in full"


def _status(attempt: SyncAttempt) -> str:
    return str(attempt.http_status or NO_ANSWER)
