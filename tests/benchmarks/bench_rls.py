"""What row-level security costs each query of the lists and searches, in a tenant of 200,000 among a million shipments.

The floor is the same query on the same rows as a role that no policy binds, asked in turn with the app's role in
shuffled rounds; of all the faster half. Each query names its tenant itself too, so both read the same. Only the query
is timed, not the transaction around it. Told are the worst queries, and of each address what its queries take
together, those left out that an address before has asked.
"""

import time
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

from tests.benchmarks.bench_list import LOAD
from tests.benchmarks.figures import Figure, Uncounted, tell
from tests.benchmarks.scratch_program import is_inside, run_inside, tell_inside
from tests.benchmarks.undisturbed import undisturbed

LARGE, OTHERS = 200_000, (200_000,) * 4
SECONDS = 30
RATIO_ALLOWED, MILLISECONDS_ALLOWED = 2.0, 5.0


def measure() -> Iterator[Figure | Uncounted]:
    took = run_inside("tests.benchmarks.bench_rls")
    yield Uncounted(what=LOAD, seconds=took["load"])
    yield from figures_of(took["timings"])


def figures_of(timed: list[dict[str, Any]]) -> Iterator[Figure]:
    """First the query that costs the most, the one that row-level security makes dearer than any, and how many do."""
    queries = [
        _figure(f"{one['address']}, query {one['place']}", undisturbed(one["on"]), undisturbed(one["off"]))
        for one in timed
    ]
    dearest = max(queries, key=lambda one: one.figure)
    hindered = max(queries, key=lambda one: one.ratio)
    yield _figure(f"the dearest: {dearest.name}", dearest.figure, dearest.floor)
    yield _figure(f"the most hindered: {hindered.name}", hindered.figure, hindered.floor)
    on, off = (
        sum(milliseconds > MILLISECONDS_ALLOWED for milliseconds in some)
        for some in ([one.figure for one in queries], [one.floor for one in queries])
    )
    yield Figure(name=f"over {MILLISECONDS_ALLOWED:.0f} ms", unit=f"of {len(queries)} queries", figure=on, floor=off,
                 target=0)  # fmt: skip
    for address, some in groupby(zip(timed, queries, strict=True), key=lambda pair: pair[0]["address"]):
        figures = [query for _, query in some]
        with_it, without = sum(one.figure for one in figures), sum(one.floor for one in figures)
        yield Figure(name=address, unit="ms", figure=with_it, floor=without, target=RATIO_ALLOWED * without)


def _figure(name: str, on: float, off: float) -> Figure:
    return Figure(name=name, unit="ms", figure=on, floor=off, target=min(RATIO_ALLOWED * off, MILLISECONDS_ALLOWED))


def ask_with_and_without() -> dict[str, Any]:
    from tests.benchmarks.many_shipments import fill_companies  # noqa: PLC0415 Django first
    from tests.benchmarks.rls_rounds import play  # noqa: PLC0415

    began = time.monotonic()
    others = {f"other-{number}": size for number, size in enumerate(OTHERS)}
    filled = fill_companies({"large": LARGE} | others)
    load = time.monotonic() - began
    return {"load": load, "timings": [asdict(one) for one in play(filled["large"], seconds=SECONDS)]}


if __name__ == "__main__":
    tell_inside(ask_with_and_without) if is_inside() else tell(measure())
