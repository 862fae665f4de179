"""What came in, what went out, and what changed, for checkers to read afterwards.

Entries and bodies are bounded, so that a long run does not fill the memory; the counts are kept for ever.
"""

import hashlib
import json
from collections import Counter, deque
from contextvars import ContextVar
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

from integrations.xero_sandbox.books.store import Change
from integrations.xero_sandbox.wire.http_messages import Answer, Request

Json = dict[str, Any]
MOST_ENTRIES = 50_000
MOST_BODY = 512 * 1024
MOST_BODIES = 64 * 1024 * 1024
# The number of the request that is being answered in this task; 0 where none is, as when a person acts.
answered_now: ContextVar[int] = ContextVar("answered_now", default=0)
SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie"})


@dataclass(slots=True, kw_only=True)
class Entry:
    """One request and its answer. Bodies are the bytes as they went over the wire, or None once dropped."""

    number: int
    at: datetime
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    request_hash: str
    request_body: bytes | None
    client_id: str = ""
    organisation_id: str = ""
    idempotency_key: str = ""
    status: int = 0
    answer_headers: dict[str, str] | None = None
    answer_hash: str = ""
    answer_body: bytes | None = None
    seconds: float = 0.0
    faults: tuple[str, ...] = ()
    delivered: str = "no"
    was_replayed: bool = False


class Journal:
    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=MOST_ENTRIES)
        self._changes: deque[tuple[int, datetime, Change, int]] = deque(maxlen=MOST_ENTRIES)
        self._with_bodies: deque[Entry] = deque()
        self._body_bytes = 0
        self._number = 0
        self._change_number = 0
        self.counts: Counter[tuple[str, str, int]] = Counter()

    def begin(self, request: Request, now: datetime) -> Entry:
        self._number += 1
        entry = Entry(
            number=self._number,
            at=now,
            method=request.method,
            path=request.path,
            query=dict(request.query),
            headers=_redacted(request.headers),
            request_hash=hashlib.sha256(request.body).hexdigest(),
            request_body=_kept_body(request.path, request.headers.get("content-type", ""), request.body),
            idempotency_key=request.headers.get("idempotency-key", ""),
        )
        self._entries.append(entry)
        answered_now.set(entry.number)
        return entry

    def finish(self, entry: Entry, answer: Answer, *, seconds: float, delivered: str) -> None:
        entry.status = answer.status
        entry.answer_headers = _redacted(dict(answer.headers))
        entry.answer_hash = hashlib.sha256(answer.body).hexdigest()
        entry.answer_body = _kept_body(entry.path, answer.header("Content-Type"), answer.body)
        entry.seconds = round(seconds, 6)
        entry.delivered = delivered
        entry.was_replayed = answer.is_replay
        self.counts[(entry.method, _shape_of(entry.path), answer.status)] += 1
        self._bound_bodies(entry)

    def note_changes(self, changes: list[Change], now: datetime) -> None:
        """Changes belong to the request that makes them, however many others are under way meanwhile."""
        for change in changes:
            self._change_number += 1
            self._changes.append((self._change_number, now, change, answered_now.get()))

    def entries(self, *, since: int = 0) -> list[Entry]:
        return [entry for entry in self._entries if entry.number > since]

    def changes(self, *, since: int = 0) -> list[Json]:
        return [
            {
                "number": number,
                "at": at.isoformat(),
                "request": request,
                "kind": change.kind.__name__,
                "id": change.record_id,
                "verb": change.verb,
                "cause": change.cause,
                "organisation": getattr(change.after or change.before, "organisation_id", ""),
                "fields": _changed_fields(change),
            }
            for number, at, change, request in self._changes
            if number > since
        ]

    def forget(self) -> None:
        """Numbers go on, so that a reader's `since` stays right."""
        self._entries.clear()
        self._changes.clear()
        self._with_bodies.clear()
        self._body_bytes = 0
        self.counts.clear()

    def _bound_bodies(self, entry: Entry) -> None:
        self._with_bodies.append(entry)
        self._body_bytes += len(entry.request_body or b"") + len(entry.answer_body or b"")
        while self._body_bytes > MOST_BODIES:
            oldest = self._with_bodies.popleft()
            self._body_bytes -= len(oldest.request_body or b"") + len(oldest.answer_body or b"")
            oldest.request_body = oldest.answer_body = None


def entry_as_json(entry: Entry) -> Json:
    shown = {field.name: getattr(entry, field.name) for field in fields(Entry)}
    shown["at"] = entry.at.isoformat()
    shown["faults"] = list(entry.faults)
    for name in ("request_body", "answer_body"):
        shown[name] = _readable(shown[name])
    return shown


def _changed_fields(change: Change) -> list[str]:
    record = change.after or change.before
    if change.before is None or change.after is None or not is_dataclass(record):
        return []
    return [
        field.name
        for field in fields(record)
        if getattr(change.before, field.name) != getattr(change.after, field.name)
    ]


def _kept_body(path: str, content_type: str, body: bytes) -> bytes | None:
    """JSON only, and never tokens: identity requests and answers are remembered by their hash alone."""
    if "json" not in content_type or len(body) > MOST_BODY or path.lower().startswith(("/connect/", "/_sandbox")):
        return None
    return body


def _readable(body: bytes | None) -> Any:
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")


def _redacted(headers: Any) -> dict[str, str]:
    return {name.lower(): "redacted" if name.lower() in SECRET_HEADERS else value for name, value in headers.items()}


def _shape_of(path: str) -> str:
    """Ids out of the path, so that counts add up."""
    return "/".join(
        "{id}" if len(part) == 36 and part.count("-") == 4 else part  # noqa: PLR2004 - the shape of a GUID
        for part in path.split("/")
    )
