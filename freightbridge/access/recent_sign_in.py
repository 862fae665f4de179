"""
Where tokens, keys or people are changed, a person proves again that it is he, unless he has just signed in.

What he was about to do waits in his session meanwhile, and is done by one more click: nothing he typed is lost.
"""

import time
from dataclasses import dataclass
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

WAITING = "waits_for_proof"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPost:
    """`fields`: pairs of name and value as they were posted. `page`: where the person was."""

    address: str
    fields: list[tuple[str, str]]
    page: str


def is_recent(request: HttpRequest) -> bool:
    """A sign-in and a proof count alike: by password, by passkey, by code."""
    records = get_authentication_records(request, request.user)
    if not records:
        return False
    return bool(time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def ask_unless_proved(request: HttpRequest) -> HttpResponse | None:
    """None: he has proved it, or nothing is posted. Else the answer, in the place of the view's."""
    if request.method != "POST":
        return None
    if not is_recent(request):
        return ask_again(request)
    forget_waiting_post(request)
    return None


def ask_again(request: HttpRequest) -> HttpResponse:
    """Keeps what was posted, and leads to the proof."""
    page = request.headers.get("Referer", "")
    request.session[WAITING] = {
        "address": request.get_full_path(),
        "fields": [
            (name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"
        ],
        "page": page,
    }
    address = f"{reverse('account_reauthenticate')}?{urlencode({'next': reverse('go_on')})}"
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    return HttpResponseClientRedirect(address) if htmx else HttpResponseRedirect(address)


def waiting_post(request: HttpRequest) -> WaitingPost | None:
    """None: nothing waits any more."""
    kept: dict[str, Any] | None = request.session.get(WAITING)
    if kept is None:
        return None
    return WaitingPost(
        address=kept["address"], fields=[(name, value) for name, value in kept["fields"]], page=kept["page"]
    )


def forget_waiting_post(request: HttpRequest) -> None:
    request.session.pop(WAITING, None)
