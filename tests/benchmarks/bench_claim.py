"""Jobs that two workers claim from the outbox, beside the no-op tasks that two Celery processes take from Redis.

Claimed is a job when a worker holds its lane and has committed that the job is begun, by the code that begins every
call to Xero. Fifty go with a call, and each lane here has just as many, so that each fifty cost a lane too. The second
figure also reads the rows with all that is to be sent, which Celery's empty tasks do not have.
"""

from collections.abc import Callable, Iterator

from tests.benchmarks.figures import Figure, tell
from tests.benchmarks.scratch_program import is_inside, run_inside, tell_inside

WORKERS, LANES, TASKS, ROUNDS = 2, 100, 1000, 7
WANTED = 10.0


def measure() -> Iterator[Figure]:
    rates = run_inside("tests.benchmarks.bench_claim")
    for name, words, wanted in (("claimed", "claimed", WANTED), ("read", "claimed, and their rows read", 1.0)):
        yield Figure(
            name=f"jobs {words}, two workers", unit="a second", figure=rates[name], floor=rates["celery"],
            target=wanted * rates["celery"], is_more_better=True,
        )  # fmt: skip


def claim_and_consume() -> dict[str, float]:
    """By turns, medians."""
    from random import Random  # noqa: PLC0415 Django first
    from statistics import median  # noqa: PLC0415

    from django.conf import settings  # noqa: PLC0415

    from tests.benchmarks.celery_rounds import celery_worker  # noqa: PLC0415
    from tests.benchmarks.claim_rounds import ClaimRounds  # noqa: PLC0415

    claims = ClaimRounds.of(lanes=LANES)
    with celery_worker(settings.REDIS_URL, children=WORKERS) as celery:
        runs: dict[str, Callable[[], float]] = {
            "claimed": lambda: claims.jobs_a_second(WORKERS, reads_rows=False),
            "read": lambda: claims.jobs_a_second(WORKERS, reads_rows=True),
            "celery": lambda: celery.tasks_a_second(TASKS),
        }
        told: dict[str, list[float]] = {name: [] for name in runs}
        for number in range(ROUNDS):
            for name in Random(number).sample(sorted(runs), len(runs)):  # noqa: S311 an order, no secret
                told[name].append(runs[name]())
    return {name: median(rates) for name, rates in told.items()}


if __name__ == "__main__":
    tell_inside(claim_and_consume) if is_inside() else tell(measure())
