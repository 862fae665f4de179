"""A Celery worker that has nothing to do, and says nothing of it: the bare rate of the queue itself."""

import os

from celery import Celery

app = Celery("noop_tasks", broker=os.environ["REDIS_URL"])
app.conf.update(
    task_ignore_result=True,
    task_default_queue="noop",
    worker_send_task_events=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"global_keyprefix": os.environ["NOOP_PREFIX"]},
)


@app.task
def noop() -> None:
    """Nothing."""
