from typing import Any

from celery import shared_task

from freightbridge.background_work.run_due_work import run_due
from freightbridge.background_work.wake_worker import WAKE_TASK
from freightbridge.background_work.work_kinds import Queue

SECONDS = 25


@shared_task(name=WAKE_TASK)
def wake(*, queue: str, **_of_another_version: Any) -> None:
    run_due(Queue(queue), seconds=SECONDS)
