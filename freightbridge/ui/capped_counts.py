"""Counts for the tabs of a list: one query for all of them, which stops counting where nobody reads on."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Q, QuerySet

from freightbridge.tenancy.search_limits import MOST_FOUND

CAP = 1000


# A count of one list: its name, what it counts, and the values of its placeholders.
Counting = tuple[str, str, list[Any]]
# Stands for the states of a tab until they are known. Nothing else can be among no states but the empty one.
STATES = ("",)


def capped_counts(lists: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """By the same names; a count above CAP only says that there are more. In the tenant's scope."""
    return dict.fromkeys(lists, 0) | _counted([one for name, rows in lists.items() for one in _counting(name, rows)])


def tab_counts(
    rows: QuerySet[Any], column: str, tabs: Mapping[str, Collection[str]], beside: Mapping[str, QuerySet[Any]]
) -> dict[str, int]:
    """
    The same of `rows` with one of a tab's states in `column`; a tab without states counts all. Django writes the SQL
    of one of them, and not of each anew: that took longer than counting. `beside`: other lists in the same query.
    """
    countings = [one for name, others in beside.items() for one in _counting(name, others)]
    of_all, of_states = _counting("", rows), _counting("", rows.filter(**{f"{column}__is_one_of": STATES}))
    for name, states in tabs.items():
        for _, statement, values in of_states if states else of_all:
            known = [tuple(states) if value == STATES else value for value in values]
            countings.append((name, statement, known))
    return dict.fromkeys([*tabs, *beside], 0) | _counted(countings)


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


def _counting(name: str, rows: QuerySet[Any]) -> list[Counting]:
    """None where Django sees that nothing can match, such as a search that found no id."""
    try:
        statement, values = rows.order_by().values("pk")[: CAP + 1].query.sql_with_params()
    except EmptyResultSet:
        return []
    return [(name, statement, list(values))]


def _counted(countings: list[Counting]) -> dict[str, int]:
    if not countings:
        return {}
    statement = " UNION ALL ".join(f"SELECT %s, count(*) FROM ({one}) counted" for _, one, _ in countings)  # noqa: S608 written by Django
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for name, _, values in countings for value in (name, *values)])
        return dict(cursor.fetchall())
