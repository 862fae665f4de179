"""Leaves work for a worker, in the transaction of what asks for it, and nudges one after the commit."""

from collections.abc import Iterable
from datetime import datetime

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.wake_worker import wake_after_commit
from freightbridge.background_work.work_kinds import work_kind
from freightbridge.observability.correlation import correlation_id
from freightbridge.tenancy.scope import current_tenant_id
from freightbridge.transactions import require_transaction

REPLACED = ["asked_id", "next_at", "started_count", "gave_up_at", "cursor", "correlation_id"]


def enqueue_work(kind: str, subject_ids: Iterable[int], *, now: datetime, at: datetime | None = None) -> None:
    """
    Each subject once, however often it is asked for. Needs the tenant's scope and the caller's transaction.
    `at`: when it is to be done, where that is not now; the last word counts.

    The upsert locks a row that stands already, so a worker about to claim it waits for this commit and
    sees what asked; one that holds it already finds `asked_id` changed and does the work once more.
    """
    require_transaction()
    queue = work_kind(kind).queue
    WorkItem.objects.bulk_create(
        (
            WorkItem(kind=kind, subject_id=subject_id, queue=queue, next_at=at or now, correlation_id=correlation_id())
            for subject_id in subject_ids
        ),
        update_conflicts=True,
        unique_fields=["tenant", "kind", "subject_id"],
        update_fields=REPLACED,
    )
    if at is None or at <= now:
        wake_after_commit(queue, tenant_id=current_tenant_id())


def has_work(kind: str, subject_id: int) -> bool:
    """True while it is waiting or being done."""
    return WorkItem.objects.filter(kind=kind, subject_id=subject_id, gave_up_at=None).exists()
