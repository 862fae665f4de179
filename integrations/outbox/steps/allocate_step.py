"""
Step: a credit is set against the invoice it credits, as far as that is still open.

Done twice it would stand there twice, so a lost answer is looked up first, like a lost create.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from integrations.job_states import Step
from integrations.models import SyncJob, XeroConnection, XeroDocument
from integrations.outbox.answer_verdict import Applied, Verdict
from integrations.outbox.apply_decision import Happened
from integrations.outbox.job_events import Allocated, LeftAsCredit, NotApplied
from integrations.outbox.remember_quote import forget_standing
from integrations.outbox.steps.attempt_key import attempt_key
from integrations.outbox.steps.call_plan import Call, StepPlan
from integrations.outbox.steps.verdict_event import event_of
from integrations.xero_gateway.gateway import allocate_credit
from integrations.xero_gateway.sdk import freeze_allocation

# `SyncJob.source` of an allocation: {"invoice_document_id", "invoice_number", "amount"}.
AUTHORISED = {"AUTHORISED", "PAID"}
GONE = {"VOIDED", "DELETED"}


def plan_allocate(jobs: list[SyncJob], *, now: datetime) -> StepPlan:
    """One job. Both documents must be approved in Xero; until they are, it waits."""
    (job,) = jobs
    invoice = XeroDocument.objects.get(pk=job.source["invoice_document_id"])
    known = {"invoice_status": invoice.xero_status, "credit_status": job.document.xero_status}
    standing: dict[str, Any] | None = job.standing
    settled = _without_call(job, standing or known)
    if settled is not None:
        forget_standing(jobs)
        return StepPlan(settled=[settled])
    if standing is None:
        return StepPlan(wants_balance=job)
    amount = min(Decimal(job.source["amount"]), Decimal(standing["due"]), Decimal(standing["left"]))
    if amount <= 0:
        forget_standing(jobs)
        return StepPlan(settled=[Happened(job, LeftAsCredit(_nothing_open(job)))])
    write = allocate_credit(
        credit_note_id=str(job.xero_id),
        body=freeze_allocation(invoice_id=str(invoice.xero_id), amount=amount, on=_today(job, now)),
        idempotency_key=attempt_key(jobs, Step.ALLOCATE),
    )
    return StepPlan(calls=[Call(write=write, jobs=jobs, conclude=_conclude, moves_money=True)])


def _without_call(job: SyncJob, statuses: dict[str, Any]) -> Happened | None:
    """What the statuses of both in Xero decide already."""
    number, invoice, credit = _number(job), statuses["invoice_status"], statuses["credit_status"]
    if credit in GONE:
        return Happened(job, LeftAsCredit(f"{job.document.number} is {credit.lower()} in Xero: nothing is set off."))
    if invoice in GONE:
        return Happened(job, LeftAsCredit(f"{number} is {invoice.lower()} in Xero. {_stays(job)}"))
    if not {invoice, credit} <= AUTHORISED:
        return Happened(job, NotApplied(reason=f"Waits until {job.document.number} and {number} are approved in Xero."))
    return None


def _conclude(job: SyncJob, verdict: Verdict) -> Happened:
    if not isinstance(verdict, Applied):
        return Happened(job, event_of(job, verdict))
    currency, wanted = job.document.currency, Decimal(job.source["amount"])
    amount = Decimal(str(verdict.element.get("Amount", wanted)))
    rest = f" {wanted - amount:.2f} {currency} stays as credit." if amount < wanted else ""
    return Happened(job, Allocated(f"{amount:.2f} {currency} is set against {_number(job)}.{rest}"))


def _nothing_open(job: SyncJob) -> str:
    return f"Nothing of {_number(job)} is open any more. {_stays(job)}"


def _stays(job: SyncJob) -> str:
    return f"{job.source['amount']} {job.document.currency} stays as credit."


def _number(job: SyncJob) -> str:
    return str(job.source.get("invoice_number", ""))


def _today(job: SyncJob, now: datetime) -> date:
    return now.astimezone(XeroConnection.objects.get(pk=job.connection_id).zone).date()
