"""Why somebody of support does something with a company's data: he says it, and the company can read it."""

from dataclasses import dataclass

from django.http import HttpRequest

SHORTEST_REASON, LONGEST_REASON = 8, 200
COMPLAINT = "Say why you look, such as the number of the ticket; the company can read it."


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenReason:
    """`complaint`: what is wrong with it; empty where nothing is."""

    text: str
    complaint: str


def reason_in(request: HttpRequest) -> GivenReason:
    text = request.POST.get("reason", "").strip()[:LONGEST_REASON]
    return GivenReason(text=text, complaint="" if len(text) >= SHORTEST_REASON else COMPLAINT)
