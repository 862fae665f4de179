"""A worker's part of Send to Accounting: drafts, approves and queues what is in a batch, in chunks."""

import time
from collections.abc import Sequence
from datetime import datetime

from freightbridge.background_work.work_kinds import STRETCH_SECONDS, Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.update_rows import update_rows
from integrations.models import BatchMember, SendBatch
from integrations.models.send_batch import MemberOutcome
from integrations.models.sync_job import Priority
from integrations.problem_catalogue.describe import describe
from invoices.domain.billable_shipments import BillableShipment, load_billable
from invoices.domain.drafting import draft_invoices
from invoices.domain.grouping import group_shipments
from invoices.models import Shipment
from invoices.models.shipment import Readiness
from invoices.workflows.approve_invoices import approve_invoices
from invoices.workflows.assess_shipments import problems_of
from invoices.workflows.sending_context import SendingContext, sending_context

CHUNK = 500
# Up to so many shipments are a person's click, which goes before everybody's bulk.
FEW = 5
LONGEST_REASON = 500


def prepare_batch(work: Work) -> Again | None:
    """Background work: members in chunks, each chunk in one transaction."""
    stop_at = time.monotonic() + STRETCH_SECONDS
    while time.monotonic() < stop_at:
        with tenant_scope(work.tenant_id):
            tenant, batch = Tenant.objects.get(pk=work.tenant_id), SendBatch.objects.get(pk=work.subject_id)
            if not prepare_chunk(batch, tenant=tenant, now=read_clock()):
                return None
    return Again(at=read_clock())


def preparing_gave_up(work: Work, reason: str) -> None:
    """What was not prepared was neither approved nor sent; the batch's page says so."""
    with tenant_scope(work.tenant_id):
        SendBatch.objects.filter(pk=work.subject_id).update(failure=reason, prepared_at=read_clock())


def prepare_chunk(batch: SendBatch, *, tenant: Tenant, now: datetime) -> bool:
    """False: no member was waiting any more. In the tenant's scope."""
    waiting = batch.members.filter(outcome=MemberOutcome.WAITING).order_by("id")
    members = list(waiting[:CHUNK])
    if not members:
        SendBatch.objects.filter(pk=batch.pk).update(prepared_at=now)
        return False
    context = sending_context(tenant)
    billable = load_billable([member.shipment_id for member in members], customer_key=context.customer_key)
    context.load_rules({one.customer.code for one in billable if one.customer})
    reasons = {one.shipment.pk: _why_not(one, context, now=now) for one in billable}
    _send([one for one in billable if not reasons[one.shipment.pk]], context, batch, now=now)
    _write_outcomes(members, reasons)
    return True


def _why_not(one: BillableShipment, context: SendingContext, *, now: datetime) -> str:
    """Empty for what goes. The others are skipped, each with its reason; the set is not refused (F42)."""
    if one.shipment.do_not_send_reason:
        return f"Marked as do not send: {one.shipment.do_not_send_reason}"
    if not one.charges:
        return "Nothing to invoice: every charge is billed already, or there is none."
    problems = problems_of(one, context, today=context.today(now))
    return " ".join(describe(found).text for found in problems)[:LONGEST_REASON]


def _send(going: Sequence[BillableShipment], context: SendingContext, batch: SendBatch, *, now: datetime) -> None:
    if not going:
        return
    drafts = group_shipments(one.to_bill for one in going if one.to_bill)
    invoices = draft_invoices(drafts, today=context.today(now), now=now)
    priority = Priority.INTERACTIVE if batch.members.count() <= FEW else Priority.BULK
    approve_invoices(invoices, sender=context.sender(by=batch.started_by, priority=priority, batch=batch), now=now)
    billed = Shipment.objects.filter(pk__in=[one.shipment.pk for one in going])
    billed.update(readiness=Readiness.NOTHING, readiness_problems=[])


def _write_outcomes(members: list[BatchMember], reasons: dict[int, str]) -> None:
    for member in members:
        member.reason = reasons.get(member.shipment_id, "The shipment is gone.")
        member.outcome = MemberOutcome.SKIPPED if member.reason else MemberOutcome.HANDED_OVER
    update_rows(members, ["outcome", "reason"])
