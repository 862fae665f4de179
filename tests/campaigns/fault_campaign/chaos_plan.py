"""What is done to the processes and servers, and when: the same seed gives the same plan. Pure."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Harm(StrEnum):
    KILL_CHILD = "kill a worker's child"
    KILL_WORKER = "kill a worker"
    KILL_WEB = "kill a child of the web server"
    STOP = "stop a worker's child for a while"
    FLUSH = "empty Redis"
    KILL_REDIS = "kill Redis"
    CRASH_DATABASE = "crash the database"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blow:
    """`at` and `lasts` in seconds, the first since the round began; `chance` from 0 to 1 picks the victim."""

    at: float
    harm: Harm
    chance: float
    lasts: float


# How many documents there are for one of each, and how many there are at least.
RATES: Mapping[Harm, tuple[int, int]] = {
    Harm.KILL_CHILD: (60, 2),
    Harm.KILL_WORKER: (200, 1),
    Harm.KILL_WEB: (500, 1),
    Harm.STOP: (60, 2),
    Harm.FLUSH: (150, 1),
    Harm.KILL_REDIS: (700, 0),
    Harm.CRASH_DATABASE: (500, 1),
}
LASTS: Mapping[Harm, tuple[float, float]] = {
    Harm.STOP: (0.3, 3.0),
    Harm.KILL_WORKER: (0.0, 1.0),
    Harm.KILL_REDIS: (0.2, 1.5),
    Harm.CRASH_DATABASE: (0.1, 1.0),
}
# The least that a round lasts, and what it lasts for each document.
ROUND_SECONDS, ROUND_SECONDS_EACH = 10.0, 0.08


def round_seconds(documents: int) -> float:
    return max(ROUND_SECONDS, ROUND_SECONDS_EACH * documents)


def plan_round(documents: int, *, rng: random.Random) -> list[Blow]:
    """In the order in which they fall. Each kind falls once in every equal part of the round, so none in heaps."""
    seconds = round_seconds(documents)
    blows = []
    for harm, (every, least) in RATES.items():
        count = max(least, documents // every)
        for part in range(count):
            at = seconds * (part + rng.random()) / count
            blows.append(Blow(at=at, harm=harm, chance=rng.random(), lasts=rng.uniform(*LASTS.get(harm, (0, 0)))))
    return sorted(blows, key=lambda blow: blow.at)
