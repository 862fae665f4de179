"""What processes have used of the processor: read from /proc, so only where Linux runs them."""

from collections.abc import Iterable
from pathlib import Path

# Of the fields of /proc/<pid>/stat behind the name in brackets.
PARENT = 1
NANOSECONDS = 1e9


def with_descendants(pids: Iterable[int]) -> set[int]:
    parents = {pid: int(fields[PARENT]) for pid in _all_pids() if (fields := _fields(pid))}
    found = set(pids)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def seconds_of(pids: Iterable[int]) -> dict[int, float]:
    """
    Used by all threads of each since it began, to the nanosecond: counted in ticks, an idle one uses none or one. Those
    that have ended meanwhile are left out.
    """
    threads = {pid: list(Path(f"/proc/{pid}/task").glob("*/schedstat")) for pid in pids}
    return {pid: sum(map(_seconds_of_thread, paths)) for pid, paths in threads.items() if paths}


def used_between(before: dict[int, float], after: dict[int, float]) -> float:
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def _all_pids() -> Iterable[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _seconds_of_thread(path: Path) -> float:
    try:
        return int(path.read_text().split()[0]) / NANOSECONDS
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def _fields(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
