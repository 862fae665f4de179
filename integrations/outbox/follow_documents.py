"""
A document is over: given up, voided or taken back. What it was made of is free again, but whoever knows that is not
here, so work is left for them; the same news twice is one item.
"""

from collections.abc import Iterable
from datetime import datetime

from freightbridge.background_work.enqueue_work import enqueue_work
from integrations.connection.connection_work import FOLLOW_DOCUMENT
from integrations.job_states import JobState, Operation
from integrations.models import SyncJob, XeroDocument

ENDS = {
    (Operation.CREATE, JobState.CANCELLED),
    (Operation.VOID, JobState.DONE),
    (Operation.UNPOST, JobState.DONE),
}


def leave_following(jobs: Iterable[SyncJob], *, now: datetime) -> None:
    """In the transaction that ends them."""
    over = sorted({job.document_id for job in jobs if (job.operation, job.state) in ENDS})
    if over:
        enqueue_work(FOLLOW_DOCUMENT, over, now=now)


def is_taken_back(document: XeroDocument) -> bool:
    """Of one that is voided: whether a person wants it as a draft again."""
    last = SyncJob.objects.filter(document=document, operation__in=[Operation.VOID, Operation.UNPOST])
    found = last.filter(state=JobState.DONE).order_by("-id").first()
    return found is not None and found.operation == Operation.UNPOST
