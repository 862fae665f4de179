"""All state of the sandbox, and the one place through which it changes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from integrations.xero_sandbox.books.table import Table
from integrations.xero_sandbox.books.tables import make_tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One record before and after; None means that it did not exist. `cause` says who did it."""

    kind: type
    record_id: str
    before: Any
    after: Any
    cause: str

    @property
    def verb(self) -> str:
        if self.before is None:
            return "created"
        return "removed" if self.after is None else "updated"


class OutsideTransactionError(RuntimeError):
    """A record was saved outside a transaction: nobody would hear of it."""


class Store:
    """Tables by record type. Changes happen in a transaction and are told to the listeners when it ends well."""

    def __init__(self) -> None:
        self._tables: dict[type, Table[Any]] = make_tables()
        self._changes: list[Change] | None = None
        self._cause = ""
        self.listeners: list[Callable[[list[Change]], None]] = []

    def table(self, kind: type) -> Table[Any]:
        return self._tables[kind]

    def tables(self) -> dict[type, Table[Any]]:
        return self._tables

    def get(self, kind: type, identifier: str) -> Any:
        return self._tables[kind].get(identifier)

    def save(self, record: Any) -> Any:
        """Create or replace a record; it is the caller who sets `updated_at`."""
        table = self._tables[type(record)]
        self._apply(type(record), table.identify(record), record)
        return record

    def remove(self, record: Any) -> None:
        self._apply(type(record), self._tables[type(record)].identify(record), None)

    @contextmanager
    def transaction(self, cause: str) -> Iterator["Transaction"]:
        """All changes or none: an exception, or `roll_back` on the yielded object, undoes them."""
        if self._changes is not None:
            raise OutsideTransactionError("Transactions do not nest.")
        self._changes, self._cause = [], cause
        try:
            yield Transaction(self)
        except BaseException:
            self._undo(0)
            self._changes = None
            raise
        done, self._changes = self._changes, None
        if done:
            for listener in self.listeners:
                listener(done)

    def mark(self) -> int:
        return len(self._require_changes())

    def undo_to(self, mark: int) -> None:
        """Undo what this transaction changed since `mark` was taken."""
        self._require_changes()
        self._undo(mark)

    @contextmanager
    def rewound(self, newest_first: list[Change]) -> Iterator[None]:
        """The books as they were before these changes, for as long as the block lasts."""
        for change in newest_first:
            self._tables[change.kind].replace(change.record_id, change.before)
        try:
            yield
        finally:
            for change in reversed(newest_first):
                self._tables[change.kind].replace(change.record_id, change.after)

    def put_back(self, kind: type, identifier: str, record: Any) -> None:
        """What a state file remembers; nobody is told."""
        self._tables[kind].replace(identifier, record)

    def empty(self) -> None:
        """Forget everything, without telling anybody."""
        self._tables = make_tables()

    def _apply(self, kind: type, identifier: str, record: Any) -> None:
        changes = self._require_changes()
        before = self._tables[kind].replace(identifier, record)
        changes.append(Change(kind=kind, record_id=identifier, before=before, after=record, cause=self._cause))

    def _undo(self, mark: int) -> None:
        changes = self._require_changes()
        while len(changes) > mark:
            change = changes.pop()
            self._tables[change.kind].replace(change.record_id, change.before)

    def _require_changes(self) -> list[Change]:
        if self._changes is None:
            raise OutsideTransactionError("Save inside `with store.transaction(cause):`.")
        return self._changes


@dataclass(frozen=True, slots=True)
class Transaction:
    store: Store

    def roll_back(self) -> None:
        self.store.undo_to(0)
