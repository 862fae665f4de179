"""The calls of a day that ask Xero for payments, with 100 and with 10,000 invoices open: counted, not reckoned.

A whole day of a virtual clock, on both sides of the wire; everything that falls due is really done, over HTTP, and the
sandbox's journal is counted. On both companies a fifteenth of what is open is paid in the day. The target is for the
question what changed about invoices, every quarter of an hour; what else is asked stands beside it.
"""

from collections.abc import Iterator
from typing import Any

from tests.benchmarks.figures import Figure, tell
from tests.benchmarks.scratch_program import is_inside, run_inside, tell_inside

FEW, MANY = 100, 10_000
# Of Xero's larger plans; a quarter of an hour has so many beginnings in a day.
CALLS_A_DAY, QUARTERS = 5000, 96
SHARE_ALLOWED, GROWTH_ALLOWED = 0.02, 1.1
# `call_budget.py` leaves so much of a day to reading.
READING_ALLOWED = 0.7


def measure() -> Iterator[Figure]:
    few, many = run_inside("tests.benchmarks.bench_poll")
    for opened, counted in ((FEW, few), (MANY, many)):
        yield Figure(
            name=f"polls for changed invoices, {opened} open", unit="calls a day", figure=counted["invoices"],
            floor=QUARTERS, target=SHARE_ALLOWED * CALLS_A_DAY,
        )  # fmt: skip
    yield Figure(
        name=f"the same with {MANY} open beside {FEW}", unit="calls a day", figure=many["invoices"],
        floor=few["invoices"], target=GROWTH_ALLOWED * few["invoices"],
    )  # fmt: skip
    for opened, counted in ((FEW, few), (MANY, many)):
        yield from besides(counted, opened)


def besides(counted: dict[str, Any], opened: int) -> Iterator[Figure]:
    """Everything else: what no target speaks of, beside what reading may use of a day altogether."""
    whole = sum(counted.values())
    for name, words in OTHERS.items():
        yield Figure(
            name=f"{words}, {opened} open", unit="calls a day", figure=counted.get(name, 0), floor=QUARTERS,
            target=READING_ALLOWED * CALLS_A_DAY,
        )  # fmt: skip
    yield Figure(
        name=f"all of these together, {opened} open", unit="calls a day", figure=whole, floor=QUARTERS,
        target=READING_ALLOWED * CALLS_A_DAY,
    )  # fmt: skip


OTHERS = {
    "credit notes": "besides: polls for changed credit notes",
    "details": "besides: payments of invoices that had been paid, by their ids",
    "sweep": "besides: the daily look at all that is open, by its ids",
    "others": "besides: reference data",
}


def count_a_day() -> list[dict[str, int]]:
    from tests.benchmarks.polled_day import polled_day  # noqa: PLC0415 Django first

    return polled_day([FEW, MANY])


if __name__ == "__main__":
    tell_inside(count_a_day) if is_inside() else tell(measure())
