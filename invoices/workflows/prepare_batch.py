"""A worker's part of Send to Accounting: drafts, approves and queues what is in a batch, in chunks."""

import time
from collections.abc import Sequence
from datetime import datetime

from freightbridge.audit.record_event import SYSTEM, record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import STRETCH_SECONDS, Again, Work
from freightbridge.clock import read_clock
from freightbridge.forget_plans import forget_plans
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.update_rows import update_rows
from integrations.models import BatchMember, SendBatch, SyncJob
from integrations.models.connection_settings import SentSides
from integrations.models.send_batch import BatchTrigger, MemberOutcome
from integrations.models.sync_job import Priority
from integrations.outbox.fill_batch import complete_batch
from integrations.problem_catalogue.describe import describe
from invoices.domain.billable_shipments import BillableShipment
from invoices.domain.drafting import draft_invoices
from invoices.domain.grouping import group_shipments
from invoices.models import Shipment
from invoices.models.shipment import Readiness
from invoices.work_names import STEER_BATCH
from invoices.workflows.approve_invoices import approve_invoices
from invoices.workflows.assess_shipments import RESULT, combined_readiness, nothing_to_send, problems_of
from invoices.workflows.choose_members import next_members
from invoices.workflows.route_shipments import contexts_of
from invoices.workflows.send_anyway import filed_invoices_of, filed_words, send_anyway
from invoices.workflows.sending_context import SendingContext, sending_context

# Up to so many shipments are a person's click, which goes before everybody's bulk.
FEW = 5
LONGEST_REASON = 500


def prepare_batch(work: Work) -> Again | None:
    """Background work: members in chunks, each chunk in one transaction."""
    stop_at = time.monotonic() + STRETCH_SECONDS
    while time.monotonic() < stop_at:
        with tenant_scope(work.tenant_id):
            tenant, batch = Tenant.objects.get(pk=work.tenant_id), SendBatch.objects.get(pk=work.subject_id)
            if batch.paused_at is not None or batch.cancelled_at is not None:
                # What came of the last chunk may have missed it.
                enqueue_work(STEER_BATCH, [batch.pk], now=read_clock())
                return None
            if not prepare_chunk(batch, tenant=tenant, now=read_clock()):
                return None
    return Again(at=read_clock())


def preparing_gave_up(work: Work, reason: str) -> None:
    """What was not prepared was neither approved nor sent; the batch's page says so."""
    with tenant_scope(work.tenant_id):
        SendBatch.objects.filter(pk=work.subject_id).update(failure=reason, prepared_at=read_clock())


def prepare_chunk(batch: SendBatch, *, tenant: Tenant, now: datetime) -> bool:
    """False: no member was waiting any more. In the tenant's scope."""
    complete_batch(batch)
    context = sending_context(tenant)
    members = next_members(batch, customer_key=context.customer_key)
    if not members:
        SendBatch.objects.filter(pk=batch.pk).update(prepared_at=now)
        return False
    reasons: dict[int, str] = {}
    for routed, ids in contexts_of([member.shipment_id for member in members], tenant=tenant):
        reasons |= _send_to_one(ids, routed, batch, now=now)
    _write_outcomes(members, reasons)
    if batch.trigger != BatchTrigger.PERSON:
        _tell_skipped(members, batch, now=now)
    # Of a first month the tables are all but empty when it begins.
    forget_plans()
    return True


def _send_to_one(ids: Sequence[int], context: SendingContext, batch: SendBatch, *, now: datetime) -> dict[int, str]:
    """What goes to one organisation. Returns why each shipment did not go; empty for those that did."""
    billable = context.load_billable(ids)
    filed = filed_invoices_of([one.shipment.pk for one in billable])
    reasons = {one.shipment.pk: _why_not(one, context, batch, filed[one.shipment.pk], now=now) for one in billable}
    going = [one for one in billable if not reasons[one.shipment.pk]]
    _send(going, context, batch, now=now)
    again = {job.invoice_id: job.invoice for one in going for job in filed[one.shipment.pk] if job.invoice}
    if batch.sends_filed and again:
        send_anyway(
            list(again.values()),
            reason=f"Chosen in send {batch.number}.",
            by=batch.started_by,
            now=now,
            batch=batch,
        )
    return reasons


def _why_not(
    one: BillableShipment, context: SendingContext, batch: SendBatch, filed: Sequence[SyncJob], *, now: datetime
) -> str:
    """Empty for what goes. The others are skipped, each with its reason; the set is not refused (F42)."""
    if one.shipment.do_not_send_reason:
        return f"Marked as do not send: {one.shipment.do_not_send_reason}"
    if nothing_to_send(one, sides=batch.sides) and filed:
        words = [f"{job.document.number} was {filed_words(job)}: send anyway?" for job in filed]
        return "" if batch.sends_filed else " ".join(words)[:LONGEST_REASON]
    if nothing_to_send(one, sides=batch.sides):
        return "Nothing to invoice: every charge is billed already, or there is none."
    to = context.connection
    if to is not None and context.is_gone:
        return f"It goes to {to.name} by a rule, and that is not connected any more."
    if to is not None and to.is_demo_company and not batch.allows_demo:
        return f"{to.name} is a demo company in Xero, and nobody has confirmed that it goes there."
    problems = problems_of(one, context, sides=batch.sides, today=context.today(now))
    return " ".join(describe(found).text for found in problems)[:LONGEST_REASON]


def _send(going: Sequence[BillableShipment], context: SendingContext, batch: SendBatch, *, now: datetime) -> None:
    if not going:
        return
    sends_costs = batch.sides == SentSides.BOTH
    parts = [one.to_bill for one in going if one.to_bill]
    costs = [part for one in going for part in one.to_pay] if sends_costs else []
    invoices = draft_invoices(group_shipments([*parts, *costs]), today=context.today(now), now=now)
    is_click = batch.trigger == BatchTrigger.PERSON and batch.members.count() <= FEW
    priority = Priority.INTERACTIVE if is_click else Priority.BULK
    approve_invoices(invoices, sender=context.sender(by=batch.started_by, priority=priority, batch=batch), now=now)
    _mark_as_sent([one.shipment for one in going], sides=context.sides, sends_costs=sends_costs)


def _mark_as_sent(shipments: Sequence[Shipment], *, sides: str, sends_costs: bool) -> None:
    """`sides`: by the sending rules, which say what the shipments show; the costs may wait for another send."""
    for shipment in shipments:
        shipment.sales_readiness = Readiness.NOTHING
        shipment.cost_readiness = Readiness.NOTHING if sends_costs else shipment.cost_readiness
        shipment.readiness = combined_readiness(shipment, sides=sides)
        if shipment.readiness != Readiness.NOT_READY:
            shipment.readiness_problems = []
    update_rows(shipments, RESULT)


def _write_outcomes(members: list[BatchMember], reasons: dict[int, str]) -> None:
    for member in members:
        member.reason = reasons.get(member.shipment_id, "The shipment is gone.")
        member.outcome = MemberOutcome.SKIPPED if member.reason else MemberOutcome.HANDED_OVER
    update_rows(members, ["outcome", "reason"])


def _tell_skipped(members: list[BatchMember], batch: SendBatch, *, now: datetime) -> None:
    """Nobody sees the page of a batch that nobody clicked: the shipment itself says why it stayed (F63)."""
    skipped = {member.shipment_id: member.reason for member in members if member.outcome == MemberOutcome.SKIPPED}
    for shipment in Shipment.objects.filter(pk__in=skipped).order_by("id"):
        record_event(
            action="not sent by itself",
            subject=shipment,
            by=SYSTEM,
            now=now,
            reason=skipped[shipment.pk],
            send=batch.number,
        )
