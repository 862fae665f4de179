"""The lists that people live in, with a million shipments: one company has 200,000 of them, others 10,000 and 4,000.

The floor of each is the barest SQL that fetches the rows shown and the counts over the tabs, in the same transaction
and under the same row-level security. Each round asks for every list, our page, its queries by themselves and
the floor in turn; 95th percentiles are of all rounds, pages by themselves of the faster half.
"""

import time
from collections.abc import Iterator
from dataclasses import asdict
from statistics import quantiles
from typing import Any

from tests.benchmarks.figures import Figure, Uncounted, tell
from tests.benchmarks.list_cases import ATTENTION_PAGE
from tests.benchmarks.scratch_program import is_inside, run_inside, tell_inside
from tests.benchmarks.timing import Timing
from tests.benchmarks.undisturbed import undisturbed

DEEP, LOAD = ", deep", "the load of a million shipments"
LARGE, MIDDLE, SMALL, OTHERS = 200_000, 10_000, 4_000, (392_800,) * 2
ROUNDS = 16
QUERIES_ALLOWED, REQUEST_ALLOWED, DEEP_ALLOWED, LARGE_ALLOWED, MILLISECONDS_ALLOWED = 1.5, 6.0, 1.2, 1.25, 100.0


def measure() -> Iterator[Figure | Uncounted]:
    took = run_inside("tests.benchmarks.bench_list")
    yield Uncounted(what=LOAD, seconds=took["load"])
    yield from figures_of([Timing(**one) for one in took["timings"]])


def figures_of(timings: list[Timing]) -> Iterator[Figure]:
    for one in timings:
        name = f"{one.case}, {one.company}"
        yield Figure(name=f"{name}: queries, p95", unit="ms", figure=p95(one.queries), floor=p95(one.floor),
                     target=QUERIES_ALLOWED * p95(one.floor))  # fmt: skip
        yield Figure(name=f"{name}: request", unit="ms", figure=undisturbed(one.requests), floor=undisturbed(one.floor),
                     target=min(REQUEST_ALLOWED * undisturbed(one.floor), MILLISECONDS_ALLOWED))  # fmt: skip
    by_name = {(one.case, one.company): one for one in timings}
    for (case, company), one in by_name.items():
        if case.endswith(DEEP):
            yield _beside(one, by_name[case.removesuffix(DEEP), company], "beside the first page", DEEP_ALLOWED)
        # What waits is added up, and the large one has fifty times as much of it.
        if company == "large" and case != ATTENTION_PAGE:
            yield _beside(one, by_name[case, "small"], "beside the small one", LARGE_ALLOWED)


def _beside(one: Timing, other: Timing, name: str, allowed: float) -> Figure:
    least = undisturbed(other.requests)
    return Figure(name=f"{one.case}, {one.company}, {name}", unit="ms", figure=undisturbed(one.requests), floor=least,
                  target=allowed * least)  # fmt: skip


def p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


def ask_for_lists() -> dict[str, Any]:
    from tests.benchmarks.list_rounds import play  # noqa: PLC0415 Django first
    from tests.benchmarks.many_shipments import fill_companies  # noqa: PLC0415

    began = time.monotonic()
    sizes = {"large": LARGE, "middle": MIDDLE, "small": SMALL}
    filled = fill_companies(sizes | {f"other-{number}": size for number, size in enumerate(OTHERS)})
    load = time.monotonic() - began
    companies = {name: filled[name] for name in sizes}
    return {"load": load, "timings": [asdict(one) for one in play(companies, rounds=ROUNDS)]}


if __name__ == "__main__":
    tell_inside(ask_for_lists) if is_inside() else tell(measure())
