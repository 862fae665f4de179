"""R13: Xero answers 503 for two hours and comes back; in virtual time."""

from datetime import datetime, timedelta

import pytest

from integrations.lanes.call_budget import MOST_A_MINUTE
from integrations.lanes.fair_shares import Share
from integrations.lanes.lane_times import LaneTimes
from tests.campaigns.lane_simulation import OK, START, UNAVAILABLE, Installation, World, Xero, lanes

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
TIMES = LaneTimes()
OUT, BACK = START + MINUTE, START + 121 * MINUTE
WORKERS = 12
# A third of a second on average, and what a worker does beside.
SECONDS_A_CALL = 0.4


def play(organisations: int, documents: int, *, seed: int) -> Installation:
    world = World(xero=Xero(outage=(OUT, BACK)), seed=seed)
    installation = Installation(world=world, lanes=lanes(organisations))
    for lane in installation.lanes:
        installation.add(lane, Share.BULK, documents)
    for _ in range(WORKERS):
        world.start(installation.worker(), after=SECOND * world.rng.uniform(0, 5))
    return installation


def drained_by(organisations: int, documents: int) -> datetime:
    """
    The last lane may have begun its longest pause just before Xero came back; lanes come back ten a second; each
    then makes all its calls at the pace of its minutes, or the workers all of everybody's at theirs, and waits
    once for the last approval.
    """
    calls = documents * 1.04 + 3
    last_back = BACK + TIMES.longest_outage + organisations * TIMES.resume_gap
    at_lanes_pace = TIMES.minute * (calls / MOST_A_MINUTE + 1)
    at_workers_pace = SECONDS_A_CALL * SECOND * organisations * calls / WORKERS
    return last_back + max(at_lanes_pace, at_workers_pace) + TIMES.fill


def judge(installation: Installation, *, documents: int) -> None:
    xero = installation.world.xero
    assert set(xero.statuses) == {OK, UNAVAILABLE}
    assert [len(lane.done_at) for lane in installation.lanes] == [documents] * len(installation.lanes)
    assert max(max(lane.done_at.values()) for lane in installation.lanes) <= drained_by(
        len(installation.lanes), documents
    )
    assert most_in_a_second(installation.resumed_at) <= 10


def most_in_a_second(moments: list[datetime]) -> int:
    return max(
        sum(one <= other < one + SECOND for other in moments[number : number + 60])
        for number, one in enumerate(moments)
    )


def test_outage_loses_nothing_and_ends_without_a_herd() -> None:
    installation = play(30, 120, seed=3)

    installation.world.run(until=BACK + 60 * MINUTE)

    judge(installation, documents=120)
    # Ever longer pauses: a dead Xero is not hammered.
    assert installation.world.xero.statuses[UNAVAILABLE] <= 30 * (6 + 120 / 2.5)


def test_herd_is_found_where_lanes_are_not_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The judge sees what it is there to see."""
    hasty = Installation(world=World(xero=Xero(outage=(OUT, BACK)), seed=3), lanes=lanes(30))
    monkeypatch.setattr("tests.campaigns.lane_simulation.TIMES", LaneTimes(resume_gap=timedelta(milliseconds=1)))
    for lane in hasty.lanes:
        hasty.add(lane, Share.BULK, 120)
    for _ in range(WORKERS):
        hasty.world.start(hasty.worker())

    hasty.world.run(until=OUT + MINUTE)

    assert most_in_a_second(hasty.resumed_at) > 10


@pytest.mark.campaign
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(2))
def test_three_hundred_organisations_come_back_from_an_outage(seed: int) -> None:
    installation = play(300, 100, seed=seed)

    installation.world.run(until=BACK + 120 * MINUTE)

    judge(installation, documents=100)
