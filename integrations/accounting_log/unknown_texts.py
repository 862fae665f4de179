"""Texts of Xero's that the catalogue does not know, counted: what support adds a pattern for next."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from freightbridge.observability.redaction import redact_text
from integrations.mapping.problems import Problem
from integrations.models import AccountingLogEntry
from integrations.problem_catalogue.xero_texts import UNKNOWN

KEPT_AS, LEFT_OUT = "unknown_text", "…"
LONGEST, SHORTEST_WORD, MOST_TEXTS = 300, 3, 50
# What stands in quotation marks, addresses and numbers differ from document to document.
VALUES = re.compile(r"\b\d{1,2} \w+ \d{4}\b|'[^']*'|\"[^\"]*\"|“[^”]*”|\S+@\S+|\w+://\S+|\b[\w-]*\d[\w.,/-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownText:
    """`count`: documents that were refused with it."""

    text: str
    count: int
    last_at: datetime


def general_form(problem: Problem) -> str:
    """
    Xero's words without what is of one document or company: the same for all that have the same cause.

    Empty for what the catalogue knows.
    """
    if problem.code != UNKNOWN:
        return ""
    words = problem.named_words
    text = redact_text(words.pop("xero", ""))
    for word in sorted(words.values(), key=len, reverse=True):
        if len(word) >= SHORTEST_WORD:
            text = re.sub(re.escape(word), LEFT_OUT, text, flags=re.IGNORECASE)
    return VALUES.sub(LEFT_OUT, text)[:LONGEST].strip() or "(no words)"


def unknown_texts(*, since: datetime) -> list[UnknownText]:
    """The most frequent first. One query, in the tenant's scope."""
    entries = AccountingLogEntry.objects.filter(problem_code=UNKNOWN, at__gte=since, details__has_key=KEPT_AS)
    counted = entries.order_by().values_list(f"details__{KEPT_AS}").annotate(count=Count("id"), last=Max("at"))
    return [
        UnknownText(text=text, count=count, last_at=last)
        for text, count, last in counted.order_by("-count", f"details__{KEPT_AS}")[:MOST_TEXTS]
    ]
