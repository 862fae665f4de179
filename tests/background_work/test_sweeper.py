"""Every worker looks for work itself: a nudge that was lost costs seconds."""

import threading
from typing import Any

import pytest

from freightbridge.background_work import sweeper
from freightbridge.background_work.work_kinds import RUNS, Queue
from freightbridge.tenancy.models import Tenant

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stopping(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    event = threading.Event()
    monkeypatch.setattr(sweeper, "stopping", event)
    monkeypatch.setattr(sweeper, "EVERY_SECONDS", 0.01)
    return event


def test_sweeper_sweeps_until_it_is_stopped(tenant: Tenant, stopping: threading.Event, monkeypatch: Any) -> None:
    swept: list[float] = []

    def run(_stop_at: float) -> bool:
        swept.append(_stop_at)
        if len(swept) == 3:
            stopping.set()
        return False

    monkeypatch.setitem(RUNS, Queue.RENDER, [run])

    sweeper.sweep_for_ever([Queue.RENDER])

    assert len(swept) == 3


def test_failure_is_logged_and_forgotten(
    tenant: Tenant, stopping: threading.Event, monkeypatch: Any, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[int] = []

    def run(_stop_at: float) -> bool:
        tried.append(1)
        if len(tried) == 2:
            stopping.set()
        raise ValueError("the database is gone")

    monkeypatch.setitem(RUNS, Queue.RENDER, [run])

    sweeper.sweep_for_ever([Queue.RENDER])

    assert len(tried) == 2
    assert sum("sweep failed" in record.getMessage() for record in caplog.records) == 2


def test_sweep_serves_each_of_the_workers_queues(tenant: Tenant, monkeypatch: Any) -> None:
    swept: list[str] = []
    for queue in Queue:
        monkeypatch.setitem(RUNS, queue, [lambda _stop_at, name=queue.value: swept.append(name)])

    sweeper.sweep([Queue.INTERACTIVE, Queue.BULK])

    assert swept == ["interactive", "bulk"]
