"""Writes an attempt twice: the intent before the first byte leaves, the outcome when it is known."""

import hashlib
from collections import defaultdict
from datetime import datetime

from freightbridge.observability.redaction import redact_text
from integrations.lanes.claim_lane import HeldLane
from integrations.models import AttemptMember, SyncAttempt
from integrations.outbox.answer_verdict import Applied, Nothing, Outcome, Refused, Verdict
from integrations.outbox.steps.call_plan import Call
from integrations.xero_gateway.answers import Answer

# Fifty documents as Xero answers them: whoever looks up one of them must find it.
LONGEST_ANSWER = 500_000
VERDICT_WORDS = {Applied: "applied", Refused: "refused", Nothing: "not applied"}


def record_intent(held: HeldLane, step: str, call: Call, *, now: datetime, ticks: int) -> SyncAttempt:
    """With the very bytes that will be sent; those of a file are in the stored file."""
    write = call.write
    attempt = SyncAttempt.objects.create(
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
    AttemptMember.objects.bulk_create(
        AttemptMember(attempt=attempt, job=job, position=position) for position, job in enumerate(call.jobs)
    )
    return attempt


def record_outcome(attempt: SyncAttempt, outcome: Outcome, verdicts: list[Verdict], *, now: datetime) -> None:
    attempt.finished_at = now
    if isinstance(outcome, Answer):
        attempt.http_status = outcome.status
        attempt.answer = redact_text(outcome.text(LONGEST_ANSWER))
        attempt.xero_correlation_id = outcome.correlation_id[:100]
    else:
        attempt.error = f"{type(outcome).__name__}: {outcome}"[:500]
    attempt.save(update_fields=["finished_at", "http_status", "answer", "xero_correlation_id", "error"])
    positions: dict[str, list[int]] = defaultdict(list)
    for position, verdict in enumerate(verdicts):
        positions[VERDICT_WORDS.get(type(verdict), "unknown")].append(position)
    # One statement for each verdict; nearly always all have the same.
    for word, some in positions.items():
        attempt.members.filter(position__in=some).update(verdict=word)
