"""What a person sees when a page cannot be shown: why, the number to quote, and a way back. Nothing is read for it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from freightbridge.observability.correlation import correlation_id


@dataclass(frozen=True, slots=True)
class Failure:
    status: int
    title: str
    text: str


BAD_REQUEST = Failure(400, "That request makes no sense to us", "Something in it is missing or malformed.")
FORBIDDEN = Failure(403, "You may not do that", "Ask somebody whose role allows it.")
STALE_FORM = Failure(
    403, "That form is too old", "You signed in or out since it was opened. Go back, reload the page and try again."
)
# The same words for what is another company's: its pages are not even known to exist.
NOT_FOUND = Failure(404, "There is no such page", "It may have been removed, or the address has a typing error.")
BROKEN = Failure(500, "We made a mistake", "Nothing of what you did was saved. We have been told; try again later.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return _answer(request, BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, FORBIDDEN, text=str(exception))


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    del reason
    return _answer(request, STALE_FORM)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return _answer(request, NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    return _answer(request, BROKEN)


def _answer(request: HttpRequest, failure: Failure, *, text: str = "") -> HttpResponse:
    """
    Without the request: no company, no menu, no token, so that alike failures are alike to the byte.

    Only the bar of a visit stands above it, with the button that ends it.
    """
    context: dict[str, Any] = {"title": failure.title, "text": text or failure.text, "request_id": correlation_id()}
    visit = getattr(request, "support_visit", None)
    if visit is not None:
        context |= {"visit": visit, "csrf_token": get_token(request)}
    return HttpResponse(render_to_string("error.html", context), status=failure.status)
