"""Sends stopped documents on, each to the organisation that it was queued for."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings

from integrations.models import SyncJob
from integrations.outbox.requeue_job import requeue_jobs


def requeue_documents(jobs: Collection[SyncJob], *, now: datetime, sends_filed: bool = False) -> int:
    """With their connections. `sends_filed`: also what was exported by file. Returns how many go on."""
    return sum(
        requeue_jobs(
            [job.pk for job in jobs if job.connection == connection],
            connection=connection,
            link_base=settings.PUBLIC_BASE_URL,
            now=now,
            sends_filed=sends_filed,
        )
        for connection in {job.connection for job in jobs}
    )
