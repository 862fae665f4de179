"""Counts for the tabs of a list: one query for all of them, which stops counting where nobody reads on."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Q, QuerySet

from freightbridge.tenancy.search_limits import MOST_FOUND

CAP = 1000


def capped_counts(lists: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """By the same names; a count above CAP only says that there are more. In the tenant's scope."""
    statements: list[str] = []
    parameters: list[Any] = []
    for name, rows in lists.items():
        try:
            statement, values = rows.order_by().values("pk")[: CAP + 1].query.sql_with_params()
        except EmptyResultSet:
            # Django sees that nothing can match, such as a search that found no id.
            continue
        statements.append(f"SELECT %s, count(*) FROM ({statement}) counted")  # noqa: S608 written by Django
        parameters += [name, *values]
    return dict.fromkeys(lists, 0) | (_counted(statements, parameters) if statements else {})


def counts_among(found: QuerySet[Any], tabs: Mapping[str, Q]) -> dict[str, int]:
    """The same of the few rows that a search has found: they are read once for all tabs. In the tenant's scope."""
    counts = found.order_by().aggregate(
        **{f"tab_{place}": Count("pk", filter=condition) for place, condition in enumerate(tabs.values())}
    )
    return dict(zip(tabs, counts.values(), strict=True))


def count_text(count: int) -> str:
    return f"{CAP:,}+" if count > CAP else f"{count:,}"


def found_text(count: int) -> str:
    """Of what a search has found, which stops at MOST_FOUND of each kind of match."""
    return f"{count:,}+" if count >= MOST_FOUND else f"{count:,}"


def _counted(statements: list[str], parameters: list[Any]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), parameters)
        return dict(cursor.fetchall())
