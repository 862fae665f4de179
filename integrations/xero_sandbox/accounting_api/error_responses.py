"""Every way in which Xero says no.

Shapes: 400, 404 and 429 from recorded answers of a live demo company; 401 and 403 from integrators' logs
(unconfirmed); developer.xero.com/documentation/api/accounting/responsecodes for the rest.
"""

from datetime import datetime
from typing import Any
from uuid import uuid4

from integrations.xero_sandbox.accounting_api.envelopes import JSON_WITH_CHARSET
from integrations.xero_sandbox.accounting_api.rendered_lists import as_bytes
from integrations.xero_sandbox.wire.http_messages import Answer, html_answer, text_answer

Json = dict[str, Any]
VALIDATION, POST_DATA, QUERY, NO_DATA = 10, 14, 16, 17
NOT_FOUND_PAGE = (
    "<!DOCTYPE html><html><head><title>404</title></head>"
    "<body>The resource you're looking for cannot be found</body></html>"
)


def validation_refused(elements: list[Json]) -> Answer:
    return _json(
        400,
        {
            "ErrorNumber": VALIDATION,
            "Type": "ValidationException",
            "Message": "A validation exception occurred",
            "Elements": elements,
        },
    )


def post_data_refused(message: str) -> Answer:
    return _api_error(400, POST_DATA, "PostDataInvalidException", message)


def no_data_refused(word: str) -> Answer:
    message = (
        "No data has been processed for this endpoint. "
        f"This endpoint is expecting {word} data to be specifed in the request body."
    )
    return _api_error(400, NO_DATA, "NoDataProcessedException", message)


def query_refused(message: str) -> Answer:
    return _api_error(400, QUERY, "QueryParseException", message)


def plain_validation_refused(message: str) -> Answer:
    """A refusal of the request as such, without elements; integrators log it in this short form."""
    return _json(400, {"Type": "ValidationException", "Message": message})


def token_expired(expires_at: datetime) -> Answer:
    return _problem(401, "Unauthorized", f"TokenExpired: token expired at {expires_at:%m/%d/%Y %H:%M:%S}")


def scope_missing() -> Answer:
    return _problem(401, "Unauthorized", "AuthorizationUnsuccessful")


def token_unknown() -> Answer:
    return _problem(401, "Unauthorized", "AuthenticationUnsuccessful")


def organisation_not_connected() -> Answer:
    return _problem(403, "Forbidden", "AuthenticationUnsuccessful")


def not_found() -> Answer:
    return html_answer(NOT_FOUND_PAGE, status=404)


def method_not_allowed() -> Answer:
    return text_answer("The requested resource does not support this HTTP method.", status=405)


def not_implemented(what: str) -> Answer:
    return text_answer(f"{what} is not imitated by this sandbox.", status=501)


def media_type_refused() -> Answer:
    words = "This sandbox reads JSON only: send Content-Type: application/json. (Xero itself also takes XML.)"
    return text_answer(words, status=415)


def accept_refused() -> Answer:
    words = "This sandbox answers in JSON only: send Accept: application/json. (Xero itself also answers in XML.)"
    return text_answer(words, status=406)


def too_many(problem: str, retry_after: int | None) -> Answer:
    """No body and no Content-Type; Retry-After for minute and day, not for concurrency."""
    headers: tuple[tuple[str, str], ...] = (("X-Rate-Limit-Problem", problem),)
    if retry_after is not None:
        headers = (("Retry-After", str(retry_after)), *headers)
    return Answer(status=429, headers=headers)


def _problem(status: int, title: str, detail: str) -> Answer:
    return _json(
        status,
        {
            "Type": None,
            "Title": title,
            "Status": status,
            "Detail": detail,
            "Instance": str(uuid4()),
            "Extensions": {},
        },
    )


def _api_error(status: int, number: int, kind: str, message: str) -> Answer:
    return _json(status, {"ErrorNumber": number, "Type": kind, "Message": message})


def _json(status: int, value: Json) -> Answer:
    return Answer(status=status, headers=(("Content-Type", JSON_WITH_CHARSET),), body=as_bytes(value))
