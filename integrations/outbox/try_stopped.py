"""What a change of rules may have set free is tried again: a few documents with the click, more by a worker (N2)."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.db.models import QuerySet

from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import STRETCH_SECONDS, Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.connection_work import TRY_STOPPED
from integrations.models import SyncJob, XeroConnection
from integrations.outbox.requeue_job import STOPPED, requeue_jobs
from integrations.problem_catalogue.codes import CATALOGUE, MendPage

# Documents that a click sends on itself; each is mapped anew.
AT_ONCE = 100
CHUNK = 200
RULE_PAGES = (
    MendPage.CUSTOMERS, MendPage.CHARGES, MendPage.TAXES, MendPage.LINES, MendPage.TRACKING, MendPage.ITEMS,
    MendPage.RULES,
)  # fmt: skip
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class GoingOn:
    """`count`: documents that go on; `later`: those that a worker tries, for they are many."""

    count: int = 0
    later: int = 0


def requeue_mended(connection: XeroConnection, pages: Iterable[MendPage], *, now: datetime) -> GoingOn:
    """All that was stopped by causes which these pages mend; what is not mended stays as it is."""
    return go_on(connection, list(_stopped_by(connection, pages).values_list("id", flat=True)), now=now)


def go_on(connection: XeroConnection, job_ids: Sequence[int], *, now: datetime) -> GoingOn:
    """In the transaction of the change. What cannot go on yet stays as it is."""
    if len(job_ids) > AT_ONCE:
        enqueue_work(TRY_STOPPED, [connection.pk], now=now)
        return GoingOn(later=len(job_ids))
    return GoingOn(_requeue(connection, job_ids, now=now) if job_ids else 0)


def try_stopped(work: Work) -> Again | None:
    """
    Background work on a connection: all that a rule may have stopped, in chunks of one transaction each. The cursor is
    the last one tried, so that what stops again is not tried for ever.
    """
    stop_at, last_id = time.monotonic() + STRETCH_SECONDS, work.cursor
    while time.monotonic() < stop_at:
        with tenant_scope(work.tenant_id):
            connection = XeroConnection.objects.get(pk=work.subject_id)
            stopped = _stopped_by(connection, RULE_PAGES).filter(pk__gt=last_id)
            job_ids = list(stopped.order_by("id").values_list("id", flat=True)[:CHUNK])
            if not job_ids:
                return None
            _requeue(connection, job_ids, now=read_clock())
            last_id = job_ids[-1]
    return Again(at=read_clock(), cursor=last_id)


def trying_stopped_gave_up(work: Work, reason: str) -> None:
    """What was not tried still stands on the page of what needs attention, and can be sent on from there."""
    log.error("stopped documents not tried again", connection=work.subject_id, reason=reason)


def _stopped_by(connection: XeroConnection, pages: Iterable[MendPage]) -> QuerySet[SyncJob]:
    codes = [code for code, entry in CATALOGUE.items() if entry.page in set(pages)]
    return SyncJob.objects.filter(connection=connection, state__in=STOPPED, problem_code__in=codes)


def _requeue(connection: XeroConnection, job_ids: Sequence[int], *, now: datetime) -> int:
    return requeue_jobs(job_ids, connection=connection, link_base=settings.PUBLIC_BASE_URL, now=now)
