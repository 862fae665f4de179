"""Leaves work for a worker, in the transaction of what asks for it, and nudges one after the commit."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.wake_worker import wake_after_commit
from freightbridge.background_work.work_kinds import work_kind
from freightbridge.insert_rows import insert_rows
from freightbridge.observability.correlation import correlation_id
from freightbridge.tenancy.scope import current_tenant_id
from freightbridge.transactions import require_transaction

UNIQUE = ["tenant", "kind", "subject_id"]
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
    asked = {"kind": kind, "queue": queue, "next_at": at or now, "correlation_id": correlation_id()}
    items = [WorkItem(subject_id=subject_id, **asked) for subject_id in subject_ids]
    insert_rows(items, unique=UNIQUE, replaced=REPLACED)
    if at is None or at <= now:
        wake_after_commit(queue, tenant_id=current_tenant_id())


def bring_forward(kinds: Iterable[str], subject_id: int, *, at: datetime, now: datetime) -> None:
    """
    What is planned for later than `at` is done at `at`, and what is being done now is done once more then; what is
    not planned at all is not begun.

    In the tenant's scope. Needs the caller's transaction.
    """
    require_transaction()
    is_later = Q(next_at__gt=at) | Q(lease_until__gt=now)
    planned = WorkItem.objects.filter(is_later, kind__in=list(kinds), subject_id=subject_id, gave_up_at=None)
    planned.update(next_at=at, asked_id=uuid.uuid4())


def has_work(kind: str, subject_id: int) -> bool:
    """True while it is waiting or being done."""
    return WorkItem.objects.filter(kind=kind, subject_id=subject_id, gave_up_at=None).exists()
