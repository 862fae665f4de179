"""A nudge goes over the broker after the commit; without a broker the work is left all the same."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from redis import Redis

from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.tasks import wake as wake_task
from freightbridge.background_work.wake_worker import WAKE_TASK, lost, wake
from freightbridge.background_work.work_kinds import Queue
from freightbridge.celery import app
from freightbridge.clock import read_clock
from freightbridge.local_servers.places import free_port
from freightbridge.local_servers.valkey_server import ValkeyServer
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from tests.rolled_back import roll_back

pytestmark = pytest.mark.django_db(transaction=True)
PREFIX = f"fbtest:{uuid4().hex}:"


@contextmanager
def celery_with(**configuration: Any) -> Iterator[None]:
    """Celery forgets its connections before and after."""
    usual = {name: app.conf[name] for name in configuration}
    _use(configuration)
    try:
        yield
    finally:
        _use(usual)


def _use(configuration: dict[str, Any]) -> None:
    app.conf.update(configuration)
    app._pool = app.amqp._producer_pool = None


@pytest.fixture
def broker() -> Iterator[Redis]:
    """Under a prefix of its own: other test processes nudge over the same server."""
    client = Redis.from_url(settings.REDIS_URL)
    options = {**app.conf.broker_transport_options, "global_keyprefix": PREFIX}
    with celery_with(broker_transport_options=options):
        yield client
    client.delete(*(f"{PREFIX}{queue.value}" for queue in Queue))
    client.close()


def nudges(broker: Redis, queue: Queue) -> list[Any]:
    return [json.loads(message) for message in broker.lrange(f"{PREFIX}{queue.value}", 0, -1)]  # type: ignore[union-attr]


def test_nudge_names_a_queue_and_no_company(tenant: Tenant, broker: Redis) -> None:
    with tenant_scope(tenant):
        enqueue_work("check payments", [1], now=read_clock())
        before_commit = nudges(broker, Queue.POLL)

    (nudge,) = nudges(broker, Queue.POLL)
    assert before_commit == []
    assert nudge["headers"]["task"] == WAKE_TASK
    assert nudge["headers"]["kwargsrepr"] == "{'queue': 'poll'}"


def test_work_that_is_rolled_back_nudges_nobody(tenant: Tenant, broker: Redis) -> None:
    roll_back(tenant, lambda: enqueue_work("check payments", [1], now=read_clock()))

    assert nudges(broker, Queue.POLL) == []


def test_click_succeeds_without_a_broker(tenant: Tenant) -> None:
    before = lost.labels(queue="poll")._value.get()

    with celery_with(broker_url=f"redis://127.0.0.1:{free_port()}/0"), tenant_scope(tenant):
        enqueue_work("check payments", [1], now=read_clock())

    with tenant_scope(tenant):
        assert WorkItem.objects.count() == 1
    assert lost.labels(queue="poll")._value.get() == before + 1


def test_nudge_may_come_twice_or_for_nothing(tenant: Tenant) -> None:
    wake_task(queue="poll")
    wake_task(queue="poll", from_a_newer_version="yes")


def test_nudge_goes_to_the_queue_it_names(broker: Redis) -> None:
    wake(Queue.RENDER)

    assert [len(nudges(broker, queue)) for queue in Queue] == [0, 0, 1, 0]


def test_click_succeeds_with_a_broker_that_has_no_room(tenant: Tenant) -> None:
    """A Redis that may evict nothing refuses to write."""
    before = lost.labels(queue="poll")._value.get()

    with own_valkey() as server, celery_with(broker_url=server.url), tenant_scope(tenant):
        client = Redis.from_url(server.url)
        client.config_set("maxmemory", "1")
        client.close()
        enqueue_work("check payments", [1], now=read_clock())

    with tenant_scope(tenant):
        assert WorkItem.objects.count() == 1
    assert lost.labels(queue="poll")._value.get() == before + 1


@contextmanager
def own_valkey() -> Iterator[ValkeyServer]:
    with TemporaryDirectory(dir="/var/tmp") as home:
        server = ValkeyServer(home=Path(home), port=free_port(), password="a-password")
        server.start()
        try:
            yield server
        finally:
            server.stop()
