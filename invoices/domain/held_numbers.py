"""
Which numbers of a series are held already, and where it can begin without meeting one. Pure.

A number is its prefix and figures. `0123` and `123` are two numbers with one value: a series meets only the one that
it would write itself, but a person reads both as the hundred and twenty-third.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

# No series of ours comes so far; behind longer figures stands something else, such as a date with a time.
MOST_FIGURES = 12
# Numbers so close before a held one are not given any more: a batch takes hundreds at once.
REACH = 10_000
# Of more runs nobody gains anything: their gaps count as held too.
MOST_RUNS = 1_000


@dataclass(frozen=True, slots=True, order=True)
class HeldRun:
    """The values from `first` to `last`, all of them held, written with so many `figures`."""

    figures: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Start:
    """A series' next number, and with how many figures it is written at the least."""

    number: int
    figures: int

    def text(self, prefix: str) -> str:
        return f"{prefix}{str(self.number).zfill(self.figures)}"


def runs_of(numbers: Iterable[str], *, prefix: str) -> list[HeldRun]:
    """Numbers of another shape are left out. Whether Xero tells `inv-1` from `INV-1` is unconfirmed, so we do not."""
    start = prefix.casefold()
    behind = {number[len(prefix) :] for number in numbers if number.casefold().startswith(start)}
    values = sorted((len(text), int(text)) for text in behind if is_figures(text))
    runs: list[HeldRun] = []
    for figures, value in values:
        if runs and runs[-1].figures == figures and runs[-1].last == value - 1:
            runs[-1] = HeldRun(figures, runs[-1].first, value)
        else:
            runs.append(HeldRun(figures, value, value))
    return runs if len(runs) <= MOST_RUNS else list(_without_gaps(runs))


def is_figures(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_FIGURES


def first_met(runs: Iterable[HeldRun], start: Start, *, within: int = REACH) -> int | None:
    """The first held value that a series beginning at `start` would come to, if it is near."""
    met = (value for run in runs if (value := _met(run, start)) is not None)
    nearest = min(met, default=None)
    return nearest if nearest is not None and nearest < start.number + within else None


def highest(runs: Iterable[HeldRun]) -> Start | None:
    """As it stands there."""
    top = max(runs, key=lambda run: run.last, default=None)
    return Start(top.last, top.figures) if top is not None else None


def to_json(runs: Iterable[HeldRun]) -> list[list[int]]:
    return [[run.figures, run.first, run.last] for run in runs]


def from_json(held: Sequence[Sequence[int]]) -> list[HeldRun]:
    return [HeldRun(*run) for run in held]


def _met(run: HeldRun, start: Start) -> int | None:
    """Written with more figures than the series asks for, a value is met only where it needs them all."""
    if run.figures < start.figures:
        return None
    needs_all = 10 ** (run.figures - 1) if run.figures > start.figures else 0
    value = max(run.first, needs_all, start.number)
    return value if value <= run.last else None


def _without_gaps(runs: Iterable[HeldRun]) -> Iterator[HeldRun]:
    by_figures: dict[int, HeldRun] = {}
    for run in runs:
        known = by_figures.get(run.figures, run)
        by_figures[run.figures] = HeldRun(run.figures, known.first, run.last)
    yield from by_figures.values()
