"""What is known of a document that broke an invariant: its job, its log and its calls, for whoever looks into it."""

from collections.abc import Iterator
from pathlib import Path

from freightbridge.tenancy.scope import tenant_scope
from integrations.models import AccountingLogEntry, AttemptMember, SyncJob
from tests.campaigns.fault_campaign.campaign_companies import CampaignCompany
from tests.campaigns.fault_campaign.campaign_facts import name_of

LONGEST_ANSWER = 400


def write_stories(names: set[str], companies: list[CampaignCompany], *, path: Path) -> None:
    with path.open("w") as file:
        for one in companies:
            with tenant_scope(one.tenant):
                for job in SyncJob.objects.select_related("document").order_by("id"):
                    if name_of(job, one) in names:
                        file.writelines(f"{line}\n" for line in _story(job, name_of(job, one)))


def _story(job: SyncJob, name: str) -> Iterator[str]:
    yield f"== {name}: job {job.pk}, {job.state} at {job.step}, generation {job.generation}, Xero id {job.xero_id}"
    yield f"   next at {job.next_at}, started {job.started_count}, wants PDF {job.wants_pdf}, PDF {job.pdf_id}"
    yield f"   identity {job.document.identity}, problems {job.problems}"
    told = [(entry.at, f"{entry.result} {entry.event}: {entry.text}") for entry in _log_of(job)]
    for member in AttemptMember.objects.filter(job=job).select_related("attempt"):
        call = member.attempt
        told.append((call.sent_at, f"sent {call.method} {call.path} key {call.idempotency_key} fence {call.fence}"))
        ended = f"{call.http_status} {call.error} {member.verdict or 'nobody knows'} {call.answer[:LONGEST_ANSWER]!r}"
        told.append((call.finished_at or call.sent_at, f"  answer to {call.idempotency_key}: {ended}"))
    for at, line in sorted(told, key=lambda each: each[0]):
        yield f"   {at:%H:%M:%S.%f} {line}"


def _log_of(job: SyncJob) -> Iterator[AccountingLogEntry]:
    return AccountingLogEntry.objects.filter(job=job).order_by("id").iterator()
