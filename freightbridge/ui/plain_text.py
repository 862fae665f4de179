"""What no person types and PostgreSQL cannot keep in a text is refused before any page looks at it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

NUL = "\x00"


class PlainTextMiddleware:
    """Of what people send. The API, which asks for no CSRF token, refuses more than this, in words of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _arguments: list[Any], _keywords: dict[str, Any]
    ) -> None:
        """Raises BadRequest."""
        if getattr(view, "csrf_exempt", False):
            return
        sent = (request.GET, request.POST)
        if any(NUL in value for fields in sent for _, values in fields.lists() for value in values):
            raise BadRequest("There is a character in it that is no text.")
