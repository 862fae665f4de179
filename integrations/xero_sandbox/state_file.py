"""State that survives a restart: every change as a line of JSON, played back on the next start.

One line holds one transaction, so a file whose last line was cut off by a crash loses that transaction and no more.
"""

import base64
import json
import os
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, TextIO, Union, get_args, get_origin, get_type_hints

from integrations.xero_sandbox.books.identity_records import StoredReply
from integrations.xero_sandbox.books.store import Change, Store

Json = dict[str, Any]
FORMAT = 1


class StateFileError(Exception):
    """The file holds something else than a sandbox's state."""


class StateFile:
    def __init__(self, path: Path, store: Store) -> None:
        self._path = path
        self._store = store
        self._file: TextIO | None = None

    def load(self) -> datetime | None:
        """Fills the store; returns the moment of the last change, or None where there is no state yet.

        Raises StateFileError for a file that holds something else.
        """
        if not self._path.exists() or not self._path.stat().st_size:
            return None
        kinds = {kind.__name__: kind for kind in self._store.tables()}
        last: datetime | None = None
        first, *lines = self._path.read_text().splitlines()
        _check_format(first, self._path)
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                break
            last = datetime.fromisoformat(entry["at"])
            for name, identifier, values in entry["changes"]:
                record = None if values is None else decoded(kinds[name], values)
                self._store.put_back(kinds[name], identifier, record)
        self._forget_unfinished_replies()
        return last

    def begin(self, now: datetime) -> None:
        """Writes the whole state anew, and from then on every change behind it."""
        self.close()
        temporary = self._path.with_suffix(f"{self._path.suffix}.new")
        with temporary.open("w") as file:
            file.write(json.dumps({"format": FORMAT, "what": "Xero sandbox state"}) + "\n")
            for kind, table in self._store.tables().items():
                changes = [(kind.__name__, table.identify(record), encoded(record)) for record in table]
                if changes:
                    file.write(_line(now, changes))
        temporary.replace(self._path)
        self._file = self._path.open("a")

    def note(self, changes: list[Change], now: datetime) -> None:
        if self._file is None:
            return
        told = [
            (change.kind.__name__, change.record_id, None if change.after is None else encoded(change.after))
            for change in changes
        ]
        self._file.write(_line(now, told))
        self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None

    def _forget_unfinished_replies(self) -> None:
        """A request that was running when the process ended was not carried out."""
        for reply in list(self._store.table(StoredReply)):
            if reply.status == 0:
                self._store.put_back(StoredReply, reply.reply_id, None)


def encoded(value: Any) -> Any:
    """A record, or any part of one, as JSON."""
    if is_dataclass(value):
        return {field.name: encoded(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [encoded(part) for part in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def decoded(kind: Any, value: Any) -> Any:
    """What `encoded` was made from, by the types of the record's fields."""
    return _decoder(kind)(value)


@cache
def _decoder(kind: Any) -> Callable[[Any], Any]:
    """Made once for every type, as a file holds hundreds of thousands of values."""
    origin = get_origin(kind)
    if origin in {Union, UnionType}:
        of_value = _decoder(next(each for each in get_args(kind) if each is not type(None)))
        return lambda value: None if value is None else of_value(value)
    if origin is tuple:
        return _tuple_decoder(get_args(kind))
    if isinstance(kind, type) and is_dataclass(kind):
        return _record_decoder(kind)
    if kind in {datetime, date}:
        decode: Callable[[Any], Any] = kind.fromisoformat
        return decode
    simple: dict[Any, Callable[[Any], Any]] = {bytes: base64.b64decode, Decimal: Decimal}
    return simple.get(kind, _as_it_is)


def _record_decoder(kind: type) -> Callable[[Any], Any]:
    decoders = {name: _decoder(hint) for name, hint in get_type_hints(kind).items()}
    return lambda values: kind(**{name: decoders[name](part) for name, part in values.items() if name in decoders})


def _tuple_decoder(kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(kinds) > 1 and kinds[1] is Ellipsis:
        of_part = _decoder(kinds[0])
        return lambda values: tuple(map(of_part, values))
    of_parts = [_decoder(kind) for kind in kinds]
    return lambda values: tuple(decode(part) for decode, part in zip(of_parts, values, strict=True))


def _as_it_is(value: Any) -> Any:
    return value


def _line(now: datetime, changes: list[tuple[str, str, Any]]) -> str:
    return json.dumps({"at": now.isoformat(), "changes": changes}, separators=(",", ":")) + "\n"


def _check_format(line: str, path: Path) -> None:
    """Before anything is written: a file of somebody else's is left as it is."""
    try:
        heading = json.loads(line)
    except ValueError:
        heading = None
    if not isinstance(heading, dict) or heading.get("format") != FORMAT:
        raise StateFileError(f"{path} is not the state of a Xero sandbox of this version.")
