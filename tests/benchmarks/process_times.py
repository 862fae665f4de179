"""What processes have used of the processor: read from /proc, so only where Linux runs them."""

import os
from collections.abc import Iterable
from pathlib import Path

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
# Fields of /proc/<pid>/stat behind the name in brackets: the parent; user and system time.
PARENT, USER, SYSTEM = 1, 11, 12


def with_descendants(pids: Iterable[int]) -> set[int]:
    parents = {pid: int(fields[PARENT]) for pid in _all_pids() if (fields := _fields(pid))}
    found = set(pids)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def seconds_of(pids: Iterable[int]) -> dict[int, float]:
    """Used since each began; those that have ended meanwhile are left out."""
    return {pid: (int(fields[USER]) + int(fields[SYSTEM])) / TICKS_A_SECOND for pid in pids if (fields := _fields(pid))}


def used_between(before: dict[int, float], after: dict[int, float]) -> float:
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def _all_pids() -> Iterable[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _fields(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
