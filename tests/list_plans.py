"""How PostgreSQL answers what a list asks: which rows of which table each step of it read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from tests.list_queries import ListQuery

EXPLAIN = "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) "
# What did not pass a condition was read too.
DROPPED = ("Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter")


@dataclass(frozen=True, slots=True)
class TableRead:
    """`rows`: that it read in all, whether or not they passed its conditions. `index`: empty for a whole table."""

    table: str
    index: str
    rows: int


def reads_of(query: ListQuery) -> list[TableRead]:
    """It is asked for once. In the tenant's scope."""
    with connection.cursor() as cursor:
        cursor.execute(f"{EXPLAIN}{query.sql}", query.values)
        (answer,) = cursor.fetchone()
    (plan,) = json.loads(answer) if isinstance(answer, str) else answer
    return list(_reads(plan["Plan"]))


def _reads(node: dict[str, Any]) -> Iterator[TableRead]:
    if "Relation Name" in node:
        found = node.get("Index Name") or ", ".join(_bitmap_indexes(node))
        yield TableRead(node["Relation Name"], found, _rows(node))
    for child in node.get("Plans", ()):
        yield from _reads(child)


def _bitmap_indexes(node: dict[str, Any]) -> Iterator[str]:
    for child in node.get("Plans", ()):
        if child["Node Type"] == "Bitmap Index Scan":
            yield child["Index Name"]
        elif child["Node Type"] in {"BitmapOr", "BitmapAnd"}:
            yield from _bitmap_indexes(child)


def _rows(node: dict[str, Any]) -> int:
    each = node["Actual Rows"] + sum(node.get(name, 0) for name in DROPPED)
    return int(each * node["Actual Loops"])
