"""Records of one kind, found by id or by facet."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import datetime
from typing import Any, Generic, TypeVar

from integrations.xero_sandbox.books.ordered_ids import OrderedIds
from integrations.xero_sandbox.wire.wire_dates import milliseconds

R = TypeVar("R")
Facet = tuple[Hashable, ...]
NO_IDS = OrderedIds()


class Table(Generic[R]):
    """A facet is any key under which records are looked up or listed: ("number", organisation, "INV-1").

    Every list is ordered by last change, then id: Xero's default order.
    """

    def __init__(self, *, key: str, facets: Callable[[R], Iterable[Facet]]) -> None:
        self._key = key
        self._facets_of = facets
        self._records: dict[str, R] = {}
        self._facets: dict[Facet, OrderedIds] = {}
        self.version = 0

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[R]:
        return iter(self._records.values())

    def identify(self, record: R) -> str:
        return str(getattr(record, self._key))

    def get(self, identifier: str) -> R | None:
        return self._records.get(identifier)

    def ids(self, *facet: Hashable) -> OrderedIds:
        return self._facets.get(facet, NO_IDS)

    def all(self, *facet: Hashable) -> list[R]:
        return [self._records[identifier] for identifier in self.ids(*facet)]

    def first(self, *facet: Hashable) -> R | None:
        for identifier in self.ids(*facet):
            return self._records[identifier]
        return None

    def replace(self, identifier: str, record: R | None) -> R | None:
        """Put a record in, or take it out (None); returns what stood there. Only the store calls this."""
        old = self._records.pop(identifier, None)
        if old is not None:
            self._unlist(identifier, old)
        if record is not None:
            self._records[identifier] = record
            pair = (_stamp(record), identifier)
            for facet in self._facets_of(record):
                self._facets.setdefault(facet, OrderedIds()).add(pair)
        self.version += 1
        return old

    def _unlist(self, identifier: str, record: R) -> None:
        pair = (_stamp(record), identifier)
        for facet in self._facets_of(record):
            ids = self._facets[facet]
            ids.discard(pair)
            if not ids:
                del self._facets[facet]


def _stamp(record: Any) -> int:
    moment: datetime | None = getattr(record, "updated_at", None)
    return 0 if moment is None else milliseconds(moment)
