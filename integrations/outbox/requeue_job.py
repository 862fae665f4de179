"""Sends what was stopped on its way again: mapped anew from its own source, with the rules as they are now (N2)."""

from collections.abc import Sequence
from datetime import datetime

from freightbridge.transactions import require_transaction
from integrations.job_states import JobState, Operation
from integrations.lanes.claim_lane import wake_lane
from integrations.mapping.document_identity import DocumentMark
from integrations.mapping.map_document import map_document
from integrations.mapping.problems import Problem
from integrations.mapping.rules import OrganisationRules
from integrations.mapping.source import ExportableDocument, from_json, to_json
from integrations.models import SyncJob, XeroConnection
from integrations.models.sync_job import Priority
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.job_events import Mended
from integrations.outbox.wake_delivery import wake_delivery
from integrations.problem_catalogue import describe
from integrations.reference_data.load_rules import load_rules

STOPPED = [JobState.REJECTED, JobState.ATTENTION]
# The others carry nothing that rules are applied to.
MAPPED = {Operation.CREATE, Operation.UPDATE}


def requeue_jobs(job_ids: Sequence[int], *, connection: XeroConnection, link_base: str, now: datetime) -> int:
    """
    In the tenant's scope. What still cannot be mapped stays stopped, with its problems as they are now. A draft that
    stands in Xero takes the new lines. Returns how many go on.
    """
    require_transaction()
    wake_lane(connection_id=connection.pk, at=now)
    stopped = SyncJob.objects.filter(connection=connection, pk__in=job_ids, state__in=STOPPED)
    jobs = list(stopped.select_related("document"))
    mapped = [job for job in jobs if job.operation in MAPPED]
    sources = [from_json(ExportableDocument, job.source) for job in mapped]
    rules = load_rules(connection, customer_codes={source.party.code for source in sources})
    going = [job for job in jobs if job.operation not in MAPPED]
    for job, source in zip(mapped, sources, strict=True):
        if map_again(job, source, rules=rules, link_base=link_base):
            going.append(job)
    happen([Happened(job, Mended()) for job in going], now=now)
    wake_delivery(Priority.BULK)
    return len(going)


def map_again(job: SyncJob, source: ExportableDocument, *, rules: OrganisationRules, link_base: str) -> bool:
    """False: it still cannot be mapped, and says why. In the caller's transaction."""
    result = map_document(source, rules=rules, mark=DocumentMark(job.document.identity, link_base))
    if result.document is None:
        _keep_stopped(job, result.problems)
        return False
    job.source, job.mapped = to_json(source), to_json(result.document)
    if job.operation == Operation.CREATE:
        job.target_status = result.document.target_status
    job.save(update_fields=["source", "mapped", "target_status"])
    return True


def _keep_stopped(job: SyncJob, problems: tuple[Problem, ...]) -> None:
    job.problems = [describe.to_json(problem) for problem in problems]
    job.problem_code = job.document.problem_code = problems[0].code
    job.save(update_fields=["problems", "problem_code"])
    job.document.save(update_fields=["problem_code"])
