"""
Idempotency-Key: the second call with a key is answered what the first one was, and does nothing.

The reply is written in the transaction of what it tells of, under a lock on the key: a call that crashes leaves
neither. What was refused is not kept, so a mended call may use its key again.
"""

import hashlib
import re
from http import HTTPStatus

from django.db import connection
from django.http import HttpRequest, HttpResponse

from freightbridge.background_work.enqueue_work import enqueue_work, has_work
from freightbridge.rest.clear_replies import CLEAR_EVERY, CLEAR_REPLIES
from freightbridge.rest.endpoints import Call
from freightbridge.rest.models import KeptReply
from freightbridge.rest.problem_details import RefusedCallError
from freightbridge.rest.read_call import JSON_TYPE, body_bytes
from freightbridge.tenancy.scope import current_tenant_id
from freightbridge.transactions import require_transaction

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
FORM = re.compile(r"[\x21-\x7e]{1,255}")
MISSING = "This call needs the header Idempotency-Key: 1 to 255 visible characters that no other call of yours has."
OTHER_REQUEST = "This Idempotency-Key was used for another request. Take a new one."
STILL_RUNNING = "A call with this Idempotency-Key is still running. Repeat it in a moment."


def idempotency_key(request: HttpRequest) -> str:
    """Raises RefusedCallError where there is none, or one that cannot be used."""
    key = request.headers.get(HEADER, "")
    if not FORM.fullmatch(key):
        raise RefusedCallError(HTTPStatus.BAD_REQUEST, MISSING)
    return key


def request_digest(request: HttpRequest, call: Call) -> str:
    """Of a file its name and bytes: the border between the parts of a form is another one each time."""
    whole = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    if call.file is None:
        whole.update(body_bytes(request))
    else:
        whole.update(f"{call.file.name}\n".encode(errors="replace"))
        for chunk in call.file.chunks():
            whole.update(chunk)
        call.file.seek(0)
    return whole.hexdigest()


def find_reply(call: Call, digest: str) -> HttpResponse | None:
    """
    In the tenant's scope, until whose end the key is ours. None: this is the first call with it.

    Raises RefusedCallError.
    """
    require_transaction()
    if not _lock(call.idempotency_key):
        headers = {"Retry-After": "1"}
        raise RefusedCallError(HTTPStatus.CONFLICT, STILL_RUNNING, headers=headers)
    kept = KeptReply.objects.filter(key=call.idempotency_key).first()
    if kept is None:
        return None
    if kept.request_sha256 != digest:
        raise RefusedCallError(HTTPStatus.UNPROCESSABLE_ENTITY, OTHER_REQUEST)
    response = HttpResponse(bytes(kept.body), status=kept.status, content_type=JSON_TYPE)
    response[REPLAYED] = "true"
    if kept.location:
        response["Location"] = kept.location
    return response


def keep_reply(request: HttpRequest, call: Call, digest: str, response: HttpResponse) -> None:
    require_transaction()
    KeptReply.objects.create(
        key=call.idempotency_key,
        request_sha256=digest,
        caller=call.key.name,
        method=request.method or "",
        path=request.path,
        status=response.status_code,
        body=response.content,
        location=response.get("Location", ""),
        replied_at=call.now,
    )
    if not has_work(CLEAR_REPLIES, call.tenant.pk):
        enqueue_work(CLEAR_REPLIES, [call.tenant.pk], now=call.now, at=call.now + CLEAR_EVERY)


def _lock(key: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, %s))", [key, current_tenant_id()])
        row = cursor.fetchone()
    return bool(row and row[0])
