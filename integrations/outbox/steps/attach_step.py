"""Step: the PDF onto the stored draft. The same name again replaces the file, so doing it twice is once."""

from datetime import datetime

from freightbridge.current_times import current_times
from integrations.job_states import Step
from integrations.mapping.document_identity import attachment_name
from integrations.mapping.source import DocumentKind
from integrations.models import ConnectionSettings, SyncJob
from integrations.outbox.answer_verdict import Applied, Verdict
from integrations.outbox.apply_decision import Happened
from integrations.outbox.delivery_times import DeliveryTimes
from integrations.outbox.job_events import Attached, NotApplied
from integrations.outbox.steps.attempt_key import attempt_key
from integrations.outbox.steps.call_plan import Call, StepPlan
from integrations.outbox.steps.verdict_event import event_of
from integrations.xero_gateway.gateway import attach_pdf


def plan_attach(jobs: list[SyncJob], *, now: datetime) -> StepPlan:
    """One job. Its stored PDF wakes it; one that is due without has waited long, and waits on."""
    (job,) = jobs
    if job.pdf is None:
        again_at = now + current_times(DeliveryTimes).pdf_wait
        awaited = NotApplied(reason="The PDF is still being made.", not_before=again_at)
        return StepPlan(settled=[Happened(job, awaited)])
    identity, settings = job.document.identity, ConnectionSettings.objects.get(connection=job.connection_id)
    write = attach_pdf(
        DocumentKind(job.kind),
        xero_id=str(job.xero_id),
        file_name=attachment_name(identity, job.document.number),
        content=bytes(job.pdf.content),
        is_online=settings.show_pdf_online,
        idempotency_key=attempt_key(jobs, Step.ATTACH),
    )
    return StepPlan(call=Call(write=write, jobs=jobs, conclude=_conclude, keeps_body=False))


def _conclude(job: SyncJob, verdict: Verdict) -> Happened:
    if isinstance(verdict, Applied):
        return Happened(job, Attached(), {"has_pdf": True})
    return Happened(job, event_of(job, verdict))
