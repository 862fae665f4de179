"""A call to Xero as a page shows it: pretty, without secrets, and of fifty documents in a call the one in question."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from freightbridge.observability.redaction import redact, redact_text
from integrations.models import SyncAttempt, SyncJob

# What Xero calls the lists that are sent and answered: developer.xero.com/documentation/api/accounting/overview.
LISTS = ("Invoices", "CreditNotes", "Contacts", "Quotes", "Attachments")


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptView:
    """
    `place`: which of how many documents in the call; empty where all of it is shown. `removed_at`: since when
    `request` and `answer` are no longer kept, and empty.
    """

    step: str
    method: str
    path: str
    status: str
    seconds: str
    sent_at: datetime
    verdict: str
    place: str
    request: str
    answer: str
    idempotency_key: str
    xero_correlation_id: str
    support_code: str
    body_sha256: str
    removed_at: datetime | None


def attempt_view(attempt: SyncAttempt, *, job: SyncJob | None) -> AttemptView:
    """`job`: the document whose part of the call is wanted; None: all of it."""
    members = list(attempt.members.order_by("position"))
    mine = next((member for member in members if job is not None and member.job_id == job.pk), None)
    position = mine.position if mine else None
    return AttemptView(
        step=attempt.step,
        method=attempt.method,
        path=redact_text(attempt.path),
        status=str(attempt.http_status or attempt.error or "no answer yet"),
        seconds=_seconds(attempt),
        sent_at=attempt.sent_at,
        verdict=mine.verdict if mine else "",
        place=f"document {position + 1} of {len(members)} in this call" if position is not None else "",
        request=_request(attempt, position),
        answer=pretty(attempt.answer, position=position),
        idempotency_key=attempt.idempotency_key,
        xero_correlation_id=attempt.xero_correlation_id,
        support_code=attempt.correlation_id,
        body_sha256=attempt.body_sha256,
        removed_at=attempt.raw_removed_at,
    )


def raw_text(view: AttemptView) -> str:
    """What was sent, then what was answered; in their place, where they are gone, since when."""
    seconds = f" after {view.seconds}" if view.seconds else ""
    if view.removed_at is not None:
        day = localtime(view.removed_at).date().isoformat()
        sent, answered = f"The request and the answer were removed on {day}, after 90 days.", ""
    else:
        sent, answered = view.request, view.answer
    parts = [f"{view.method} {view.path}", sent, f"{view.status}{seconds}", answered]
    return "\n\n".join(filter(None, parts)) + "\n"


def pretty(text: str, *, position: int | None) -> str:
    """What is no JSON stays as it is, without secrets."""
    try:
        value = json.loads(text)
    except ValueError:
        return redact_text(text)
    return json.dumps(redact(_one(value, position)), indent=2, ensure_ascii=False)


def _one(value: Any, position: int | None) -> Any:
    if position is None or not isinstance(value, dict):
        return value
    for name in LISTS:
        elements = value.get(name)
        if isinstance(elements, list) and position < len(elements):
            return elements[position]
    return value


def _request(attempt: SyncAttempt, position: int | None) -> str:
    if attempt.raw_removed_at is not None:
        return ""
    body = bytes(attempt.body).decode(errors="replace")
    return pretty(body, position=position) or f"the PDF, SHA-256 {attempt.body_sha256}"


def _seconds(attempt: SyncAttempt) -> str:
    if attempt.finished_at is None:
        return ""
    return f"{(attempt.finished_at - attempt.sent_at).total_seconds():.2f} s"
