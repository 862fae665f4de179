"""
R1: a hundred thousand documents under faults, crashes, pauses, clock jumps, restores and people, in virtual time.

A failing seed is replayed by `python -m tests.campaigns.test_delivery_simulation SEED`.
"""

import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

import pytest

from tests.campaigns.delivery_invariants import violations
from tests.campaigns.simulated_lane import SimulatedLane

LANES, DOCUMENTS = 500, 200


def run_lane(seed: int) -> tuple[int, dict[str, int], dict[str, int]]:
    lane = SimulatedLane(seed, documents=DOCUMENTS)
    lane.run()
    return seed, dict(violations(lane)), {**lane.xero.faults, "calls": lane.calls, **_states(lane)}


def _states(lane: SimulatedLane) -> Counter[str]:
    return Counter(f"job {job.snapshot.state}" for job in lane.jobs)


@pytest.mark.timeout(900)
def test_no_invariant_breaks_in_a_hundred_thousand_documents() -> None:
    told: Counter[str] = Counter()
    broken: dict[int, dict[str, int]] = {}
    with ProcessPoolExecutor(max_workers=2) as pool:
        for seed, found, counts in pool.map(run_lane, range(LANES), chunksize=10):
            told.update(counts)
            if found:
                broken[seed] = found

    writes = sum(count for name, count in told.items() if name in FAULT_NAMES)
    assert broken == {}
    assert sum(count for name, count in told.items() if name.startswith("job ")) == LANES * DOCUMENTS
    assert told["job done"] > 0.9 * LANES * DOCUMENTS
    assert (writes - told["none"]) / writes >= 0.3


FAULT_NAMES = {
    "none", "not sent", "reset", "busy", "503", "500 saved", "500 kept", "late", "lost", "half", "html", "shuffled",
}  # fmt: skip

if __name__ == "__main__":
    sys.stdout.write(f"{run_lane(int(sys.argv[1]))}\n")
