"""Middleware: gives each request its correlation id, answers with it, and logs the request once."""

import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from freightbridge.observability.correlation import accept_or_make, correlated, correlation_id

HEADER = "X-Request-ID"
log = structlog.get_logger("freightbridge.request")


class RequestIdMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        with correlated(accept_or_make(request.headers.get(HEADER, ""))):
            response = self._get_response(request)
            response[HEADER] = correlation_id()
            _log(request, response, time.monotonic() - started)
        return response


def _log(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """The path without its query: a query may hold what a person typed, or a code from Xero."""
    log.info(
        "request",
        method=request.method,
        path=request.path,
        status=response.status_code,
        milliseconds=round(seconds * 1000),
    )
