"""The idempotency key of a call: the same for the same jobs in the same order, and for nothing else."""

from integrations.job_states import Operation, Step
from integrations.mapping.document_identity import idempotency_key
from integrations.models import SyncJob


def attempt_key(jobs: list[SyncJob], step: Step) -> str:
    return idempotency_key(
        identities=[_name(job) for job in jobs], phase=step, generation=max(job.generation for job in jobs)
    )


def _name(job: SyncJob) -> str:
    """Two changes of one document are two requests, though the document's identity stays."""
    identity: str = job.document.identity
    return identity if job.operation == Operation.CREATE else f"{identity}.{job.operation}.{job.revision}"
