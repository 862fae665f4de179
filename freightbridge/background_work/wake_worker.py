"""Nudges a worker. A nudge may be lost, doubled or late: the sweeper finds what is due all the same."""

import structlog
from django.db import transaction
from kombu.exceptions import OperationalError
from prometheus_client import Counter

from freightbridge.background_work.work_kinds import Queue
from freightbridge.celery import app

WAKE_TASK = "freightbridge.wake"
lost = Counter("wakeup_lost_total", "Nudges that did not reach the broker", ["queue"])
log = structlog.get_logger(__name__)


def wake_after_commit(queue: Queue, *, tenant_id: int) -> None:
    """`tenant_id` is for the log; the message itself carries no tenant and no id."""
    transaction.on_commit(lambda: wake(queue, tenant_id=tenant_id), robust=True)


def wake(queue: Queue, *, tenant_id: int | None = None) -> None:
    try:
        app.send_task(WAKE_TASK, kwargs={"queue": queue.value}, queue=queue.value, ignore_result=True)
    except OperationalError as error:
        lost.labels(queue=queue.value).inc()
        log.warning("wake-up lost", queue=queue.value, for_tenant=tenant_id, reason=str(error))
