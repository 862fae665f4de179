"""Refusals of the API: problem documents after RFC 9457, with everything that is wrong listed at its field."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

from freightbridge.observability.correlation import correlation_id
from freightbridge.rest.json_shapes import FieldError

PROBLEM_TYPE = "application/problem+json"


class RefusedCallError(Exception):
    """A call that is answered with a problem; nothing of what it did is kept. `detail` is for people."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})


NO_SUCH_THING = "There is nothing at this address that your key may see."


def invalid_input(errors: Sequence[FieldError]) -> RefusedCallError:
    count = f"{len(errors)} things are wrong" if len(errors) > 1 else "One thing is wrong"
    detail = f"{count} with what was sent; nothing was saved."
    return RefusedCallError(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors)


def not_found() -> RefusedCallError:
    """The same for what is another company's and for what does not exist."""
    return RefusedCallError(HTTPStatus.NOT_FOUND, NO_SUCH_THING)


def problem_response(refused: RefusedCallError) -> HttpResponse:
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": refused.status.phrase,
        "status": refused.status.value,
        "detail": refused.detail,
        "request_id": correlation_id(),
    }
    if refused.errors:
        document["errors"] = [{"pointer": error.pointer, "detail": error.detail} for error in refused.errors]
    return HttpResponse(json.dumps(document), status=refused.status, content_type=PROBLEM_TYPE, headers=refused.headers)
