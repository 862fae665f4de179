"""Who still uses the local servers: every process that does holds a shared lock, and the last one out stops them."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


def _open_lock(path: Path) -> TextIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("a")


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until no other process is in here: starting and stopping happen one at a time."""
    with _open_lock(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Use:
    """One process's use of the servers; the kernel ends it with the process, however that dies."""

    def __init__(self, path: Path) -> None:
        self._file = _open_lock(path)
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def is_last(self) -> bool:
        """True when no other process uses the servers; the lock is then this process's alone."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def end(self) -> None:
        self._file.close()
