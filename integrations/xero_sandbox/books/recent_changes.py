"""The changes of the last minutes, so that a read can be shown the books as they were a moment ago."""

from collections import deque
from datetime import datetime, timedelta

from integrations.xero_sandbox.books.store import Change

KEPT_FOR = timedelta(minutes=10)


class RecentChanges:
    def __init__(self) -> None:
        self._changes: deque[tuple[datetime, Change]] = deque()

    def note(self, changes: list[Change], now: datetime) -> None:
        self._changes.extend((now, change) for change in changes)
        while self._changes and self._changes[0][0] < now - KEPT_FOR:
            self._changes.popleft()

    def since(self, moment: datetime) -> list[Change]:
        """Newest first, as they must be undone."""
        return [change for at, change in reversed(self._changes) if at > moment]

    def forget(self) -> None:
        self._changes.clear()
