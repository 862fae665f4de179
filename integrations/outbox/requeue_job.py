"""Sends what was stopped on its way again: mapped anew from its own source, with the rules as they are now (N2)."""

from collections.abc import Sequence
from datetime import datetime

from freightbridge.transactions import require_transaction
from freightbridge.update_rows import update_rows
from integrations.job_states import EXPORTED_BY_FILE, JobState, Operation
from integrations.lanes.claim_lane import wake_lane
from integrations.mapping.document_identity import DocumentMark
from integrations.mapping.map_document import map_document
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


def requeue_jobs(
    job_ids: Sequence[int], *, connection: XeroConnection, link_base: str, now: datetime, sends_filed: bool = False
) -> int:
    """
    In the tenant's scope. What still cannot be mapped stays stopped, with its problems as they are now. A draft that
    stands in Xero takes the new lines. What was exported by file stays unless `sends_filed`. Returns how many go on.
    """
    require_transaction()
    wake_lane(connection_id=connection.pk, at=now)
    stopped = SyncJob.objects.filter(connection=connection, pk__in=job_ids, state__in=STOPPED)
    wanted = stopped if sends_filed else stopped.exclude(problem_code=EXPORTED_BY_FILE)
    jobs = list(wanted.select_related("document"))
    mapped = [job for job in jobs if job.operation in MAPPED]
    sources = [from_json(ExportableDocument, job.source) for job in mapped]
    rules = load_rules(connection, customer_codes={source.party.code for source in sources})
    fits = [
        _map_anew(job, source, rules=rules, link_base=link_base) for job, source in zip(mapped, sources, strict=True)
    ]
    _write(mapped, kept=[job for job, does_fit in zip(mapped, fits, strict=True) if not does_fit])
    going = [job for job in jobs if job.operation not in MAPPED]
    going += [job for job, does_fit in zip(mapped, fits, strict=True) if does_fit]
    happen([Happened(job, Mended()) for job in going], now=now)
    wake_delivery(Priority.BULK)
    return len(going)


def map_again(job: SyncJob, source: ExportableDocument, *, rules: OrganisationRules, link_base: str) -> bool:
    """False: it still cannot be mapped, and says why. In the caller's transaction."""
    is_fitting = _map_anew(job, source, rules=rules, link_base=link_base)
    _write([job], kept=[] if is_fitting else [job])
    return is_fitting


def _map_anew(job: SyncJob, source: ExportableDocument, *, rules: OrganisationRules, link_base: str) -> bool:
    result = map_document(source, rules=rules, mark=DocumentMark(job.document.identity, link_base))
    if result.document is None:
        job.problems = [describe.to_json(problem) for problem in result.problems]
        job.problem_code = job.document.problem_code = result.problems[0].code
        return False
    job.source, job.mapped, job.rules_version = to_json(source), to_json(result.document), rules.version
    if job.operation == Operation.CREATE:
        job.target_status = result.document.target_status
    return True


def _write(jobs: Sequence[SyncJob], *, kept: Sequence[SyncJob]) -> None:
    """Thousands may wait for one cause. `kept`: those that stay stopped."""
    update_rows(jobs, ["source", "mapped", "rules_version", "target_status", "problems", "problem_code"])
    update_rows([job.document for job in kept], ["problem_code"])
