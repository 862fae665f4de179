"""What may be done with an invoice after it was handed over; where something may not, the sentence that says why."""

from dataclasses import dataclass
from datetime import datetime

from integrations.job_states import OPEN_STATES, DocumentState, JobState, MoneyState, Operation
from integrations.lanes.lock_lanes import lock_lanes_of
from integrations.models import SyncJob, XeroDocument
from integrations.outbox.requeue_job import STOPPED
from invoices.models import Invoice
from invoices.models.invoice import InvoiceStatus

# These change the document; an allocation or a note only adds to it.
CHANGES = {Operation.UPDATE, Operation.VOID, Operation.UNPOST}
SETTLED_MONEY = {MoneyState.PART_PAID, MoneyState.PAID, MoneyState.CREDITED}
ASKED = {
    Operation.UPDATE: "A change of it is on its way to Xero",
    Operation.VOID: "It is being voided in Xero",
    Operation.UNPOST: "It is being taken back from Xero",
}


class ChangeRefusedError(Exception):
    """This cannot be done with the invoice; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An invoice with what became of it in accounting. All None: it was never handed over."""

    invoice: Invoice
    document: XeroDocument | None = None
    create: SyncJob | None = None
    open_change: SyncJob | None = None
    stopped_change: SyncJob | None = None

    @property
    def is_created(self) -> bool:
        return self.create is not None and self.create.state == JobState.DONE

    @property
    def is_voided(self) -> bool:
        return self.invoice.status == InvoiceStatus.VOIDED

    @property
    def is_giving_up(self) -> bool:
        create = self.create
        return create is not None and create.state in OPEN_STATES and create.cancel_requested_at is not None

    @property
    def given_up_at(self) -> datetime | None:
        return self.create.cancel_requested_at if self.create is not None and self.is_giving_up else None


def delivery_of(invoice: Invoice) -> Delivery:
    """In the tenant's scope."""
    document = XeroDocument.objects.filter(invoice=invoice).first()
    if document is None:
        return Delivery(invoice=invoice)
    jobs = list(SyncJob.objects.filter(document=document).exclude(operation=Operation.DISCARD).order_by("id"))
    changes = [job for job in jobs if job.operation != Operation.CREATE]
    return Delivery(
        invoice=invoice,
        document=document,
        create=next((job for job in jobs if job.operation == Operation.CREATE), None),
        open_change=next((job for job in changes if job.operation in CHANGES and job.state in OPEN_STATES), None),
        stopped_change=next((job for job in reversed(changes) if job.state in STOPPED), None),
    )


def lock_delivery(invoice: Invoice) -> Delivery:
    """Of two people who act at once, the second one sees what the first one did."""
    lock_lanes_of([invoice.pk])
    return delivery_of(Invoice.objects.select_for_update(no_key=True).get(pk=invoice.pk))


def why_not_give_up(delivery: Delivery) -> str:
    """Of what has not arrived, or of a change that was stopped."""
    if delivery.is_voided:
        return "It is voided already."
    if delivery.create is None:
        return "It was never handed over to accounting."
    if delivery.is_giving_up:
        return "It is being given up already: Xero is asked first what it holds."
    if delivery.is_created and delivery.stopped_change is None:
        return "It is in Xero already: void it there, or take it back."
    return "It was given up already." if delivery.create.state == JobState.CANCELLED else ""


def why_not_void(delivery: Delivery) -> str:
    if delivery.is_voided:
        return "It is voided already."
    if delivery.create is None:
        return "It was never handed over to accounting."
    if not delivery.is_created:
        return "It is not in Xero yet: give it up instead."
    return _under_way(delivery) or _money_on_it(delivery, "Remove them there first.")


def why_not_update(delivery: Delivery) -> str:
    if delivery.is_voided:
        return "It is voided."
    if delivery.create is None or delivery.document is None:
        return "It was never handed over to accounting."
    if delivery.create.state in OPEN_STATES:
        return "It is on its way to Xero; the change can be sent once it is there."
    if delivery.document.state == DocumentState.VOIDED:
        return "It was voided in Xero, and cannot be changed there any more."
    return _under_way(delivery) or _money_on_it(
        delivery, "Xero keeps what is paid as it is: remove them there first, or raise a credit note."
    )


def require(reason: str) -> None:
    """Raises ChangeRefusedError where there is a reason against it."""
    if reason:
        raise ChangeRefusedError(reason)


def require_words(reason: str) -> None:
    """Raises ChangeRefusedError."""
    if not reason:
        raise ChangeRefusedError("Nothing was changed: say in a few words why.")


def _under_way(delivery: Delivery) -> str:
    change = delivery.open_change
    return f"{ASKED[Operation(change.operation)]}; wait until it is there." if change is not None else ""


def _money_on_it(delivery: Delivery, advice: str) -> str:
    is_settled = delivery.document is not None and delivery.document.money_state in SETTLED_MONEY
    return f"Payments or credits stand on the document in Xero. {advice}" if is_settled else ""
