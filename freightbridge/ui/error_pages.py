"""What a person sees when a page cannot be shown: why, the number to quote, and a way back. Nothing is read for it."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
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


def bad_request(_request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return _answer(BAD_REQUEST)


def forbidden(_request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(FORBIDDEN, text=str(exception))


def stale_form(_request: HttpRequest, reason: str = "") -> HttpResponse:
    del reason
    return _answer(STALE_FORM)


def not_found(_request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return _answer(NOT_FOUND)


def broken(_request: HttpRequest) -> HttpResponse:
    return _answer(BROKEN)


def _answer(failure: Failure, *, text: str = "") -> HttpResponse:
    """Without the request: no company, no menu, no token, so that alike failures are alike to the byte."""
    context = {"title": failure.title, "text": text or failure.text, "request_id": correlation_id()}
    return HttpResponse(render_to_string("error.html", context), status=failure.status)
