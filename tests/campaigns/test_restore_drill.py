"""What the restore in the fault campaign is made of: a backup that returns, and the memory of what it forgot."""

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.campaigns.fault_campaign.campaign_facts import SentCalls, SentCreate, hasty
from tests.campaigns.fault_campaign.campaign_processes import CampaignProcesses
from tests.campaigns.fault_campaign.campaign_servers import BackupFailedError, CampaignServers, campaign_servers
from tests.campaigns.fault_campaign.chaos import Chaos
from tests.own_postgres import ask

T0 = datetime(2026, 2, 1, 12, tzinfo=UTC)
QUIET = timedelta(seconds=8)
WORKER = "worker"


@pytest.fixture(scope="module")
def servers() -> Iterator[CampaignServers]:
    with tempfile.TemporaryDirectory() as folder, campaign_servers(Path(folder)) as started:
        yield started


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[CampaignProcesses]:
    with CampaignProcesses({}, tmp_path) as started:
        started.begin(WORKER, "http.server", "--bind", "127.0.0.1", "0")
        yield started


def test_backup_returns_with_what_stood_when_it_was_taken(servers: CampaignServers) -> None:
    url = servers.environment["DATABASE_OWNER_URL"]
    ask(url, "CREATE TABLE kept AS SELECT 1 AS number")
    servers.take_backup()
    ask(url, "INSERT INTO kept VALUES (2)")

    servers.restore_backup()

    assert ask(url, "SELECT number FROM kept") == [(1,)]


def test_backup_of_a_server_that_is_down_fails_and_may_be_tried_again(servers: CampaignServers) -> None:
    servers.crash_database()

    with pytest.raises(BackupFailedError, match="refused"):
        servers.take_backup()

    servers.start_database()
    servers.take_backup()
    servers.restore_backup()


def test_processes_that_were_stopped_stay_down_until_they_are_revived(processes: CampaignProcesses) -> None:
    processes.stop([WORKER])
    stopped = processes.is_running(WORKER)

    processes.revive()

    assert (stopped, processes.is_running(WORKER)) == (False, True)


def test_nothing_is_broken_while_chaos_is_held(servers: CampaignServers, processes: CampaignProcesses) -> None:
    chaos = Chaos(processes, servers, workers=[WORKER], web=WORKER, documents=5000, seed=1)
    chaos.start()

    with chaos.held():
        was_running, before = processes.is_running(WORKER), chaos.counts.total()
        processes.stop([WORKER])
        time.sleep(1.5)
        counted, is_up_again = chaos.counts.total() - before, processes.is_running(WORKER)
    goes_on = chaos.is_alive()
    chaos.heal()

    assert (was_running, counted, is_up_again, goes_on) == (True, 0, False, True)
    assert processes.is_running(WORKER)


def sent(key: str, *, at: float, verdict: str = "") -> SentCreate:
    return SentCreate("IDENTITY1", "INV-1", key, T0 + timedelta(seconds=at), verdict)


def known(*creates: SentCreate) -> SentCalls:
    return SentCalls(creates={(one.identity, one.key, one.at): one for one in creates})


@pytest.mark.parametrize(
    ("creates", "broken"),
    [
        ([sent("1", at=0), sent("2", at=9)], 0),
        ([sent("1", at=0), sent("2", at=7)], 1),
        # What was sent with the second key is forgotten by the backup, and sent with the third.
        ([sent("3", at=12), sent("1", at=0), sent("2", at=9)], 1),
        ([sent("1", at=0, verdict="refused"), sent("2", at=1)], 0),
        ([sent("1", at=0), sent("1", at=1)], 0),
    ],
)
def test_key_that_follows_too_soon_is_found_whichever_life_it_is_of(creates: list[SentCreate], broken: int) -> None:
    assert len(list(hasty(known(*creates), quiet=QUIET))) == broken
