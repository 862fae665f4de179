"""`manage.py fault_campaign`, as scripts call it: real processes killed, real servers crashed, Xero failing."""

import json
import random
import subprocess
import sys

import pytest

from tests.architecture.source_rules import ROOT
from tests.campaigns.fault_campaign.campaign_documents import LOTS, SHIPMENT_LOTS, plan_documents, shares
from tests.campaigns.fault_campaign.chaos_plan import Blow, Harm, plan_round, round_seconds
from tests.campaigns.fault_campaign.fault_mix import API, API_FAULTS, fault_rules

KEYS = {
    "documents", "done", "rejected", "attention", "duplicates", "lost", "silent", "stuck", "mismatches",
    "missing_pdfs", "strays", "kills", "stops", "flushes", "database_crashes", "http_faults", "seconds",
}  # fmt: skip


def run(documents: int, *more: str, faults: float, seed: int) -> dict[str, float]:
    command = [sys.executable, "manage.py", "fault_campaign", "--json", *more]
    numbers = [f"--documents={documents}", f"--faults={faults}", f"--seed={seed}"]
    done = subprocess.run([*command, *numbers], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, float] = json.loads(done.stdout)
    return told


def assert_nothing_is_broken(told: dict[str, float]) -> None:
    assert set(told) == KEYS
    assert told["documents"] == told["done"] + told["rejected"] + told["attention"]
    assert {told[name] for name in ("duplicates", "lost", "silent", "stuck", "mismatches", "missing_pdfs")} == {0}
    assert min(told[name] for name in ("kills", "stops", "flushes", "database_crashes", "http_faults")) > 0


@pytest.mark.pdf
@pytest.mark.timeout(400)
def test_forty_documents_survive() -> None:
    told = run(40, faults=0.3, seed=1)

    assert_nothing_is_broken(told)
    assert 2 <= told["rejected"] + told["attention"] <= 6


@pytest.mark.pdf
@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_two_thousand_documents_survive() -> None:
    told = run(2000, faults=0.3, seed=2026)

    assert_nothing_is_broken(told)
    least = {"kills": 50, "stops": 20, "flushes": 10, "database_crashes": 3}
    assert {name for name, count in least.items() if told[name] < count} == set()


def assert_survives_a_restore(told: dict[str, float]) -> None:
    assert told.pop("restores") == 1
    assert_nothing_is_broken(told)
    assert told["strays"] == 0


@pytest.mark.pdf
@pytest.mark.campaign
@pytest.mark.timeout(600)
def test_thirty_documents_survive_a_restore() -> None:
    assert_survives_a_restore(run(30, "--restore", faults=0.3, seed=1))


@pytest.mark.pdf
@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_two_thousand_documents_survive_a_restore() -> None:
    assert_survives_a_restore(run(2000, "--restore", faults=0.3, seed=2027))


def planned(documents: int, *, seed: int) -> list[Blow]:
    return plan_round(documents, rng=random.Random(seed))  # noqa: S311 repeatable on purpose


def test_same_seed_plans_the_same() -> None:
    rounds = [planned(300, seed=7) for _ in range(2)]
    documents = [plan_documents(300, seed=7) for _ in range(2)]

    assert rounds[0] == rounds[1]
    assert documents[0] == documents[1]
    assert plan_documents(300, seed=8) != documents[0]


@pytest.mark.parametrize("count", [1, 40, 2000])
def test_round_does_every_harm_within_its_time(count: int) -> None:
    blows = planned(count, seed=1)

    assert {blow.harm for blow in blows} >= set(Harm) - {Harm.KILL_REDIS}
    assert [blow.at for blow in blows] == sorted(blow.at for blow in blows)
    assert blows[-1].at < round_seconds(count)


@pytest.mark.parametrize("count", [1, 40, 137, 2000])
def test_documents_are_as_many_as_were_asked_for(count: int) -> None:
    of_shipments, made = plan_documents(count, seed=1)

    assert sum(of_shipments.values()) + len(made) == count
    assert len({each.mark for each in made}) == len(made)


def test_shares_are_what_the_design_asks_for() -> None:
    assert sum(SHIPMENT_LOTS.values()) + sum(lot.weight for lot in LOTS) == 100
    assert shares(10, [1, 1, 1]) == [3, 4, 3]


def test_faults_befall_the_share_of_calls_that_was_asked_for() -> None:
    spared = 1.0
    for rule in fault_rules(0.3, documents=0):
        spared *= 1 - rule["probability"] if rule["path"] == API else 1

    assert spared == pytest.approx(0.7)
    assert len(fault_rules(0.3, documents=0)) > len(API_FAULTS)
    assert fault_rules(0.0, documents=2000) == []
