"""
Sends the bytes of a call to the sandbox, to books with the organisation's settings, and compares the answers.

No token of the company's is read, and nothing of its data is changed: its activity says who replayed what, and why.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import requests
from django.conf import settings

from freightbridge.audit.record_event import record_event
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.transactions import refuse_transaction
from integrations.models import SyncAttempt
from integrations.outbox.answer_verdict import Outcome, verdicts
from integrations.sandbox_replay.copied_books import copied_books
from integrations.sandbox_replay.disguise_body import disguised, elements_of, why_no_replay
from integrations.sandbox_replay.sandbox_admin import NoSandboxError, SandboxAdmin
from integrations.sandbox_replay.told_answers import ToldAnswer, tell_answers
from integrations.xero_gateway.answers import Answer, NoAnswerError, NotSentError
from integrations.xero_gateway.call_times import CallTimes
from integrations.xero_gateway.gateway import Write, XeroGateway

REPLAYED = "support replayed a call"
# Somebody waits for the page meanwhile, and the sandbox answers within milliseconds.
SECONDS = 5.0
TIMES = CallTimes(connect=timedelta(seconds=3), read=timedelta(seconds=15))
SCOPES = ["accounting.invoices", "accounting.contacts", "accounting.settings"]


class NoReplayError(Exception):
    """Its text says why, and what can be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenCall:
    """What is needed of an attempt, without a row: nothing is read while the sandbox thinks."""

    method: str
    path: str
    body: bytes
    elements: list[dict[str, Any]]
    outcome: Outcome
    books: dict[str, Any]


def replay_call(tenant: Tenant, attempt_id: UUID, *, reason: str, by: str, now: datetime) -> list[ToldAnswer]:
    """Raises NoReplayError, and SyncAttempt.DoesNotExist. Must not be called inside a transaction."""
    refuse_transaction()
    with tenant_scope(tenant):
        attempt = SyncAttempt.objects.select_related("connection").get(public_id=attempt_id)
        call = _frozen(attempt)
        record_event(action=REPLAYED, subject=attempt, by=by, now=now, reason=reason)
    outcome = _answer_of_sandbox(call)
    size = len(call.elements)
    return tell_answers(
        call.elements,
        verdicts(call.outcome, members=size, now=now),
        verdicts(outcome, members=size, now=now),
    )


def _frozen(attempt: SyncAttempt) -> FrozenCall:
    body = bytes(attempt.body)
    refusal = why_no_replay(attempt.method, attempt.path, body, is_removed=attempt.raw_removed_at is not None)
    if refusal:
        raise NoReplayError(refusal)
    elements = elements_of(body)
    return FrozenCall(
        method=attempt.method, path=attempt.path, body=body, elements=elements, outcome=_outcome(attempt),
        books=copied_books(attempt.connection, elements),
    )  # fmt: skip


def _outcome(attempt: SyncAttempt) -> Outcome:
    if attempt.http_status is None:
        return NoAnswerError(attempt.error or "none has come yet")
    return Answer(status=attempt.http_status, headers={}, body=attempt.answer.encode())


def _answer_of_sandbox(call: FrozenCall) -> Outcome:
    url: str = settings.REPLAY_SANDBOX_URL
    sandbox = SandboxAdmin(url, seconds=SECONDS)
    try:
        _require_sandbox(sandbox)
        sandbox.open_organisation(call.books)
        token = sandbox.grant(call.books["id"], SCOPES)["access_token"]
        gateway = XeroGateway(
            api_base_url=url, organisation_id=call.books["id"], access_token=token, guard=refuse_transaction,
            times=TIMES,
        )  # fmt: skip
        body = disguised(call.body, organisation_id=call.books["id"])
        return gateway.write(Write(method=call.method, path=call.path, body=body, idempotency_key=f"replay-{uuid4()}"))
    except requests.HTTPError as error:
        raise NoReplayError(
            f"The sandbox could not be set up like the organisation: {error.response.text[:300]}"
        ) from error
    except (requests.RequestException, NotSentError, NoAnswerError) as error:
        raise NoReplayError(f"The sandbox at {url} did not answer ({type(error).__name__}). Try again.") from error


def _require_sandbox(sandbox: SandboxAdmin) -> None:
    """Raises NoReplayError. Whatever its name answers: nothing is ever replayed in Xero."""
    host = urlsplit(sandbox.url).hostname or ""
    if host == "xero.com" or host.endswith(".xero.com"):
        raise NoReplayError("REPLAY_SANDBOX_URL names Xero itself. A call is replayed in a sandbox only.")
    try:
        sandbox.require()
    except NoSandboxError as error:
        raise NoReplayError(
            f"{error} Start the bundled sandbox with “manage.py xero_sandbox”, or name another one in "
            f"REPLAY_SANDBOX_URL."
        ) from error
