"""Does what is due: claims a work item, does it outside any transaction, writes down how it went."""

import time
from datetime import datetime

import structlog
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Q, QuerySet

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import DUE, KINDS, RUNS, Again, Queue, Work, work_kind
from freightbridge.background_work.work_times import WorkTimes
from freightbridge.clock import read_clock
from freightbridge.current_times import current_times
from freightbridge.observability.correlation import correlated
from freightbridge.tenancy.scope import directory_scope, tenant_scope

CANDIDATES = 8
MOST_STARTS = 5
# Null does not count: an item that nobody holds is due at its own moment. As SQL, since every process asks it every few
# seconds, whatever there is to do: built anew each time, it took longer than it ran.
FIRST_DUE = """
    SELECT min(greatest(next_at, lease_until)) FROM background_work_workitem
    WHERE queue = %(queue)s AND gave_up_at IS NULL AND kind = ANY(%(kinds)s)
"""
CLAIM = """
    UPDATE background_work_workitem
    SET fence = fence + 1, lease_until = clock_timestamp() + %(lease)s, started_count = started_count + 1
    WHERE id = %(id)s AND tenant_id = %(tenant)s AND fence = %(fence)s
    RETURNING *
"""
# Where nothing failed, the worker died of it, or with it, each time.
NEVER_ENDED = "it was begun several times and never came to an end"
log = structlog.get_logger(__name__)


def run_due(queue: Queue, *, seconds: float) -> int:
    """Until nothing is due or the time is up. Returns how many things it did."""
    stop_at = time.monotonic() + seconds
    done = 0
    while time.monotonic() < stop_at:
        worked = [run(stop_at) for run in (*RUNS[queue], lambda _stop_at: run_one(queue))]
        if not any(worked):
            break
        done += sum(worked)
    return done


def run_one(queue: Queue) -> bool:
    """Claims and does one due item. False: nothing was due, or others had it."""
    for candidate in _due(queue):
        claimed = _claim(candidate)
        if claimed is not None:
            _do(claimed)
            return True
    return False


def next_due_at(queue: Queue) -> datetime | None:
    """
    When there is something to do, as far as is known; None: nothing is waiting. What somebody is at counts from the
    end of his lease: should he be dead, nobody else will tell.
    """
    with directory_scope(), connection.cursor() as cursor:
        cursor.execute(FIRST_DUE, {"queue": queue, "kinds": list(KINDS)})
        moments = [*cursor.fetchone(), *(due_at() for due_at in DUE[queue])]
    return min((moment for moment in moments if moment is not None), default=None)


def is_foretold(queue: Queue) -> bool:
    """Whether `next_due_at` knows of all that `run_due` would find there."""
    return len(DUE[queue]) == len(RUNS[queue])


def _due(queue: Queue) -> list[WorkItem]:
    with directory_scope():
        now = read_clock()
        is_free = Q(lease_until=None) | Q(lease_until__lte=now)
        due = _open(queue).filter(is_free, next_at__lte=now)
        return list(due.order_by("next_at", "id")[:CANDIDATES])


def _open(queue: Queue) -> QuerySet[WorkItem]:
    """Kinds that only a newer version of us knows are left to it."""
    return WorkItem.directory.filter(queue=queue, gave_up_at=None, kind__in=list(KINDS))


def _claim(item: WorkItem) -> WorkItem | None:
    """Compare and set: of two workers that saw the item, the one whose update counts has it."""
    seen = {"id": item.pk, "tenant": item.tenant_id, "fence": item.fence}
    with tenant_scope(item.tenant_id):
        won = WorkItem.objects.raw(CLAIM, {**seen, "lease": current_times(WorkTimes).lease})
        return next(iter(won), None)


def _do(item: WorkItem) -> None:
    work = Work(tenant_id=item.tenant_id, subject_id=item.subject_id, cursor=item.cursor)
    with correlated(item.correlation_id, work=item.kind, subject=item.subject_id, tenant=item.tenant_id):
        if item.started_count > MOST_STARTS:
            _give_up(item, work)
            return
        try:
            again = work_kind(item.kind).do(work)
        except Exception as error:
            log.exception("work failed")
            _fail(item, error)
        else:
            _finish(item, again)


def _finish(item: WorkItem, again: Again | None) -> None:
    with tenant_scope(item.tenant_id):
        mine = WorkItem.objects.filter(pk=item.pk, fence=item.fence)
        was_not_asked_again = mine.filter(asked_id=item.asked_id)
        freed = {"lease_until": None, "started_count": 0, "last_error": ""}
        if again is None:
            is_settled = was_not_asked_again.delete()[0]
        else:
            is_settled = was_not_asked_again.update(next_at=again.at, cursor=again.cursor, **freed)
        if not is_settled:
            mine.update(**freed)


def _fail(item: WorkItem, error: Exception) -> None:
    times = current_times(WorkTimes)
    delay = min(times.longest_retry, times.first_retry * 2 ** (item.started_count - 1))
    # For which the work is not to blame.
    started_count = item.started_count - 1 if _was_cut_off(error) else item.started_count
    with tenant_scope(item.tenant_id):
        WorkItem.objects.filter(pk=item.pk, fence=item.fence).update(
            next_at=read_clock() + delay,
            lease_until=None,
            started_count=started_count,
            last_error=f"{type(error).__name__}: {error}"[:2000],
        )


def _was_cut_off(error: Exception) -> bool:
    """By a database that went away. The next query then opens a new connection."""
    if not isinstance(error, OperationalError | InterfaceError) or connection.is_usable():
        return False
    connection.close()
    return True


def _give_up(item: WorkItem, work: Work) -> None:
    """Whatever telling people of it ends in; but what was asked for anew meanwhile is begun anew."""
    try:
        work_kind(item.kind).give_up(work, item.last_error or NEVER_ENDED)
    except Exception:
        log.exception("giving up failed")
    with tenant_scope(item.tenant_id):
        mine = WorkItem.objects.filter(pk=item.pk, fence=item.fence)
        mine.filter(asked_id=item.asked_id).update(gave_up_at=read_clock())
        mine.update(lease_until=None)
