"""What was measured of one list of one company."""

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Timing:
    """Milliseconds, round by round: of our request, of its queries on freight, of the floor's."""

    case: str
    company: str
    requests: list[float] = field(default_factory=list)
    queries: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
