"""What workers know how to do. Apps register their kinds when they are ready; nothing here imports them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Queue(StrEnum):
    """A pool of workers each: a person's click never waits behind a month's bulk, nor behind PDFs."""

    INTERACTIVE = "interactive"
    BULK = "bulk"
    RENDER = "render"
    POLL = "poll"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """
    One claim of a work item. It is called outside any scope and opens the tenant's itself.

    `cursor`: where the last claim stopped, 0 at the beginning.
    """

    tenant_id: int
    subject_id: int
    cursor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """There is more to do, from `at` on, beginning at `cursor`."""

    at: datetime
    cursor: int = 0


# What long work does at a stretch; it then stops at a place from which it can go on.
STRETCH_SECONDS = 20.0
# None: nothing is left to do.
Do = Callable[[Work], Again | None]
GiveUp = Callable[[Work, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkKind:
    """`give_up` tells the people concerned, in the row they look at, that we could not do it."""

    name: str
    queue: Queue
    do: Do
    give_up: GiveUp


KINDS: dict[str, WorkKind] = {}
# Work that has rows of its own to claim, such as the lanes: called with the moment to stop at, in monotonic
# seconds; answers whether it found anything to do.
Run = Callable[[float], bool]
RUNS: dict[Queue, list[Run]] = {queue: [] for queue in Queue}
# When such work has something to do next, so that nobody need look before, nor much later; None: it has nothing to do.
# Asked in the scope of the directory. Where work has none, looking is the only way to know.
DueAt = Callable[[], datetime | None]
DUE: dict[Queue, list[DueAt]] = {queue: [] for queue in Queue}


class UnknownWorkKindError(Exception):
    """A work item names a kind that no installed app has registered."""


def register_kind(kind: WorkKind) -> None:
    KINDS[kind.name] = kind


def register_run(queue: Queue, run: Run, *, due_at: DueAt | None = None) -> None:
    if run not in RUNS[queue]:
        RUNS[queue].append(run)
        DUE[queue] += [due_at] if due_at else []


def work_kind(name: str) -> WorkKind:
    try:
        return KINDS[name]
    except KeyError as error:
        raise UnknownWorkKindError(f"No app does work of the kind {name!r}.") from error
