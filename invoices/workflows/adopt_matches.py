"""What Xero has already is taken over: the invoice stands here under Xero's number and id, and nothing is sent."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.lanes.claim_lane import wake_lane
from integrations.models import AdoptionMatch, AdoptionSearch, SyncJob, XeroDocument
from integrations.models.adoption import AdoptionBand
from integrations.models.sync_job import Priority
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.job_events import AdoptedByHand, Mended
from integrations.outbox.keep_for_file import jobs_without_trace
from integrations.outbox.requeue_job import STOPPED
from integrations.payments.record_changes import record_changes
from integrations.payments.settlement import settlement_of_invoice
from invoices.domain.drafting import AlreadyBilledError, draft_invoices
from invoices.domain.grouping import group_shipments
from invoices.models import Invoice
from invoices.work_names import ADOPT_MATCHES
from invoices.workflows.approve_invoices import approve_invoices
from invoices.workflows.assess_shipments import assess_shipments
from invoices.workflows.sending_context import sending_context

OFFERED = (AdoptionBand.EXACT, AdoptionBand.LIKELY, AdoptionBand.DOUBTFUL)


class NotAdoptableError(Exception):
    """It cannot be taken over; the message says why."""


def want_adoption(
    matches: QuerySet[AdoptionMatch], search: AdoptionSearch, *, reason: str, by: str, now: datetime
) -> int:
    """Returns how many. In the tenant's scope; a worker takes them over. Raises NotAdoptableError."""
    if not reason:
        raise NotAdoptableError("Nothing was changed: say in a few words how you know that they are the same.")
    open_ones = matches.filter(search=search, adopted_at=None, wanted_at=None).exclude(theirs={})
    count = open_ones.update(wanted_at=now, wanted_by=by, reason=reason, failure="")
    if count:
        enqueue_work(ADOPT_MATCHES, [search.pk], now=now)
    return count


def adopt_matches(work: Work) -> Again | None:
    """Background work: one transaction for each, so that what is wrong with one stops no other."""
    with tenant_scope(work.tenant_id):
        waiting = AdoptionMatch.objects.filter(search=work.subject_id, adopted_at=None, wanted_at__isnull=False)
        ids = list(waiting.order_by("id").values_list("id", flat=True))
    for match_id in ids:
        try:
            with tenant_scope(work.tenant_id):
                match = AdoptionMatch.objects.select_for_update(of=["self"]).select_related("search").get(pk=match_id)
                if match.adopted_at is None:
                    _adopt(match, tenant=Tenant.objects.get(pk=work.tenant_id), now=read_clock())
        except (NotAdoptableError, AlreadyBilledError) as error:
            with tenant_scope(work.tenant_id):
                AdoptionMatch.objects.filter(pk=match_id).update(failure=f"{error}"[:500], wanted_at=None)
    return None


def adopting_gave_up(work: Work, reason: str) -> None:
    with tenant_scope(work.tenant_id):
        waiting = AdoptionMatch.objects.filter(search=work.subject_id, adopted_at=None, wanted_at__isnull=False)
        waiting.update(failure=reason[:500], wanted_at=None)


def _adopt(match: AdoptionMatch, *, tenant: Tenant, now: datetime) -> None:
    """In the lane's lock: nothing of it is sent meanwhile."""
    wake_lane(connection_id=match.search.connection_id, at=now)
    element = match.theirs
    if XeroDocument.objects.filter(connection=match.search.connection, xero_id=element["InvoiceID"]).exists():
        raise NotAdoptableError("Another document here is this one in Xero already.")
    job = _standing_job(match) if match.invoice_id else _new_job(match, tenant=tenant, now=now)
    event = AdoptedByHand(xero_id=element["InvoiceID"].lower(), status=element["Status"], number=_number(element))
    if job.state in STOPPED:
        happen([Happened(job, Mended())], now=now)
    # It was not sent from here, so it has no day on which it was.
    happen([Happened(job, event, learnt={"sent_at": None, "number": _number(element), "is_adopted": True})], now=now)
    record_changes(match.search.connection_id, [settlement_of_invoice(element)], now=now)
    invoice = Invoice.objects.get(xero_document=job.document)
    match.invoice, match.adopted_at = invoice, now
    match.save(update_fields=["invoice", "adopted_at"])
    record_event(
        action="marked as already in Xero", subject=invoice, by=match.wanted_by,
        now=now, reason=match.reason, number=_number(element), xero_id=element["InvoiceID"], band=match.band,
    )  # fmt: skip


def _standing_job(match: AdoptionMatch) -> SyncJob:
    job = jobs_without_trace().filter(invoice=match.invoice_id).select_related("document").first()
    if job is None:
        raise NotAdoptableError("It is on its way to Xero, or there already.")
    return job


def _new_job(match: AdoptionMatch, *, tenant: Tenant, now: datetime) -> SyncJob:
    """The shipment's charges become an invoice with the number and the dates that Xero has."""
    if match.shipment_id is None:
        raise NotAdoptableError("The shipment is gone.")
    context, element = sending_context(tenant), match.theirs
    (billable,) = context.load_billable([match.shipment_id])
    if billable.to_bill is None:
        raise NotAdoptableError("The shipment has nothing to invoice any more, or is not ready.")
    if Invoice.objects.filter(number=_number(element), kind="sales invoice").exists():
        raise NotAdoptableError(f"{_number(element)} is the number of another invoice here.")
    (invoice,) = draft_invoices(group_shipments([billable.to_bill]), today=_day(element["DateString"]), now=now)
    if f"{invoice.total:.2f}" != match.ours["total"]:
        raise NotAdoptableError("The shipment's charges changed since the search: search again.")
    invoice.number = _number(element)
    if element.get("DueDateString"):
        invoice.due_date = _day(element["DueDateString"])
        invoice.save(update_fields=["due_date"])
    sender = context.sender(by=match.wanted_by, priority=Priority.BULK)
    jobs: Sequence[SyncJob] = approve_invoices([invoice], sender=sender, now=now)
    assess_shipments([match.shipment_id], tenant=tenant, now=now)
    return SyncJob.objects.select_related("document").get(pk=jobs[0].pk)


def _number(element: dict[str, Any]) -> str:
    return str(element.get("InvoiceNumber", ""))


def _day(text: str) -> date:
    """As Xero writes it beside its own form: 2026-03-02T00:00:00 (developer.xero.com, Invoices: "DateString")."""
    return date.fromisoformat(text[:10])
