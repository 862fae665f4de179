"""Every worker looks for work itself: a nudge that was lost costs seconds."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.background_work import sweeper
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import DUE, RUNS, Queue
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope

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


@pytest.mark.parametrize(
    ("due_in", "expected"),
    [(None, 5.0), (60, 5.0), (2, 2.0), (0.05, sweeper.LEAST_SECONDS), (-30, sweeper.LEAST_SECONDS)],
)
def test_sweeper_comes_when_something_is_due_and_not_much_later(
    tenant: Tenant, monkeypatch: Any, due_in: float | None, expected: float
) -> None:
    moment = None if due_in is None else read_clock() + timedelta(seconds=due_in)
    for queue in Queue:
        monkeypatch.setitem(DUE, queue, [lambda: moment])

    assert sweeper.seconds_to_wait([Queue.RENDER, Queue.POLL]) == pytest.approx(expected, abs=0.2)


def test_sweeper_comes_for_work_that_is_due_soon(tenant: Tenant, monkeypatch: Any) -> None:
    for queue in Queue:
        monkeypatch.setitem(DUE, queue, [])
    due_at = read_clock() + timedelta(seconds=3)
    with tenant_scope(tenant):
        for kind in ("render pdf", "check payments"):
            enqueue_work(kind, [1], now=read_clock(), at=due_at)

    assert_comes_at(due_at)
    # Nobody hurries for a poll.
    assert [sweeper.seconds_to_wait([queue]) for queue in (Queue.INTERACTIVE, Queue.POLL)] == [5.0, 5.0]


def test_sweeper_comes_when_the_lease_of_a_dead_worker_is_over(tenant: Tenant, monkeypatch: Any) -> None:
    monkeypatch.setitem(DUE, Queue.RENDER, [])
    with tenant_scope(tenant):
        now = read_clock()
        enqueue_work("render pdf", [1], now=now)
        WorkItem.objects.update(lease_until=now + timedelta(seconds=3))

    assert_comes_at(now + timedelta(seconds=3))


def assert_comes_at(moment: datetime) -> None:
    """To the time that reading the clock takes, however busy the machine is."""
    most = (moment - read_clock()).total_seconds()
    waits = sweeper.seconds_to_wait([Queue.RENDER])
    least = (moment - read_clock()).total_seconds()

    assert least <= waits <= most


@pytest.mark.parametrize(("due_in", "is_swept"), [(None, False), (60, False), (-1, True)])
def test_look_at_nothing_is_one_question(
    tenant: Tenant, monkeypatch: Any, due_in: float | None, is_swept: bool
) -> None:
    swept: list[list[Queue]] = []
    monkeypatch.setattr(sweeper, "sweep", swept.append)
    if due_in is not None:
        with tenant_scope(tenant):
            now = read_clock()
            enqueue_work("render pdf", [1], now=now, at=now + timedelta(seconds=due_in))

    with CaptureQueriesContext(connection) as queries:
        waits = sweeper.look([Queue.RENDER])

    asked = [query["sql"] for query in queries if "workitem" in query["sql"]]
    assert (len(asked), bool(swept)) == (2 if is_swept else 1, is_swept)
    assert waits == (sweeper.LEAST_SECONDS if is_swept else sweeper.EVERY_SECONDS)


def test_work_that_does_not_foretell_itself_is_looked_for_each_time(tenant: Tenant, monkeypatch: Any) -> None:
    asked: list[float] = []
    monkeypatch.setitem(RUNS, Queue.RENDER, [lambda stop_at: bool(asked.append(stop_at))])

    for _ in range(2):
        sweeper.look([Queue.RENDER])

    assert len(asked) == 2


def test_no_sweep_is_later_than_promised(tenant: Tenant, stopping: threading.Event, monkeypatch: Any) -> None:
    """Processes are spread over time by coming sooner."""
    waited: list[float] = []

    def wait(seconds: float) -> bool:
        waited.append(seconds)
        return len(waited) > 50

    monkeypatch.setattr(stopping, "wait", wait)
    monkeypatch.setattr(sweeper, "look", lambda _queues: 5.0)

    sweeper.sweep_for_ever([Queue.RENDER])

    assert 4.0 <= min(waited[1:]) < max(waited[1:]) <= 5.0
