"""Worker processes keep their connection to the database from nudge to nudge, as long as it is good."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from celery.app.trace import trace_task
from celery.fixups.django import DjangoWorkerFixup
from django.db import connection

from freightbridge.background_work.tasks import wake
from freightbridge.celery import app

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _as_in_a_worker() -> Iterator[None]:
    """Which closes connections around each task, unless it is told not to. Celery's signals forget it by themselves."""
    fixup = DjangoWorkerFixup(app).install()
    yield
    del fixup


def nudged(queue: str = "poll") -> None:
    trace_task(wake, str(uuid4()), (), {"queue": queue}, {"is_eager": False}, app=app)


def server_process() -> int:
    """Of PostgreSQL, that serves this one."""
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


def test_next_nudge_finds_the_connection_of_the_one_before() -> None:
    nudged()
    first = server_process()

    nudged()

    assert server_process() == first


def test_connection_that_broke_meanwhile_is_opened_anew() -> None:
    nudged()
    first = server_process()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    other.close()

    wake(queue="poll")

    assert server_process() != first


def test_connection_is_opened_anew_when_it_is_old() -> None:
    nudged()
    first = server_process()
    connection.close_at = 0.0

    nudged()

    assert server_process() != first


def test_nudge_that_fails_leaves_no_connection() -> None:
    connection.ensure_connection()

    with pytest.raises(ValueError, match="no such queue"):
        wake(queue="no such queue")

    assert connection.connection is None
