"""Nudges the workers that deliver; should the nudge be lost, they find the due lane by themselves."""

from freightbridge.background_work.wake_worker import wake_after_commit
from freightbridge.background_work.work_kinds import Queue
from freightbridge.tenancy.scope import current_tenant_id
from integrations.models.sync_job import Priority

QUEUES = {Priority.INTERACTIVE: Queue.INTERACTIVE, Priority.BULK: Queue.BULK}


def wake_delivery(priority: Priority) -> None:
    """In the transaction that leaves the work."""
    wake_after_commit(QUEUES[priority], tenant_id=current_tenant_id())
