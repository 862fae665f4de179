from typing import Any

from celery import shared_task
from django.db import close_old_connections, connections

from freightbridge.background_work.run_due_work import run_due
from freightbridge.background_work.wake_worker import WAKE_TASK
from freightbridge.background_work.work_kinds import Queue

SECONDS = 25


@shared_task(name=WAKE_TASK)
def wake(*, queue: str, **_of_another_version: Any) -> None:
    """
    Its connection stays for the next one, as settings.CELERY_DB_REUSE_MAX has it: to open one costs as much as to find
    what is due. One that broke meanwhile, or has grown old, is opened anew; what failed leaves none behind.
    """
    close_old_connections()
    try:
        run_due(Queue(queue), seconds=SECONDS)
    except BaseException:
        connections.close_all()
        raise
