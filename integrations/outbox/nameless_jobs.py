from collections.abc import Iterable

from integrations.job_states import ADDITIONS, Operation
from integrations.mapping.problems import problem
from integrations.models import SyncJob
from integrations.outbox.apply_decision import Happened
from integrations.outbox.job_events import CancelReached, Stopped


def stop_nameless(jobs: Iterable[SyncJob]) -> list[Happened]:
    """
    What happens to changes of documents that never came to have an id in Xero: there is nothing to change. What was
    to be added to one is given up with it.
    """
    nameless = [job for job in jobs if job.operation != Operation.CREATE and job.xero_id is None]
    return [
        Happened(job, CancelReached() if job.operation in ADDITIONS else Stopped((problem("FB-506"),)))
        for job in nameless
    ]
