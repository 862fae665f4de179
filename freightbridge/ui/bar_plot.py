"""Bars that are drawn on the server: numbers in, lengths for SVG attributes out. Every plot has its table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

# The height of the tallest column, and the length of the longest bar, in the drawing's own units.
FULL = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """`colour`: one of the theme's, as in `.plot-azure`."""

    label: str
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A rectangle. `title` is read where it is pointed at."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    title: str


def stacked_columns(labels: Sequence[str], values: Sequence[Sequence[int]], series: Sequence[Series]) -> list[Block]:
    """One column a label, ten units wide, the first series at the bottom. `values`: of each series, of each label."""
    tallest = max((sum(column) for column in zip(*values, strict=True)), default=0)
    blocks = []
    for place, label in enumerate(labels):
        top = FULL
        for one, counts in zip(series, values, strict=True):
            height = FULL * counts[place] / tallest if tallest else 0.0
            top -= height
            if height:
                title = f"{label}: {counts[place]} {one.label.lower()}"
                blocks.append(
                    Block(
                        x=place * 10 + 1, y=round(top, 2), width=8, height=round(height, 2), colour=one.colour,
                        title=title,
                    )
                )  # fmt: skip
    return blocks


def bar_lengths(amounts: Sequence[Decimal]) -> list[float]:
    """Of bars side by side, the longest one full; what is below zero has none."""
    longest = max(amounts, default=Decimal(0))
    return [round(FULL * float(max(amount, Decimal(0)) / longest), 2) if longest > 0 else 0.0 for amount in amounts]
