"""A person took over the wrong document in Xero: it is let go, and the shipments can be sent after the usual check."""

from datetime import datetime
from typing import Any

from freightbridge.audit.record_event import record_event
from freightbridge.tenancy.models import Tenant
from integrations.job_states import JobState, MoneyState, Operation
from integrations.lanes.claim_lane import wake_lane
from integrations.models import AdoptionMatch, LedgerBreak, SyncJob, XeroDocument
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.cancel_jobs import UNFINISHED, cancel_changes
from integrations.outbox.job_events import ReleasedByHand
from integrations.reconciliation.record_breaks import close_break
from invoices.models import Invoice
from invoices.models.invoice import InvoiceStatus
from invoices.workflows.allowed_changes import Delivery, delivery_of, lock_delivery, require, require_words
from invoices.workflows.follow_document import follow_document

LONGEST_NUMBER = 80
# What was known of the document in Xero is nothing of ours any more.
FORGOTTEN: dict[str, Any] = {
    "xero_id": None, "is_adopted": False, "xero_status": "", "money_state": MoneyState.NONE, "amount_due": None,
    "amount_paid": None, "amount_credited": None, "fully_paid_date": None, "payments": [], "changed_in_xero_at": None,
    "compared_at": None, "total_in_xero": None,
}  # fmt: skip


def is_adopted(delivery: Delivery) -> bool:
    return delivery.is_created and delivery.document is not None and delivery.document.is_adopted


def why_not_release(delivery: Delivery) -> str:
    """Of one that was taken over; empty as long as nothing was done with it from here."""
    if delivery.is_voided:
        return "It is voided already."
    if not is_adopted(delivery):
        return "It was not taken over from Xero."
    # A note in its history, of references that found no room, changes nothing.
    later = SyncJob.objects.filter(document=delivery.document).exclude(operation__in=[Operation.CREATE, Operation.NOTE])
    if later.exclude(state=JobState.CANCELLED).exists():
        return "It was changed from here since it was taken over: void it in Xero, or take it back."
    if delivery.invoice.credit_notes.exclude(status=InvoiceStatus.VOIDED).exists():
        return "A credit note was raised for it here since it was taken over."
    return ""


def release_adoption(invoice: Invoice, *, reason: str, tenant: Tenant, by: str, now: datetime) -> None:
    """In the tenant's scope; nothing is written to Xero. Raises ChangeRefusedError."""
    require_words(reason)
    require(why_not_release(lock_delivery(invoice)))
    document = XeroDocument.objects.select_related("connection").get(invoice=invoice)
    # In the lane's lock nothing is sent meanwhile; somebody may have asked for a change just before.
    wake_lane(connection_id=document.connection_id, at=now)
    require(why_not_release(delivery_of(invoice)))
    number, xero_id = document.number, str(document.xero_id)
    cancel_changes([document], states=UNFINISHED, reason=reason, by=by, now=now)
    job = SyncJob.objects.select_related("document").get(document=document, operation=Operation.CREATE)
    happen([Happened(job, ReleasedByHand(number=number, reason=reason), learnt=FORGOTTEN)], now=now)
    for one in LedgerBreak.objects.filter(document=document, closed_at=None):
        close_break(one, by=by, reason=reason, now=now)
    AdoptionMatch.objects.filter(invoice=invoice, released_at=None).update(released_at=now)
    record_event(
        action="released from Xero", subject=invoice, by=by, now=now, reason=reason, number=number, xero_id=xero_id
    )
    follow_document(job.document, tenant=tenant, by=by, now=now)
    _free_number(invoice, number)


def _free_number(invoice: Invoice, number: str) -> None:
    """It is the number of a document in Xero, which may turn out to be that of another shipment."""
    named = Invoice.objects.filter(pk=invoice.pk, number=number)
    freed = f"{number[:LONGEST_NUMBER]} (released"
    count = Invoice.objects.filter(number__startswith=freed).count()
    named.update(number=f"{freed} {count + 1})" if count else f"{freed})")
