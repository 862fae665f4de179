"""What stands in the search box of the accounting log: a document's number, a support code, Xero's id, or words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Collate

from freightbridge.tenancy.search_limits import MOST_FOUND, SHORTEST_PIECE
from integrations.models import AccountingLogEntry, SyncAttempt, XeroDocument


def find_entries(
    entries: QuerySet[AccountingLogEntry],
    text: str,
    *,
    bounds: Sequence[datetime | str | int | bool | None],
    are_of_shipments: bool,
) -> list[int]:
    """
    Ids of those of `entries` that the text means, the newest first of each kind. Three queries. In the tenant's scope.

    `bounds`: what `entries` are bound to, for the search in words: since, until, result, problem code,
    actor, lowest and highest HTTP status (0: no answer), direction; None: not bound; last whether also what has no
    news. `are_of_shipments`: of so few that each entry is looked at.
    """
    attempts = SyncAttempt.objects.filter(xero_correlation_id=text).values_list("pk", flat=True)[:MOST_FOUND]
    parts = [
        _newest(entries.filter(correlation_id=text.upper())),
        _newest(entries.filter(attempt__in=list(attempts))),
        _newest(entries.filter(document__in=_documents(text))),
    ]
    if len(text) >= SHORTEST_PIECE:
        found = RawSQL("SELECT search_accounting_log(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)", [text, *bounds])
        parts.append(_newest(entries.filter(Q(text__icontains=text) if are_of_shipments else Q(pk__in=found))))
    first, *others = parts
    return list(first.union(*others).values_list("pk", flat=True))


def _newest(entries: QuerySet[AccountingLogEntry]) -> QuerySet[AccountingLogEntry, Any]:
    return entries.order_by("-at", "-id").values("pk")[:MOST_FOUND]


def _documents(text: str) -> list[int]:
    """Whatever the collation of the database: only in this one do numbers with the same beginning stand together."""
    plain = XeroDocument.objects.annotate(plain_number=Collate("number", "C"))
    parts = [
        plain.filter(plain_number__begins_with=spelling).order_by("-plain_number").values("pk")[:MOST_FOUND]
        for spelling in sorted({text, text.upper()})
    ]
    first, *others = parts
    return list((first.union(*others) if others else first).values_list("pk", flat=True))
