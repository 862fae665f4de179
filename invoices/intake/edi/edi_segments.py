"""Segments of EDIFACT and X12, which remember what was read of them, so that the rest can be named. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from invoices.intake.edi.freight_message import Note
from invoices.intake.source_table import UnreadableFileError

MOST_SEGMENTS = 500_000
MOST_MESSAGES = 20_000
# In characters; the longest free texts have a few thousand.
LONGEST_SEGMENT = 50_000


@dataclass(slots=True)
class Segment:
    """`position`: 1 for the first one of the file. Elements and components count from 1, as the standards do."""

    position: int
    tag: str
    elements: tuple[tuple[str, ...], ...]
    seen: set[tuple[int, int]] = field(default_factory=set)

    @property
    def place(self) -> str:
        return f"{self.tag}, segment {self.position}"

    def text(self, element: int, component: int = 1) -> str:
        """Without the spaces around it; empty where the segment has no such component. It counts as read."""
        self.seen.add((element, component))
        if element > len(self.elements) or component > len(self.elements[element - 1]):
            return ""
        return self.elements[element - 1][component - 1].strip()

    def pass_over(self, count: int) -> None:
        """Its first elements say nothing that anybody would miss: they count as read."""
        self.seen.add((1, 1))
        for at, element in enumerate(self.elements[:count], 1):
            self.seen.update((at, part) for part in range(1, len(element) + 1))

    def unread(self) -> list[str]:
        """Elements with something in them that nobody read, as “3” or “3.2”; “” where nothing was read at all."""
        if not self.seen:
            return [""]
        return [
            f"{at}.{part}" if len(element) > 1 else f"{at}"
            for at, element in enumerate(self.elements, 1)
            for part, text in enumerate(element, 1)
            if text.strip() and (at, part) not in self.seen
        ]


def check_segment(raw: str, position: int) -> None:
    """Before it is taken apart. Raises UnreadableFileError."""
    if position > MOST_SEGMENTS:
        raise UnreadableFileError(f"The file has more than {MOST_SEGMENTS:,} segments. Split it into several.")
    if len(raw) > LONGEST_SEGMENT:
        raise UnreadableFileError(
            f"Segment {position} has more than {LONGEST_SEGMENT:,} characters. Is a terminator missing?"
        )


def name_unread(segments: Iterable[Segment]) -> tuple[Note, ...]:
    """At most one note: nothing of a message is dropped without being named."""
    places: dict[tuple[str, str], list[int]] = {}
    for segment in segments:
        for element in segment.unread():
            places.setdefault((segment.tag, element), []).append(segment.position)
    if not places:
        return ()
    together: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for (tag, element), found in places.items():
        together.setdefault((tag, tuple(found)), []).append(element)
    named = [f"{_named(tag, elements)} ({_where(found)})" for (tag, found), elements in together.items()]
    positions = tuple(sorted({position for found in places.values() for position in found}))
    return (Note(text=f"Not used: {'; '.join(named)}.", segments=positions),)


def _named(tag: str, elements: Sequence[str]) -> str:
    shown = tag or "a segment without a name"
    if elements == [""]:
        return shown
    return f"{'element' if len(elements) == 1 else 'elements'} {', '.join(elements)} of {shown}"


def _where(positions: Sequence[int]) -> str:
    shown = [f"{first}" if first == last else f"{first}–{last}" for first, last in _runs(positions)]
    return f"{'segment' if len(positions) == 1 else 'segments'} {', '.join(shown)}"


def _runs(positions: Sequence[int]) -> Iterator[tuple[int, int]]:
    for _, run in groupby(enumerate(positions), key=lambda pair: pair[1] - pair[0]):
        members = [position for _, position in run]
        yield members[0], members[-1]
