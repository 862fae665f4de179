"""Step: new lines for documents that Xero holds, by the ids we stored. Doing it twice is once."""

from integrations.job_states import Step
from integrations.mapping.compare_answer import differences
from integrations.mapping.source import DocumentKind
from integrations.models import ContactLink, SyncJob
from integrations.outbox.answer_verdict import Applied, Verdict, figures_of
from integrations.outbox.apply_decision import Happened
from integrations.outbox.job_events import Updated
from integrations.outbox.steps.call_plan import Call, StepPlan
from integrations.outbox.steps.create_step import mapped_of
from integrations.outbox.steps.lost_accounts import lost_accounts
from integrations.outbox.steps.status_call import changing, id_marks
from integrations.outbox.steps.verdict_event import event_of
from integrations.xero_gateway.answers import status_of
from integrations.xero_gateway.sdk import freeze_quote, freeze_updates


def plan_update(jobs: list[SyncJob]) -> StepPlan:
    """All of one kind. A quote goes alone, with what stands in Xero already."""
    kind = DocumentKind(jobs[0].kind)
    if kind == DocumentKind.QUOTE:
        jobs = jobs[:1]
        if jobs[0].standing is None:
            return StepPlan(wants_quote=jobs[0])
        body = freeze_quote(jobs[0].standing, changes=mapped_of(jobs[0]))
    else:
        body = _freeze(jobs)
    call = Call(write=changing(kind, body, jobs, Step.UPDATE), jobs=jobs, conclude=_conclude, marks=id_marks(jobs))
    return StepPlan(calls=[call])


def _freeze(jobs: list[SyncJob]) -> bytes:
    documents = [mapped_of(job) for job in jobs]
    links = ContactLink.objects.filter(
        connection=jobs[0].connection_id, customer_code__in={document.customer_code for document in documents}
    )
    contact_ids = dict(links.values_list("customer_code", "contact_id"))
    return freeze_updates(
        documents,
        contact_ids=[str(contact_ids.get(document.customer_code, "")) for document in documents],
        xero_ids=[str(job.xero_id) for job in jobs],
    )


def _conclude(job: SyncJob, verdict: Verdict) -> Happened:
    if not isinstance(verdict, Applied):
        return Happened(job, event_of(job, verdict))
    mapped = mapped_of(job)
    found = tuple(differences(mapped, figures_of(verdict.element)))
    learnt = {"xero_status": status_of(verdict.element), "total": mapped.total, "due_date": mapped.due_date}
    return Happened(job, Updated(differences=found, problems=lost_accounts(job, verdict.element)), learnt)
