"""A page, or the part of it that htmx asked for: both stand in one template."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django_htmx.http import HttpResponseClientRefresh

# The part of a page that looks by itself; the bell comes along with it, and need not look then.
LIVE = "live"


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, part: str = "list", is_settled: bool = False
) -> HttpResponse:
    """
    `part`: the named partial whose element has the same id. Going back in the history wants the whole page.

    `is_settled`: nothing moves any more. A page that was watching is then loaded anew, once, since its buttons
    stand outside the part.
    """
    htmx = request.htmx  # type: ignore[attr-defined]
    wants_part = htmx and htmx.target == part and not htmx.history_restore_request
    if wants_part and is_settled and not htmx.boosted:
        return HttpResponseClientRefresh()
    answer = render(request, f"{template}#{part}" if wants_part else template, context)
    if wants_part and part == LIVE:
        answer.write(render_to_string("notices/bell_count.html", {"is_news": True}, request))
    return answer
