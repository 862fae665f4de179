"""How soon a document is settled whose worker was killed, at each point of the crash table.

A process of its own is killed by SIGKILL at the point; a Celery worker that was running all the while goes on. The
floor is the wait that the table prescribes there, and the figure runs from the kill to the transaction that ends the
job: done, or cancelled where a person asked for it. Waits are an eighth of production's, so what we lose beside them
counts eight times as much; the sweep, which nothing shortens, is the real one.
"""

import os
from collections.abc import Iterator

from tests.benchmarks.figures import Figure, tell
from tests.benchmarks.scratch_program import is_inside, run_inside, tell_inside

ALLOWED = 1.1
SCALE = "8"
# Companies for kills that come to nothing, since the other worker was there first.
SWEEPS, SPARE = 3, 6
# One process only, which is the least that there can be, and the slowest to notice.
WORKERS = {"delivery": (("interactive", "bulk"), 1)}


def measure() -> Iterator[Figure]:
    os.environ["DELIVERY_TIME_SCALE"] = SCALE
    for name, wait, seconds, took in run_inside("tests.benchmarks.bench_recovery", limits="off", workers=WORKERS):
        yield Figure(
            name=f"{name}: settled after the kill, {wait}", unit="s", figure=took, floor=seconds,
            target=ALLOWED * seconds,
        )  # fmt: skip


def kill_at_each_point() -> list[tuple[str, str, float, float]]:
    """Name, what is waited for, seconds of the wait, and seconds from the kill to the end."""
    from tests.benchmarks.killed_workers import (  # noqa: PLC0415 Django first
        BEFORE_THE_WAKE_UP,
        POINTS,
        KilledWorker,
        companies,
    )

    scenes = companies(len(POINTS) + SWEEPS + SPARE)
    # Each begins when the one before has ended: just after a sweep, so that the whole time to the next is waited.
    sweeps = [KilledWorker.at(BEFORE_THE_WAKE_UP, scenes).seconds() for _ in range(SWEEPS)]
    killed = [(BEFORE_THE_WAKE_UP, max(sweeps))]
    struck = [KilledWorker.at(point, scenes) for point in POINTS]
    killed += [(one.point, one.seconds()) for one in struck]
    return [(point.name, point.wait.words, point.wait.seconds, took) for point, took in killed]


if __name__ == "__main__":
    tell_inside(kill_at_each_point) if is_inside() else tell(measure())
