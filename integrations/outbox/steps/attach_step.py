"""Step: the PDFs onto stored drafts. The same name again replaces the file, so doing it twice is once."""

from datetime import datetime

from freightbridge.current_times import current_times
from freightbridge.stored_files.models import StoredFile
from integrations.job_states import Step
from integrations.mapping.document_identity import attachment_name
from integrations.mapping.source import DocumentKind
from integrations.models import ConnectionSettings, SyncJob
from integrations.outbox.answer_verdict import Applied, Verdict
from integrations.outbox.apply_decision import Happened
from integrations.outbox.delivery_times import DeliveryTimes
from integrations.outbox.job_events import Attached, NotApplied
from integrations.outbox.round_size import MOST_FILE_BYTES
from integrations.outbox.steps.attempt_key import attempt_key
from integrations.outbox.steps.call_plan import Call, StepPlan
from integrations.outbox.steps.verdict_event import event_of
from integrations.xero_gateway.gateway import attach_pdf


def plan_attach(jobs: list[SyncJob], *, now: datetime) -> StepPlan:
    """A call for each. Its stored PDF wakes a job; one that is due without has waited long, and waits on."""
    again_at = now + current_times(DeliveryTimes).pdf_wait
    awaited = NotApplied(reason="The PDF is still being made.", not_before=again_at)
    settled = [Happened(job, awaited) for job in jobs if job.pdf_id is None]
    ready = [job for job in jobs if job.pdf_id is not None]
    if not ready:
        return StepPlan(settled=settled)
    settings = ConnectionSettings.objects.get(connection=ready[0].connection_id)
    files = StoredFile.objects.in_bulk(_first_files(ready))
    calls = [
        _attach(job, files[job.pdf_id], is_online=settings.show_pdf_online) for job in ready if job.pdf_id in files
    ]
    return StepPlan(settled=settled, calls=calls)


def _first_files(jobs: list[SyncJob]) -> list[int]:
    """As many as go into memory together, and one at least."""
    ids = list(dict.fromkeys(job.pdf_id for job in jobs if job.pdf_id is not None))
    if len(ids) == 1:
        return ids
    sizes = dict(StoredFile.objects.filter(pk__in=ids).values_list("pk", "size"))
    total, first = 0, list[int]()
    for one in ids:
        total += sizes[one]
        if first and total > MOST_FILE_BYTES:
            break
        first.append(one)
    return first


def _attach(job: SyncJob, pdf: StoredFile, *, is_online: bool) -> Call:
    write = attach_pdf(
        DocumentKind(job.kind),
        xero_id=str(job.xero_id),
        file_name=attachment_name(job.document.identity, job.document.number),
        content=bytes(pdf.content),
        is_online=is_online,
        idempotency_key=attempt_key([job], Step.ATTACH),
    )
    return Call(write=write, jobs=[job], conclude=_conclude, keeps_body=False)


def _conclude(job: SyncJob, verdict: Verdict) -> Happened:
    if isinstance(verdict, Applied):
        return Happened(job, Attached(), {"has_pdf": True})
    return Happened(job, event_of(job, verdict))
