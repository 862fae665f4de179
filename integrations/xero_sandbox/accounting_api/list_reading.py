"""Which records a list answers with: filters, order and pages.

Source: developer.xero.com/documentation/api/accounting/requests-and-responses (filters, ordering, paging,
If-Modified-Since). A page that an index covers is read without looking at the other pages' records.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.books.table import Table
from integrations.xero_sandbox.rules.element_order import OrderTerm, read_order
from integrations.xero_sandbox.rules.query_language import Comparison, Condition, joined_parts, read_where
from integrations.xero_sandbox.rules.query_matching import Getter, Test, matcher
from integrations.xero_sandbox.rules.query_tokens import QueryParseError
from integrations.xero_sandbox.wire.wire_dates import milliseconds, read_moment

USUAL_PAGE_SIZE, LARGEST_PAGE_SIZE = 100, 1000
BY_CHANGE = "updateddateutc"

read_where_once = lru_cache(maxsize=512)(read_where)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedBy:
    """A facet of the table that answers these `==` conditions; each path with the form its values take there."""

    facet: str
    paths: Mapping[str, Callable[[str], str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListShape:
    """What a collection can be filtered and ordered by. `indexes` stand with the narrowest first."""

    kind: type
    fields: Mapping[str, Getter]
    indexes: tuple[IndexedBy, ...] = ()
    knows_where: bool = True
    knows_changes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a resource adds to the shared parameters: exact ids, further tests, and one more `==` condition."""

    identifiers: list[str] | None = None
    tests: list[Test] = field(default_factory=list)
    equals: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    count: int
    slice: Callable[[int, int], list[Any]]

    def all(self) -> list[Any]:
        return self.slice(0, self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    number: int
    size: int

    def cut(self, selection: Selection) -> list[Any]:
        start = (self.number - 1) * self.size
        return selection.slice(start, min(start + self.size, selection.count))

    def block(self, count: int) -> dict[str, int]:
        return {
            "page": self.number,
            "pageSize": self.size,
            "pageCount": -(-count // self.size),
            "itemCount": count,
        }


def modified_since(call: ApiCall) -> datetime | None:
    header = call.request.headers.get("if-modified-since")
    return read_moment(header) if header else None


def asked_page(call: ApiCall) -> Page:
    """Sizes out of range are brought back into it."""
    size = _number(call.query("pageSize"), USUAL_PAGE_SIZE)
    return Page(number=max(_number(call.query("page"), 1), 1), size=min(max(size, 1), LARGEST_PAGE_SIZE))


def select(call: ApiCall, shape: ListShape, wanted: Wanted) -> Selection:
    """Raises QueryParseError for a filter or order that cannot be read."""
    table = call.books.store.table(shape.kind)
    where = call.query("where") if shape.knows_where else ""
    conditions = list(joined_parts(read_where_once(where))) if where else []
    conditions += [Comparison(path, "==", value) for path, value in wanted.equals.items()]
    order = read_order(call.query("order")) if call.query("order") else []
    since = modified_since(call) if shape.knows_changes else None
    start_at = milliseconds(since.replace(microsecond=0)) if since else None
    if wanted.identifiers is not None:
        records = _of_organisation(table, wanted.identifiers, call)
        tests = [*wanted.tests, *(matcher(condition, shape.fields) for condition in conditions)]
        if start_at is not None:
            tests.append(lambda record: milliseconds(record.updated_at) >= start_at)
        return _scanned(records, tests, order, shape)
    ids, rest = _narrowest(table, shape, conditions, call.books.organisation_id)
    tests = [*wanted.tests, *(matcher(condition, shape.fields) for condition in rest)]
    first = ids.first_since(start_at) if start_at is not None else 0
    if tests or not _is_by_change(order):
        records = [table.get(identifier) for identifier in ids.slice(first, len(ids))]
        return _scanned(records, tests, order, shape)
    return _indexed(table, ids, first, is_descending=bool(order) and order[0].is_descending)


def _indexed(table: Table[Any], ids: Any, first: int, *, is_descending: bool) -> Selection:
    total = len(ids)

    def cut(start: int, stop: int) -> list[Any]:
        if is_descending:
            found = ids.slice(max(total - stop, first), max(total - start, first))[::-1]
        else:
            found = ids.slice(first + start, first + stop)
        return [table.get(identifier) for identifier in found]

    return Selection(count=total - first, slice=cut)


def _scanned(records: list[Any], tests: list[Test], order: list[OrderTerm], shape: ListShape) -> Selection:
    found = [record for record in records if all(test(record) for test in tests)]
    for term in reversed(order):
        found.sort(key=_sort_key(term, shape), reverse=term.is_descending)
    return Selection(count=len(found), slice=lambda start, stop: found[start:stop])


def _narrowest(
    table: Table[Any], shape: ListShape, conditions: list[Condition], organisation_id: str
) -> tuple[Any, list[Condition]]:
    """The index that answers most, and the conditions it leaves over."""
    equal = {
        condition.path: condition
        for condition in conditions
        if isinstance(condition, Comparison) and condition.sign == "==" and isinstance(condition.value, str)
    }
    for index in shape.indexes:
        if all(path in equal for path in index.paths):
            used = [equal[path] for path in index.paths]
            key: list[Hashable] = [
                form(str(condition.value)) for form, condition in zip(index.paths.values(), used, strict=True)
            ]
            rest = [condition for condition in conditions if condition not in used]
            return table.ids(index.facet, organisation_id, *key), rest
    return table.ids("all", organisation_id), conditions


def _of_organisation(table: Table[Any], identifiers: list[str], call: ApiCall) -> list[Any]:
    found = (table.get(identifier.lower()) for identifier in dict.fromkeys(identifiers))
    mine = [record for record in found if record and record.organisation_id == call.books.organisation_id]
    return sorted(mine, key=lambda record: (milliseconds(record.updated_at), table.identify(record)))


def _is_by_change(order: list[OrderTerm]) -> bool:
    return not order or (len(order) == 1 and order[0].path == BY_CHANGE)


def _sort_key(term: OrderTerm, shape: ListShape) -> Callable[[Any], tuple[bool, Any]]:
    getter = shape.fields.get(term.path)
    if getter is None:
        raise QueryParseError(f"No property or field '{term.path}' exists")

    def key(record: Any) -> tuple[bool, Any]:
        value = getter(record)
        return value is not None, value

    return key


def _number(text: str, otherwise: int) -> int:
    """Nothing needs more than nine digits: whatever is longer lies as far out of range as they."""
    return int(text[:9]) if text.isascii() and text.removeprefix("-").isdigit() else otherwise
