"""Lists of the API: pages by where the last row stood, with the address of the next one."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet

from freightbridge.rest.endpoints import Answer, Call
from freightbridge.rest.json_shapes import FieldError, ListOf, Member, Record, Text, Whole
from freightbridge.rest.problem_details import invalid_input
from freightbridge.ui.keyset import PAGE_SIZE, Order, keyset_page

Row = TypeVar("Row", bound=Model)
MOST_ROWS = 200
PAGING = {
    "after": Member(shape=Text(longest=300), about="Where the page before ended, as “next” has it.", default=""),
    "size": Member(shape=Whole(1, MOST_ROWS), about=f"Rows on a page, {MOST_ROWS} at most.", default=PAGE_SIZE),
}


def list_of(record: Record) -> Record:
    """What a list is answered as."""
    members = {
        "items": Member(shape=ListOf(record, MOST_ROWS), is_required=True),
        "next": Member(shape=Text(longest=2000), about="The address of the next page; null on the last one."),
    }
    return Record(f"{record.name} list", members)


def list_page(
    call: Call,
    rows: QuerySet[Row],
    *,
    order: Order,
    path: str,
    shown: Callable[[Sequence[Row]], Sequence[dict[str, Any]]],
) -> Answer:
    """`path`: of the list, below the root. Raises RefusedCallError for an `after` that is none of ours."""
    after = str(call.query["after"])
    page = keyset_page(rows, order=order, after=after, size=int(call.query["size"]))
    if after and page.rows and not page.preceding:
        raise invalid_input([FieldError("?after", "No page of this list ended there.")])
    kept = {name: _text(value) for name, value in call.query.items() if value not in (None, "") and name != "after"}
    query = "&".join(filter(None, [page.following, urlencode(kept)]))
    return Answer(body={"items": list(shown(page.rows)), "next": f"{path}?{query}" if page.following else None})


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
