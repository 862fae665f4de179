"""Ids in the order of their records' last change: pages and "changed since" without a scan."""

from bisect import bisect_left, insort
from collections.abc import Iterator


class OrderedIds:
    """(milliseconds, id) pairs, kept sorted. New changes come last, so an insert is nearly always an append."""

    __slots__ = ("_pairs",)

    def __init__(self) -> None:
        self._pairs: list[tuple[int, str]] = []

    def __len__(self) -> int:
        return len(self._pairs)

    def __iter__(self) -> Iterator[str]:
        return (identifier for _, identifier in self._pairs)

    def add(self, pair: tuple[int, str]) -> None:
        if not self._pairs or self._pairs[-1] < pair:
            self._pairs.append(pair)
        else:
            insort(self._pairs, pair)

    def discard(self, pair: tuple[int, str]) -> None:
        place = bisect_left(self._pairs, pair)
        if place < len(self._pairs) and self._pairs[place] == pair:
            del self._pairs[place]

    def first_since(self, milliseconds: int) -> int:
        """The place of the first pair that changed at this moment or later."""
        return bisect_left(self._pairs, (milliseconds, ""))

    def slice(self, start: int, stop: int) -> list[str]:
        return [identifier for _, identifier in self._pairs[start:stop]]
