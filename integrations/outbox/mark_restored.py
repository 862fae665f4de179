"""
After the database was restored from a backup: what came after it may be in Xero without a trace here.

Every unfinished job becomes unknown, so that Xero is asked before anything is sent; and for a week every new document
begins with that question too, because its first life may have been lost with the end of the backup.
"""

from datetime import datetime, timedelta

from django.db.models import Max

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.job_states import JobState
from integrations.lanes.claim_lane import wake_lane
from integrations.models import RestoreEpoch, SyncAttempt, SyncJob
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.beat_heart import read_tick
from integrations.outbox.job_events import Restored

ASK_FIRST_FOR = timedelta(days=7)
UNFINISHED = [state for state in JobState if state not in {JobState.DONE, JobState.CANCELLED}]
CHUNK = 500


def mark_restored() -> dict[str, int]:
    """Run once, before the workers start again. Returns how many jobs of each tenant are asked about."""
    tenants = list(Tenant.objects.order_by("id"))
    newest = [moment for tenant in tenants if (moment := _newest_trace(tenant)) is not None]
    now = read_clock()
    epoch = RestoreEpoch.objects.create(backup_at=max(newest, default=now), marked_at=now, marked_tick=read_tick())
    return {tenant.name: _mark(tenant, epoch) for tenant in tenants}


def current_epoch(now: datetime) -> RestoreEpoch | None:
    """The restore whose aftermath lasts; None: there is none."""
    return RestoreEpoch.objects.filter(marked_at__gt=now - ASK_FIRST_FOR).order_by("-marked_at").first()


def _newest_trace(tenant: Tenant) -> datetime | None:
    """The last that this copy knows of; the backup is at least as young."""
    with tenant_scope(tenant):
        traces = [
            SyncJob.objects.aggregate(last=Max("created_at"))["last"],
            SyncAttempt.objects.aggregate(last=Max("sent_at"))["last"],
        ]
    return max((moment for moment in traces if moment is not None), default=None)


def _mark(tenant: Tenant, epoch: RestoreEpoch) -> int:
    last_id, marked = 0, 0
    while True:
        with tenant_scope(tenant):
            now = read_clock()
            found = SyncJob.objects.filter(pk__gt=last_id, state__in=UNFINISHED).order_by("pk")
            jobs = list(found.select_related("document")[:CHUNK])
            for connection_id in sorted({job.connection_id for job in jobs}):
                wake_lane(connection_id=connection_id, at=now)
            happen([Happened(job, Restored(backup_at=epoch.backup_at)) for job in jobs], now=now)
        marked += len(jobs)
        if len(jobs) < CHUNK:
            return marked
        last_id = jobs[-1].pk
