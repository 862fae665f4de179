"""
Counts a start before the work, in a transaction of its own: so it is counted too where the worker dies of it.

A job that was begun again and again and never got anywhere is poison, and is given up before it is begun once more.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import F

from integrations.models import SyncJob
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.choose_group import Group
from integrations.outbox.due_jobs import load_workable
from integrations.outbox.job_events import NotBuilt

COUNT_START = "UPDATE integrations_syncjob SET started_count = started_count + 1 WHERE id = ANY(%s)"


def count_starts(group: Group) -> None:
    """As SQL: written anew for fifty ids each time, it took longer than it ran."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_START, [list(group.job_ids)])


def take_back_starts(jobs: Iterable[SyncJob]) -> None:
    """Of those with which nothing was done, since others go first or Xero wants a rest."""
    untouched = list(jobs)
    for job in untouched:
        job.started_count -= 1
    if untouched:
        SyncJob.objects.filter(pk__in=[job.pk for job in untouched]).update(started_count=F("started_count") - 1)


def put_off(group: Group, *, now: datetime) -> None:
    happen([Happened(job, NotBuilt()) for job in load_workable(group)], now=now)
