"""Work is done once by one worker, again when it is asked for again, and given up only after five starts."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from freightbridge.background_work.enqueue_work import enqueue_work, has_work
from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.run_due_work import run_due, run_one
from freightbridge.background_work.work_kinds import (
    KINDS,
    RUNS,
    Again,
    Queue,
    UnknownWorkKindError,
    Work,
    WorkKind,
    register_kind,
    register_run,
    work_kind,
)
from freightbridge.background_work.work_times import WorkTimes
from freightbridge.clock import read_clock
from freightbridge.observability.correlation import correlated, correlation_id
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import TenantScopeError, current_tenant_id, tenant_scope

pytestmark = pytest.mark.django_db(transaction=True)
KIND = "test work"


class Worker:
    """What is done, and what was given up."""

    def __init__(self) -> None:
        self.done: list[Work] = []
        self.gave_up: list[tuple[Work, str]] = []
        self.answer: Callable[[Work], Again | None] = lambda _work: None

    def do(self, work: Work) -> Again | None:
        self.done.append(work)
        return self.answer(work)

    def give_up(self, work: Work, reason: str) -> None:
        self.gave_up.append((work, reason))


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker()
    register_kind(WorkKind(name=KIND, queue=Queue.POLL, do=made.do, give_up=made.give_up))
    yield made
    del KINDS[KIND]


def ask(tenant: Tenant, *subjects: int, **changes: object) -> None:
    with tenant_scope(tenant):
        enqueue_work(KIND, subjects or [7], now=read_clock())
        if changes:
            WorkItem.objects.update(**changes)


def items(tenant: Tenant) -> list[WorkItem]:
    with tenant_scope(tenant):
        return list(WorkItem.objects.order_by("id"))


def due_again(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        WorkItem.objects.update(next_at=read_clock(), lease_until=None)


def run_in_thread(_number: int = 0) -> bool:
    try:
        return run_one(Queue.POLL)
    finally:
        connection.close()


def test_work_is_done_and_gone(tenant: Tenant, worker: Worker) -> None:
    ask(tenant, 7)

    assert run_one(Queue.POLL)
    assert not run_one(Queue.POLL)

    assert worker.done == [Work(tenant_id=tenant.pk, subject_id=7)]
    assert items(tenant) == []


def test_queue_is_a_queue_of_its_own(tenant: Tenant, worker: Worker) -> None:
    ask(tenant)

    assert not run_one(Queue.RENDER)
    assert worker.done == []


def test_oldest_is_done_first(tenant: Tenant, worker: Worker) -> None:
    ask(tenant, 1, 2, 3)
    with tenant_scope(tenant):
        WorkItem.objects.filter(subject_id=3).update(next_at=read_clock() - timedelta(hours=1))

    while run_one(Queue.POLL):
        pass

    assert [work.subject_id for work in worker.done] == [3, 1, 2]


@pytest.mark.parametrize(
    ("changes", "is_done"),
    [
        ({"next_at": timedelta(seconds=30)}, False),
        ({"lease_until": timedelta(seconds=30)}, False),
        ({"lease_until": timedelta(seconds=-1)}, True),
        ({"gave_up_at": timedelta(seconds=-1)}, False),
    ],
)
def test_only_what_is_due_free_and_not_given_up_is_done(
    tenant: Tenant, worker: Worker, changes: dict[str, timedelta], is_done: bool
) -> None:
    now = read_clock()
    ask(tenant, **{name: now + value for name, value in changes.items()})

    assert run_one(Queue.POLL) == is_done


def test_work_runs_outside_any_scope_and_transaction_with_the_askers_id(tenant: Tenant, worker: Worker) -> None:
    seen: list[object] = []

    def look(_work: Work) -> None:
        with pytest.raises(TenantScopeError):
            current_tenant_id()
        seen.extend([connection.in_atomic_block, correlation_id()])

    worker.answer = look
    with correlated("FB-FROM-THE-CLICK"):
        ask(tenant)

    run_one(Queue.POLL)

    assert seen == [False, "FB-FROM-THE-CLICK"]


def test_eight_workers_do_each_thing_once(tenant: Tenant, other_tenant: Tenant, worker: Worker) -> None:
    ask(tenant, *range(10))
    ask(other_tenant, *range(10))

    def work(_number: int) -> None:
        try:
            while run_one(Queue.POLL):
                pass
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    while run_one(Queue.POLL):
        pass

    done = [(work.tenant_id, work.subject_id) for work in worker.done]
    assert sorted(done) == sorted((one.pk, subject) for one in (tenant, other_tenant) for subject in range(10))


def test_claim_is_counted_before_the_work_begins(tenant: Tenant, worker: Worker) -> None:
    seen: list[WorkItem] = []
    worker.answer = lambda _work: seen.extend(items(tenant))
    ask(tenant)

    run_one(Queue.POLL)

    (claimed,) = seen
    assert (claimed.started_count, claimed.fence) == (1, 1)
    assert claimed.lease_until is not None
    assert timedelta(seconds=170) < claimed.lease_until - read_clock() <= WorkTimes().lease


def test_work_asked_for_again_while_it_is_done_is_done_once_more(tenant: Tenant, worker: Worker) -> None:
    def ask_once(_work: Work) -> None:
        if len(worker.done) == 1:
            ask(tenant)

    worker.answer = ask_once
    ask(tenant)

    while run_one(Queue.POLL):
        pass

    assert len(worker.done) == 2
    assert items(tenant) == []


def test_work_asked_for_again_before_it_is_done_is_done_once(tenant: Tenant, worker: Worker) -> None:
    for _ in range(3):
        ask(tenant)

    while run_one(Queue.POLL):
        pass

    assert len(worker.done) == 1


def test_long_work_goes_on_at_its_cursor(tenant: Tenant, worker: Worker) -> None:
    worker.answer = lambda work: Again(at=read_clock(), cursor=work.cursor + 100) if work.cursor < 200 else None
    ask(tenant)

    while run_one(Queue.POLL):
        pass

    assert [work.cursor for work in worker.done] == [0, 100, 200]


def test_long_work_that_is_asked_for_anew_begins_at_the_beginning(tenant: Tenant, worker: Worker) -> None:
    def answer(work: Work) -> Again:
        if len(worker.done) == 1:
            ask(tenant)
        return Again(at=read_clock() + timedelta(hours=1), cursor=work.cursor + 100)

    worker.answer = answer
    ask(tenant)

    assert run_one(Queue.POLL)
    assert run_one(Queue.POLL)
    assert not run_one(Queue.POLL)
    assert [work.cursor for work in worker.done] == [0, 0]


def test_going_on_is_no_failure(tenant: Tenant, worker: Worker) -> None:
    worker.answer = lambda work: Again(at=read_clock(), cursor=work.cursor + 1) if work.cursor < 20 else None
    ask(tenant)

    while run_one(Queue.POLL):
        pass

    assert (len(worker.done), worker.gave_up) == (21, [])


def test_failed_work_waits_longer_each_time(tenant: Tenant, worker: Worker) -> None:
    def fail(_work: Work) -> None:
        raise ValueError("no bread today")

    worker.answer = fail
    ask(tenant)
    waits = []

    for _ in range(5):
        run_one(Queue.POLL)
        (item,) = items(tenant)
        waits.append(round((item.next_at - read_clock()).total_seconds()))
        due_again(tenant)

    assert waits == [5, 10, 20, 40, 80]
    assert (item.last_error, item.lease_until) == ("ValueError: no bread today", None)


def test_lost_connection_is_no_fault_of_the_work(tenant: Tenant, worker: Worker) -> None:
    def lose_connection(_work: Work) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    worker.answer = lose_connection
    ask(tenant)
    for _ in range(6):
        due_again(tenant)
        run_one(Queue.POLL)

    assert len(worker.done) == 6
    assert worker.gave_up == []
    assert [item.started_count for item in items(tenant)] == [0]


def test_work_is_given_up_after_five_starts_and_somebody_is_told(tenant: Tenant, worker: Worker) -> None:
    def fail(_work: Work) -> None:
        raise ValueError("no bread today")

    worker.answer = fail
    ask(tenant)
    for _ in range(6):
        run_one(Queue.POLL)
        due_again(tenant)

    (item,) = items(tenant)
    assert len(worker.done) == 5
    assert worker.gave_up == [(Work(tenant_id=tenant.pk, subject_id=7), "ValueError: no bread today")]
    assert item.gave_up_at is not None
    assert not run_one(Queue.POLL)


def test_work_that_kills_its_worker_is_given_up_too(tenant: Tenant, worker: Worker) -> None:
    """It never comes to its end, so nothing is written down but that it was begun."""
    ask(tenant, started_count=5)

    run_one(Queue.POLL)

    assert worker.done == []
    assert [reason for _, reason in worker.gave_up] == ["it was begun several times and never came to an end"]


def test_work_given_up_is_begun_anew_when_it_is_asked_for(tenant: Tenant, worker: Worker) -> None:
    ask(tenant, gave_up_at=read_clock(), started_count=6, cursor=500)

    ask(tenant)
    run_one(Queue.POLL)

    assert worker.done == [Work(tenant_id=tenant.pk, subject_id=7)]


def test_work_asked_for_while_it_is_being_given_up_is_not_lost(tenant: Tenant, worker: Worker) -> None:
    class Asking(Worker):
        def give_up(self, work: Work, reason: str) -> None:
            ask(tenant)

    asking = Asking()
    register_kind(WorkKind(name=KIND, queue=Queue.POLL, do=asking.do, give_up=asking.give_up))
    ask(tenant, started_count=5)

    run_one(Queue.POLL)

    assert run_one(Queue.POLL)
    assert len(asking.done) == 1


def test_work_of_a_kind_that_nobody_knows_holds_up_no_other(tenant: Tenant, worker: Worker) -> None:
    """Such as one that a newer version has left, while the older one still runs: it waits for the newer one."""
    ask(tenant, *range(12))
    with tenant_scope(tenant):
        unknown = WorkItem.objects.exclude(subject_id=2)
        unknown.update(kind="of another version", next_at=read_clock() - timedelta(days=1))

    while run_one(Queue.POLL):
        pass

    assert [work.subject_id for work in worker.done] == [2]
    assert {(item.started_count, item.gave_up_at) for item in items(tenant)} == {(0, None)}


def test_work_is_given_up_even_if_telling_of_it_fails(tenant: Tenant, worker: Worker) -> None:
    class Failing(Worker):
        def give_up(self, work: Work, reason: str) -> None:
            raise ValueError("no voice")

    failing = Failing()
    register_kind(WorkKind(name=KIND, queue=Queue.POLL, do=failing.do, give_up=failing.give_up))
    ask(tenant, started_count=5)

    assert run_one(Queue.POLL)

    (item,) = items(tenant)
    assert (item.gave_up_at is not None, item.lease_until) == (True, None)


def test_worker_that_lost_its_lease_changes_nothing(tenant: Tenant, worker: Worker) -> None:
    """Another one has begun the same work meanwhile, and is still at it."""

    def slow(_work: Work) -> None:
        with tenant_scope(tenant):
            WorkItem.objects.update(fence=99, lease_until=read_clock() + WorkTimes().lease)

    worker.answer = slow
    ask(tenant)

    run_one(Queue.POLL)

    (item,) = items(tenant)
    assert (item.fence, item.lease_until is not None) == (99, True)


def test_running_ends_when_nothing_is_due_or_the_time_is_up(tenant: Tenant, worker: Worker) -> None:
    ask(tenant, 1, 2, 3)

    assert run_due(Queue.POLL, seconds=0) == 0
    assert run_due(Queue.POLL, seconds=30) == 3


def test_work_with_rows_of_its_own_is_run_too(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    left = [True, True, False]
    monkeypatch.setitem(RUNS, Queue.POLL, [])
    register_run(Queue.POLL, run := lambda _stop_at: left.pop(0))
    register_run(Queue.POLL, run)

    assert run_due(Queue.POLL, seconds=30) == 2
    assert left == []


def test_work_is_known_while_it_waits_or_is_done(tenant: Tenant, worker: Worker) -> None:
    ask(tenant)
    with tenant_scope(tenant):
        waiting = has_work(KIND, 7), has_work(KIND, 8)
        WorkItem.objects.update(gave_up_at=read_clock())
        given_up = has_work(KIND, 7)

    assert (waiting, given_up) == ((True, False), False)


def test_kind_that_nobody_registered_cannot_be_asked_for(tenant: Tenant) -> None:
    with tenant_scope(tenant), pytest.raises(UnknownWorkKindError, match="'dancing'"):
        enqueue_work("dancing", [1], now=read_clock())
    with pytest.raises(UnknownWorkKindError):
        work_kind("dancing")
