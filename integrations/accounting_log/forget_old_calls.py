"""
What was sent to Xero and what it answered is kept in full for ninety days; then the summary of the call stays alone,
and of a check that found nothing new not even the entry.

The database holds the age and the state once more, by triggers: see the migrations `0022_old_calls` and
`0027_quiet_checks`.
"""

import time
from datetime import datetime, timedelta

import structlog
from django.db.models import Exists, OuterRef, QuerySet

from freightbridge.background_work.work_kinds import STRETCH_SECONDS, Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import tenant_scope
from integrations.job_states import JobState
from integrations.models import AccountingLogEntry, AttemptMember, SyncAttempt

FORGET_OLD_CALLS = "forget old calls"
KEPT_IN_FULL = timedelta(days=90)
# Answers of half a megabyte among them: a transaction ends within a second.
CHUNK = 500
# From these nothing leads back to a call.
FINISHED = [JobState.DONE, JobState.CANCELLED]
log = structlog.get_logger(__name__)


def forget_old_calls(work: Work) -> Again | None:
    """Background work on a tenant, asked for each morning. Each chunk is a transaction of its own."""
    stop_at = time.monotonic() + STRETCH_SECONDS
    while True:
        with tenant_scope(work.tenant_id):
            now = read_clock()
            removed = max(forget_chunk(now=now), forget_quiet_entries(now=now))
        if removed < CHUNK:
            return None
        if time.monotonic() >= stop_at:
            return Again(at=now)


def forgetting_gave_up(work: Work, reason: str) -> None:
    """Nothing is wrong but the room that they take; tomorrow asks again."""
    log.error("old calls not forgotten", for_tenant=work.tenant_id, reason=reason)


def forget_chunk(*, now: datetime) -> int:
    """The oldest first. Returns how many calls are a summary from now on. In the tenant's scope; two queries."""
    chosen = list(_settled(before=now - KEPT_IN_FULL).order_by("sent_at").values_list("pk", flat=True)[:CHUNK])
    if not chosen:
        return 0
    return SyncAttempt.objects.filter(pk__in=chosen, raw_removed_at=None).update(
        body=b"", answer="", raw_removed_at=now
    )


def forget_quiet_entries(*, now: datetime) -> int:
    """The oldest first. Returns how many are gone. In the tenant's scope; two queries at most."""
    old = AccountingLogEntry.objects.filter(has_news=False, at__lte=now - KEPT_IN_FULL)
    chosen = list(old.order_by("at").values_list("pk", flat=True)[:CHUNK])
    if chosen:
        AccountingLogEntry.objects.filter(pk__in=chosen).delete()
    return len(chosen)


def _settled(*, before: datetime) -> QuerySet[SyncAttempt]:
    """Whose end is known, and behind which no job waits for anything: not for Xero, and not for a person."""
    waiting = AttemptMember.objects.filter(attempt=OuterRef("pk")).exclude(job__state__in=FINISHED)
    old = SyncAttempt.objects.filter(raw_removed_at=None, finished_at__isnull=False, sent_at__lte=before)
    return old.exclude(Exists(waiting))
