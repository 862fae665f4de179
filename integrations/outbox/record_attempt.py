"""Writes attempts twice: the intents before the first byte leaves, the outcomes when they are known."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from freightbridge.insert_rows import insert_rows
from freightbridge.observability.redaction import redact_text
from freightbridge.update_rows import update_rows
from integrations.lanes.claim_lane import HeldLane
from integrations.models import AttemptMember, SyncAttempt
from integrations.outbox.answer_verdict import Applied, Nothing, Outcome, Refused, Verdict
from integrations.outbox.steps.call_plan import Call
from integrations.xero_gateway.answers import Answer

# Fifty documents as Xero answers them: whoever looks up one of them must find it.
LONGEST_ANSWER = 500_000
VERDICT_WORDS = {Applied: "applied", Refused: "refused", Nothing: "not applied"}
TELL_VERDICT = "UPDATE integrations_attemptmember SET verdict = %s WHERE id = ANY(%s)"
OUTCOME_FIELDS = ["finished_at", "http_status", "answer", "xero_correlation_id", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A call whose intent is written; `members` in the order in which they stand in it."""

    call: Call
    attempt: SyncAttempt
    members: list[AttemptMember]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """`verdicts`: one for each member."""

    intent: Intent
    outcome: Outcome
    verdicts: list[Verdict]


def record_intents(held: HeldLane, step: str, calls: Sequence[Call], *, now: datetime, ticks: int) -> list[Intent]:
    """With the very bytes that will be sent; those of a file are in the stored file."""
    attempts = [_attempt(held, step, call, now=now, ticks=ticks) for call in calls]
    insert_rows(attempts)
    intents = [
        Intent(
            call=call,
            attempt=attempt,
            members=[
                AttemptMember(attempt=attempt, job=job, position=position) for position, job in enumerate(call.jobs)
            ],
        )
        for call, attempt in zip(calls, attempts, strict=True)
    ]
    insert_rows([member for intent in intents for member in intent.members])
    return intents


def _attempt(held: HeldLane, step: str, call: Call, *, now: datetime, ticks: int) -> SyncAttempt:
    write = call.write
    return SyncAttempt(
        connection_id=held.connection_id,
        step=step,
        generation=max(job.generation for job in call.jobs),
        fence=held.fence,
        method=write.method,
        path=write.path,
        idempotency_key=write.idempotency_key,
        body=write.body if call.keeps_body else b"",
        body_sha256=hashlib.sha256(write.body).hexdigest(),
        sent_at=now,
        sent_tick=ticks,
        correlation_id=call.jobs[0].correlation_id,
    )


def record_outcomes(answered: Sequence[Answered], *, now: datetime) -> None:
    for one in answered:
        _fill_in(one.intent.attempt, one.outcome, now=now)
    update_rows([one.intent.attempt for one in answered], OUTCOME_FIELDS)
    members: dict[str, list[int]] = defaultdict(list)
    for one in answered:
        for member, verdict in zip(one.intent.members, one.verdicts, strict=True):
            members[VERDICT_WORDS.get(type(verdict), "unknown")].append(member.pk)
    # One statement for each verdict; nearly always all have the same.
    for word, some in members.items():
        with connection.cursor() as cursor:
            cursor.execute(TELL_VERDICT, [word, some])


def _fill_in(attempt: SyncAttempt, outcome: Outcome, *, now: datetime) -> None:
    attempt.finished_at = now
    if isinstance(outcome, Answer):
        attempt.http_status = outcome.status
        attempt.answer = redact_text(outcome.text(LONGEST_ANSWER))
        attempt.xero_correlation_id = outcome.correlation_id[:100]
    else:
        attempt.error = str(outcome)[:500]
