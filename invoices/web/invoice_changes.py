"""What an invoice's page offers after the hand-over: to give it up, to void it or take it back, to send a change."""

from dataclasses import dataclass

from freightbridge.access.permission_checks import TenantRequest, reason_against
from freightbridge.access.permissions import Permission
from freightbridge.background_work.enqueue_work import has_work
from integrations.connection.connection_work import FOLLOW_DOCUMENT
from integrations.job_states import BreakKind, DocumentState
from integrations.models import LedgerBreak
from integrations.reconciliation.break_words import found_words
from integrations.web.state_words import IN_PROGRESS
from invoices.domain.current_content import unbilled_charges
from invoices.models import Invoice, ShipmentCharge
from invoices.models.invoice import InvoiceStatus
from invoices.workflows.allowed_changes import Delivery, delivery_of, why_not_give_up, why_not_update, why_not_void
from invoices.workflows.compare_with_sent import SentComparison, compare_with_sent
from invoices.workflows.release_adoption import is_adopted, why_not_release

VOIDED = "It is voided. Its charges can be invoiced again, unless they stand on another document already."
ON_ITS_WAY = "It can be given up until Xero has approved it. Once it is there, an admin can void it or take it back."


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceChanges:
    """
    `why_not_…`: the reason on a disabled button; empty where it can be clicked. `explains`: why there are no such
    buttons. `comparison` None: nothing changed here since it was sent; `new_charges` stand on no invoice. `in_xero`:
    what was changed there, in words.
    """

    delivery: Delivery
    offers_giving_up: bool
    why_not_give_up: str
    offers_release: bool
    why_not_release: str
    offers_voiding: bool
    is_voided_there: bool
    why_not_void: str
    comparison: SentComparison | None
    why_not_update: str
    new_charges: list[ShipmentCharge]
    in_xero: str
    explains: str
    is_moving: bool


def invoice_changes(request: TenantRequest, invoice: Invoice) -> InvoiceChanges:
    """In the tenant's scope; `invoice` with its customer and billing entity."""
    delivery = delivery_of(invoice)
    new_charges = unbilled_charges(invoice) if delivery.is_created else []
    comparison = _comparison(delivery, new_charges)
    refused = reason_against(request.membership, Permission.SEND_TO_ACCOUNTING)
    document = delivery.document
    return InvoiceChanges(
        delivery=delivery,
        offers_giving_up=_offers_giving_up(delivery),
        why_not_give_up=refused or why_not_give_up(delivery),
        offers_release=is_adopted(delivery) and not delivery.is_voided,
        why_not_release=refused or (why_not_release(delivery) if is_adopted(delivery) else ""),
        offers_voiding=delivery.is_created and not delivery.is_voided,
        is_voided_there=document is not None and document.state == DocumentState.VOIDED,
        why_not_void=reason_against(request.membership, Permission.VOID_DOCUMENTS) or why_not_void(delivery),
        comparison=comparison,
        why_not_update=refused or why_not_update(delivery) or (comparison.obstacle if comparison else ""),
        new_charges=new_charges,
        in_xero=_in_xero(delivery),
        explains=_explains(delivery),
        is_moving=_is_moving(delivery),
    )


def _offers_giving_up(delivery: Delivery) -> bool:
    has_not_arrived = delivery.create is not None and not delivery.is_created
    return not delivery.is_voided and (has_not_arrived or delivery.stopped_change is not None)


def _comparison(delivery: Delivery, new_charges: list[ShipmentCharge]) -> SentComparison | None:
    invoice, document = delivery.invoice, delivery.document
    is_over = invoice.status != InvoiceStatus.APPROVED or delivery.is_giving_up
    if document is None or is_over or delivery.open_change is not None:
        return None
    comparison = compare_with_sent(invoice, document)
    return comparison if comparison.has_changes or new_charges else None


def _in_xero(delivery: Delivery) -> str:
    breaks = LedgerBreak.objects.filter(document=delivery.document, kind=BreakKind.FIGURES, closed_at=None)
    found = breaks.first() if delivery.document is not None else None
    return found_words(found) if found is not None else ""


def _explains(delivery: Delivery) -> str:
    if delivery.is_voided:
        return VOIDED
    return ON_ITS_WAY if delivery.create is not None and not delivery.is_created else ""


def _is_moving(delivery: Delivery) -> bool:
    """Until the invoice has followed its document too."""
    document = delivery.document
    if document is None:
        return False
    is_followed = delivery.is_voided or not has_work(FOLLOW_DOCUMENT, document.pk)
    return document.state in IN_PROGRESS or delivery.open_change is not None or not is_followed
