"""What stands in the search box: numbers pasted by the dozen, the beginning of one, or a piece of a reference (F15)."""

import re
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from freightbridge.tenancy.scope import current_tenant_id
from freightbridge.tenancy.search_limits import MOST_FOUND, SHORTEST_PIECE
from invoices.models import Invoice, InvoiceLine, Shipment

# Pieces are looked for unless more numbers begin so than anybody reads: then a piece is what many rows have too, and
# the newest of those are found by reading on and on.
BY_PIECE = f"""
    SELECT {{search}}(%s) WHERE (
        SELECT count(*) FROM (
            SELECT 1 FROM {{table}} WHERE tenant_id = %s AND number ^@ %s LIMIT {MOST_FOUND}
        ) begun
    ) < {MOST_FOUND}
"""  # noqa: S608 the names of our own functions and tables
BETWEEN_NUMBERS = re.compile(r"[\s,;]+")


def find_shipments(text: str) -> list[int]:
    """
    Ids of those that the text means. Several words of which one is a number are a pasted list: exactly the
    named ones. Two queries at most. In the tenant's scope.
    """
    words = BETWEEN_NUMBERS.split(text.strip())
    if len(words) > 1:
        named = _named(words)
        if named:
            return named
    return _looked_up(text.strip())


def find_one(text: str) -> int | None:
    """
    Id of the one shipment that the text means: by its whole number, or the only one that is found. None: there is
    none, or there are several. Three queries at most. In the tenant's scope.
    """
    named = _named([text.strip()])
    found = named if len(named) == 1 else find_shipments(text)
    return found[0] if len(found) == 1 else None


def unknown_numbers(text: str) -> list[str]:
    """Of a pasted list what is no number of ours, as it was written. One query, none for a single word."""
    words = BETWEEN_NUMBERS.split(text.strip())
    if len(words) == 1:
        return []
    spellings = _spellings(words)
    shipments = Shipment.objects.filter(number__in=spellings).values_list("number")
    invoices = InvoiceLine.objects.filter(invoice__number__in=spellings, shipment__isnull=False)
    known = {row[0] for row in shipments.union(invoices.order_by().values_list("invoice__number"))}
    # Without a single number it was no list.
    return [word for word in dict.fromkeys(words) if known and not known & {word, word.upper()}]


def _spellings(words: list[str]) -> set[str]:
    return {spelling for word in words for spelling in (word, word.upper())}


def _named(words: list[str]) -> list[int]:
    spellings = _spellings(words)
    return _ids(
        Shipment.objects.filter(number__in=spellings).values_list("id"),
        _invoiced_by(Q(invoice__number__in=spellings)),
    )


def _looked_up(text: str) -> list[int]:
    parts: list[QuerySet[Any, Any]] = []
    for spelling in sorted({text, text.upper()}):
        begin = Shipment.objects.filter(number__begins_with=spelling).order_by("-number")
        parts.append(begin.values_list("id")[:MOST_FOUND])
        parts.append(_invoiced_by(Q(invoice__in=newest_numbered(Invoice.objects.all(), spelling))))
    if len(text) >= SHORTEST_PIECE:
        found = found_by_piece(Shipment, "search_shipments", text)
        parts.append(Shipment.objects.filter(id__in=found).values_list("id"))
        parts.append(_invoiced_by(Q(invoice__sync_jobs__correlation_id=text.upper())))
    xero_id = _uuid(text)
    if xero_id is not None:
        parts.append(_invoiced_by(Q(invoice__xero_document__xero_id=xero_id)))
    return _ids(*parts)


def newest_numbered(invoices: QuerySet[Invoice], beginning: str) -> QuerySet[Invoice, Any]:
    """Ids of those with the highest numbers that begin so, which mostly are the newest."""
    return invoices.filter(number__begins_with=beginning).order_by("-number").values("pk")[:MOST_FOUND]


def found_by_piece(model: type[Shipment | Invoice], search: str, text: str) -> RawSQL:
    """Ids of the newest that have this piece; none where MOST_FOUND numbers begin with it. `search`: the function."""
    statement = BY_PIECE.format(search=search, table=model._meta.db_table)
    return RawSQL(statement, [text, current_tenant_id(), text.upper()])  # noqa: S611 our own statement


def _invoiced_by(condition: Q) -> QuerySet[Any, Any]:
    lines = InvoiceLine.objects.filter(condition, shipment__isnull=False)
    return lines.order_by().values_list("shipment_id")[:MOST_FOUND]


def _ids(first: QuerySet[Any, Any], *others: QuerySet[Any, Any]) -> list[int]:
    return [row[0] for row in first.union(*others)]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
