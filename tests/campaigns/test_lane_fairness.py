"""R9: hundreds of organisations, one with nine tenths of the work, under the sandbox's own limits in virtual time."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import pytest

from integrations.lanes.fair_shares import Share
from integrations.xero_sandbox.accounting_api.throttling import CORE, Limits
from tests.campaigns.lane_simulation import (
    OK,
    START,
    TOO_MANY,
    Installation,
    Lane,
    Moves,
    World,
    Xero,
    lanes,
    percentile,
)

CLICK_WORKERS = 2
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@dataclass(slots=True)
class Campaign:
    world: World
    installation: Installation
    clicks: list[tuple[Lane, int]]

    @property
    def first_waits(self) -> list[float]:
        """Of the small companies: from the send to the first call for the first document."""
        small = self.installation.lanes[1:]
        return [(min(lane.begun_at.values()) - START).total_seconds() for lane in small if lane.begun_at]

    @property
    def click_waits(self) -> list[float]:
        """From the click to its first call; one that was never served waited for ever."""
        never = START + timedelta(days=400)
        return [(lane.begun_at.get(job, never) - lane.queued_at[job]).total_seconds() for lane, job in self.clicks]


def play(
    *,
    organisations: int,
    documents: int,
    bulk_workers: int,
    click_workers: int = 2,
    limits: Limits = CORE,
    seed: int = 1,
) -> Campaign:
    """All sent at once, nine tenths by one; clicks come meanwhile, most of them in the busiest lane."""
    xero = Xero(limits=limits)
    world = World(xero=xero, seed=seed)
    installation = Installation(world=world, lanes=lanes(organisations))
    big, *small = installation.lanes
    share_of_each = documents // 10 // len(small)
    installation.add(big, Share.BULK, documents - share_of_each * len(small))
    for lane in small:
        installation.add(lane, Share.BULK, share_of_each)
    campaign = Campaign(world, installation, [])
    for _ in range(bulk_workers):
        world.start(installation.worker(), after=SECOND * world.rng.uniform(0, 2))
    for _ in range(CLICK_WORKERS):
        world.start(installation.worker(clicks_only=True), after=SECOND * world.rng.uniform(0, 2))
    world.start(_people(campaign, big, small), after=5 * SECOND)
    return campaign


def _people(campaign: Campaign, big: Lane, small: list[Lane]) -> Moves:
    """About two clicks a minute in the busiest lane, and as many in the others together."""
    world = campaign.world
    for _ in range(200):
        for lane in (big, world.rng.choice(small)):
            (job,) = campaign.installation.add(lane, Share.INTERACTIVE, 1)
            campaign.clicks.append((lane, job))
        yield SECOND * world.rng.uniform(10, 50)


def judge(campaign: Campaign) -> None:
    xero = campaign.world.xero
    assert Counter(xero.statuses).keys() == {OK}
    assert xero.most_in_flight <= 5
    assert percentile(campaign.first_waits, 0.95) < 30
    assert len(campaign.clicks) > 40
    assert percentile(campaign.click_waits, 0.95) < 3


def test_small_companies_and_clicks_do_not_wait_for_a_large_one() -> None:
    campaign = play(organisations=60, documents=6000, bulk_workers=5)

    campaign.world.run(until=START + 15 * MINUTE)

    judge(campaign)
    assert all(len(lane.done_at) >= 10 for lane in campaign.installation.lanes)
    assert sum(len(lane.done_at) for lane in campaign.installation.lanes[1:]) >= 590
    assert len(campaign.installation.lanes[0].done_at) >= 700


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize(("installations", "refused"), [(1, 0), (2, 0), (3, 2)])
def test_installations_that_meet_in_xeros_headers_alone_share_the_minute(
    installations: int, refused: int, workers: int
) -> None:
    """
    None knows of the other; together they use 95 in a hundred of what Xero allows. Of two none is ever refused; of
    three one may be now and then, and waits.
    """
    world = World(xero=Xero(limits=Limits(day=10**6)), seed=installations)
    mine = [Installation(world=world, lanes=lanes(1)) for _ in range(installations)]
    for number, one in enumerate(mine):
        one.add(one.lanes[0], Share.BULK, 3000)
        for _ in range(workers):
            world.start(one.worker(), after=SECOND * world.rng.uniform(0, 20) * number)

    world.run(until=START + 20 * MINUTE)

    assert world.xero.statuses[TOO_MANY] <= refused
    assert world.xero.statuses[OK] / 20 >= 57
    assert min(len(one.lanes[0].begun_at) for one in mine) >= 20 * 57 / installations / 4


def test_people_of_another_installation_are_seldom_met() -> None:
    """They may use all of a minute at once, which shows here only with the next answer; a 429 is waited out."""
    world = World(xero=Xero(limits=Limits(day=10**6)), seed=4)
    ours, theirs = (Installation(world=world, lanes=lanes(1)) for _ in range(2))
    ours.add(ours.lanes[0], Share.BULK, 3000)
    world.start(ours.worker())
    world.start(theirs.worker(clicks_only=True))

    def people() -> Moves:
        while True:
            theirs.add(theirs.lanes[0], Share.INTERACTIVE, 2)
            yield SECOND * world.rng.uniform(5, 40)

    world.start(people())
    world.run(until=START + 30 * MINUTE)

    assert world.xero.statuses[TOO_MANY] <= 3
    assert world.xero.statuses[OK] / 30 >= 55


@pytest.mark.campaign
@pytest.mark.timeout(1800)
def test_three_hundred_companies_and_a_hundred_thousand_documents() -> None:
    """To the end: the large one needs nineteen of its days."""
    campaign = play(organisations=300, documents=100_000, bulk_workers=24)

    campaign.world.run(until=START + timedelta(days=40), is_over=lambda: _is_done(campaign))

    judge(campaign)
    assert _is_done(campaign)


@pytest.mark.campaign
@pytest.mark.timeout(1800)
def test_limit_of_the_app_is_kept_by_all_together() -> None:
    """The lanes might make eighteen thousand calls a minute, and the workers as many."""
    installation = Installation(world=World(xero=Xero(), seed=1), lanes=lanes(300))
    for lane in installation.lanes:
        installation.add(lane, Share.BULK, 300)
    for _ in range(90):
        installation.world.start(installation.worker())

    installation.world.run(until=START + 5 * MINUTE)

    assert Counter(installation.world.xero.statuses).keys() == {OK}
    assert installation.world.xero.statuses[OK] > 5 * 8500


def _is_done(campaign: Campaign) -> bool:
    return all(not any(jobs.count for jobs in lane.jobs.values()) for lane in campaign.installation.lanes)
