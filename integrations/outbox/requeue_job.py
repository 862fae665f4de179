"""Sends what was stopped on its way again: mapped anew from its own source, with the rules as they are now (N2)."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from freightbridge.transactions import require_transaction
from integrations.job_states import JobState, Step
from integrations.lanes.claim_lane import wake_lane
from integrations.mapping.map_document import map_document
from integrations.mapping.problems import Problem
from integrations.mapping.source import ExportableDocument, from_json, to_json
from integrations.models import SyncJob, XeroConnection
from integrations.models.sync_job import Priority
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.job_snapshot import Mended
from integrations.outbox.wake_delivery import wake_delivery
from integrations.problem_catalogue import describe
from integrations.reference_data.load_rules import load_rules

STOPPED = [JobState.REJECTED, JobState.ATTENTION]
# As `JobSnapshot.has_stray_draft` has it.
HAS_STRAY_DRAFT = Q(step=Step.CREATE, xero_id__isnull=False)


def requeue_jobs(job_ids: Sequence[int], *, connection: XeroConnection, link_base: str, now: datetime) -> int:
    """
    In the tenant's scope. What still cannot be mapped stays stopped, with its problems as they are now; so does
    what stands in Xero as a draft with other figures. Returns how many go on.
    """
    require_transaction()
    wake_lane(connection_id=connection.pk, at=now)
    stopped = SyncJob.objects.filter(connection=connection, pk__in=job_ids, state__in=STOPPED)
    jobs = list(stopped.exclude(HAS_STRAY_DRAFT).select_related("document"))
    sources = [from_json(ExportableDocument, job.source) for job in jobs]
    rules = load_rules(connection, customer_codes={source.party.code for source in sources})
    going: list[SyncJob] = []
    for job, source in zip(jobs, sources, strict=True):
        result = map_document(source, rules=rules, url=f"{link_base}/d/{job.document.identity}")
        if result.document is None:
            _keep_stopped(job, result.problems)
        else:
            job.mapped = to_json(result.document)
            job.save(update_fields=["mapped"])
            going.append(job)
    happen([Happened(job, Mended()) for job in going], now=now)
    wake_delivery(Priority.BULK)
    return len(going)


def _keep_stopped(job: SyncJob, problems: tuple[Problem, ...]) -> None:
    job.problems = [describe.to_json(problem) for problem in problems]
    job.problem_code = job.document.problem_code = problems[0].code
    job.save(update_fields=["problems", "problem_code"])
    job.document.save(update_fields=["problem_code"])
