"""One call of the API from its key to its answer: one transaction, in the scope of the key's company."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from django.db import IntegrityError, OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from freightbridge.access.permission_checks import public
from freightbridge.rest.admit_call import admit_call
from freightbridge.rest.endpoints import Answer, Call, Endpoint
from freightbridge.rest.problem_details import RefusedCallError, not_found, problem_response
from freightbridge.rest.read_call import JSON_TYPE, read_body, read_file, read_query, refuse_if_faulty
from freightbridge.rest.replay_reply import find_reply, idempotency_key, keep_reply, request_digest
from freightbridge.tenancy.scope import tenant_scope

ROOT = "/api/v1/"
MEANWHILE = "Somebody else changed the same thing in this very moment. Repeat the call."
BUSY = "We are too busy at this moment. Repeat the call."
SOON = {"Retry-After": "1"}
BROKEN = "We made a mistake. Nothing of what you sent was saved; we have been told."
log = structlog.get_logger(__name__)


def api_view(endpoints: Sequence[Endpoint]) -> Any:
    """The view of one path, whose endpoints differ by their methods. A key lets in, so no session and no form does."""
    by_method = {endpoint.method: endpoint for endpoint in endpoints}
    allowed = {"Allow": ", ".join(by_method)}
    not_allowed = RefusedCallError(HTTPStatus.METHOD_NOT_ALLOWED, "Not with this method.", headers=allowed)

    @csrf_exempt
    @public
    def view(request: HttpRequest, **parts: Any) -> HttpResponse:
        endpoint = by_method.get(request.method or "")
        try:
            response = _answer(request, endpoint, parts) if endpoint else problem_response(not_allowed)
        except RefusedCallError as refused:
            response = problem_response(refused)
        except Http404:
            response = problem_response(not_found())
        except IntegrityError:
            log.warning("call collided", exc_info=True)
            response = problem_response(RefusedCallError(HTTPStatus.CONFLICT, MEANWHILE, headers=SOON))
        except OperationalError:
            log.warning("database busy", exc_info=True)
            response = problem_response(RefusedCallError(HTTPStatus.SERVICE_UNAVAILABLE, BUSY, headers=SOON))
        except Exception:
            log.exception("call failed")
            response = problem_response(RefusedCallError(HTTPStatus.INTERNAL_SERVER_ERROR, BROKEN))
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return view


@csrf_exempt
@public
def no_such_endpoint(_request: HttpRequest, rest: str = "") -> HttpResponse:
    del rest
    return problem_response(not_found())


def _answer(request: HttpRequest, endpoint: Endpoint, parts: Mapping[str, Any]) -> HttpResponse:
    key, now = admit_call(request, endpoint.scope)
    errors: list[Any] = []
    call = Call(
        tenant=key.tenant,
        key=key,
        now=now,
        idempotency_key=idempotency_key(request) if endpoint.needs_idempotency_key else "",
        query=read_query(request.GET, endpoint.query, errors),
        body=read_body(request, endpoint, errors),
        file=read_file(request, endpoint, errors),
    )
    refuse_if_faulty(errors)
    with (
        structlog.contextvars.bound_contextvars(tenant=key.tenant_id, caller=key.key_id),
        timezone.override(key.tenant.zone),
        tenant_scope(key.tenant_id),
    ):
        return _answer_once(request, endpoint, call, parts)


def _answer_once(request: HttpRequest, endpoint: Endpoint, call: Call, parts: Mapping[str, Any]) -> HttpResponse:
    """An exception leaves the scope, and with it everything is rolled back."""
    if not endpoint.needs_idempotency_key:
        return _as_json(endpoint, endpoint.do(call, **parts))
    digest = request_digest(request, call)
    replayed = find_reply(call, digest)
    if replayed is not None:
        return replayed
    with transaction.atomic():
        response = _as_json(endpoint, endpoint.do(call, **parts))
        keep_reply(request, call, digest, response)
    return response


def _as_json(endpoint: Endpoint, answer: Answer) -> HttpResponse:
    response = HttpResponse(json.dumps(answer.body), status=endpoint.status, content_type=JSON_TYPE)
    if answer.location:
        response["Location"] = ROOT + answer.location
    return response
