"""Pages of a list by where the last row stood, not by its number: the thousandth page costs what the first one does."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

PAGE_SIZE = 50
AnyModel = TypeVar("AnyModel", bound=Model)
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Row]):
    """`following` and `preceding` are the query parameters of the neighbouring pages; empty where there is none."""

    rows: list[Row]
    following: str = ""
    preceding: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """The fields a list is ordered by; the last one is unique. All of them rise, or all of them fall."""

    fields: tuple[str, ...]
    falls: bool = True


def keyset_page(
    rows: QuerySet[AnyModel, Row],
    *,
    order: Order,
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
    among: QuerySet[AnyModel] | None = None,
) -> Page[Row]:
    """
    One query. `after` and `before` are what a Page gave; one that cannot be read means the first page. `among`: the
    hundreds of rows that a search has found: they are sorted and cut before anything is joined to them.
    """
    edge = _read(rows, after or before, order)
    goes_back = bool(before) and not after and edge is not None
    falls = order.falls != goes_back
    if among is not None:
        rows = rows.filter(pk__in=_from(among, edge, order, falls=falls).values("pk")[: size + 1])
    found = list(_from(rows, None if among is not None else edge, order, falls=falls)[: size + 1])
    has_more, kept = len(found) > size, found[:size]
    if goes_back:
        kept.reverse()
    has_following = goes_back or has_more
    has_preceding = has_more if goes_back else edge is not None
    return Page(
        rows=kept,
        following=f"after={position_of(kept[-1], order)}" if kept and has_following else "",
        preceding=f"before={position_of(kept[0], order)}" if kept and has_preceding else "",
    )


def _from(
    rows: QuerySet[AnyModel, Row], edge: Sequence[Any] | None, order: Order, *, falls: bool
) -> QuerySet[AnyModel, Row]:
    if edge is not None:
        rows = rows.filter(_beyond(edge, order.fields, "lt" if falls else "gt"))
    return rows.order_by(*(f"-{field}" if falls else field for field in order.fields))


def _beyond(edge: Sequence[Any], fields: Sequence[str], comparison: str) -> Q:
    """(a, b) < (x, y), with a <= x said beside it, since that is what an index can begin with."""
    first, value = fields[0], edge[0]
    if len(fields) == 1:
        return Q(**{f"{first}__{comparison}": value})
    further = Q(**{first: value}) & _beyond(edge[1:], fields[1:], comparison)
    return Q(**{f"{first}__{comparison}e": value}) & (Q(**{f"{first}__{comparison}": value}) | further)


def position_of(row: Any, order: Order) -> str:
    """What `after` and `before` take for a row with the order's fields."""
    values = [row[field] if isinstance(row, dict) else getattr(row, field) for field in order.fields]
    return base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).decode().rstrip("=")


def _read(rows: QuerySet[AnyModel, Row], text: str, order: Order) -> list[Any] | None:
    if not text:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        fields = [rows.model._meta.get_field(name) for name in order.fields]
        return [field.to_python(value) for field, value in zip(fields, values, strict=True)]  # type: ignore[union-attr]
    except (ValueError, TypeError, ValidationError):
        return None
