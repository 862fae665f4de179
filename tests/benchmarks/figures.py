"""What a benchmark tells: each figure beside its floor and its target.

A benchmark is a module `bench_<name>.py` of this folder with `measure() -> Iterator[Figure | Uncounted]`, ending in
`if __name__ == "__main__": tell(measure())`. `manage.py bench <name>` runs it as a process of its own.
"""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`floor` is what the barest program would need for the same on this machine, measured in the same run.

    `target` is the least that is wanted where more is better, and otherwise the most that is allowed.
    """

    name: str
    unit: str
    figure: float
    floor: float
    target: float
    is_more_better: bool = False

    @property
    def ratio(self) -> float:
        """How many times the floor it costs; 1 is as good as can be."""
        return self.floor / self.figure if self.is_more_better else self.figure / self.floor

    @property
    def is_reached(self) -> bool:
        return self.figure >= self.target if self.is_more_better else self.figure <= self.target

    def as_json(self) -> Json:
        shown = {name: round(value, 3) if isinstance(value, float) else value for name, value in asdict(self).items()}
        return shown | {"ratio": round(self.ratio, 2), "is_reached": self.is_reached}


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncounted:
    """Seconds that a benchmark cannot spare: for rows that must be there first, or on a real clock."""

    what: str
    seconds: float

    def as_json(self) -> Json:
        return {"uncounted": self.what, "seconds": round(self.seconds, 1)}


def tell(told: Iterable[Figure | Uncounted]) -> None:
    """One line of JSON for each, as soon as it is known."""
    for one in told:
        sys.stdout.write(json.dumps(one.as_json()) + "\n")
        sys.stdout.flush()
