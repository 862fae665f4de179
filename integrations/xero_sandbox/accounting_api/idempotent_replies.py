"""Replays what was answered to an Idempotency-Key.

Source: developer.xero.com/documentation/guides/idempotent-requests/idempotency and the header's description in
xero_accounting.yaml: up to 128 characters, per app, kept six minutes from the first call, errors kept as well.
"""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from integrations.xero_sandbox.accounting_api.error_responses import plain_validation_refused
from integrations.xero_sandbox.books.identity_records import StoredReply
from integrations.xero_sandbox.books.store import Store
from integrations.xero_sandbox.wire.http_messages import Answer, Request

LONGEST_KEY = 128
KEPT_FOR = timedelta(minutes=6)
METHODS = frozenset({"POST", "PUT", "PATCH"})
RUNNING = 0


def key_of(request: Request) -> str:
    """Empty where the request has none, or where its method takes none."""
    return request.headers.get("idempotency-key", "") if request.method in METHODS else ""


def refusal_of_key(key: str) -> Answer | None:
    if len(key) <= LONGEST_KEY:
        return None
    return plain_validation_refused("Idempotency Key must not exceed 128 characters.")


def fingerprint_of(request: Request) -> str:
    """Method, address, organisation and body: any other request under the same key is refused."""
    head = f"{request.method} {request.target} {request.headers.get('xero-tenant-id', '')}\n"
    return hashlib.sha256(head.encode() + request.body).hexdigest()


def stored_reply(store: Store, client_id: str, key: str, now: datetime) -> StoredReply | None:
    reply: StoredReply | None = store.get(StoredReply, f"{client_id}/{key}")
    return reply if reply and now - reply.first_at < KEPT_FOR else None


def mismatch(reply: StoredReply, request: Request) -> Answer | None:
    if reply.fingerprint == fingerprint_of(request):
        return None
    return plain_validation_refused(f"Idempotency Key: {reply.key} is used with a different request.")


def reserve(store: Store, client_id: str, key: str, request: Request, now: datetime) -> StoredReply:
    """Note that the first request with this key is under way."""
    reply = StoredReply(
        reply_id=f"{client_id}/{key}",
        client_id=client_id,
        key=key,
        fingerprint=fingerprint_of(request),
        first_at=now,
    )
    _drop_old(store, now)
    store.save(reply)
    return reply


def keep(store: Store, reply: StoredReply, answer: Answer) -> None:
    store.save(replace(reply, status=answer.status, headers=answer.headers, body=answer.body))


def replayed(reply: StoredReply) -> Answer:
    return Answer(status=reply.status, headers=reply.headers, body=reply.body, is_replay=True)


def _drop_old(store: Store, now: datetime) -> None:
    """Replies stand in the order they came, so only the oldest are looked at."""
    old = []
    for reply in store.table(StoredReply):
        if now - reply.first_at < KEPT_FOR:
            break
        old.append(reply)
    for reply in old:
        store.remove(reply)
