"""Drafts an invoice, or a quote, for one shipment without approving it, and takes drafts back."""

from datetime import datetime

from freightbridge.audit.record_event import record_event
from freightbridge.tenancy.models import Tenant
from invoices.domain.billable_shipments import NoBillingEntityError
from invoices.domain.drafting import draft_invoices
from invoices.domain.grouping import group_shipments
from invoices.models import Invoice, Shipment
from invoices.models.invoice import InvoiceStatus
from invoices.workflows.assess_shipments import assess_shipments
from invoices.workflows.route_shipments import context_of_shipment


class NothingToDraftError(Exception):
    """The shipment has nothing to bill, or misses something; the message says what."""


class NotADraftError(Exception):
    """Only a draft can be deleted."""


def draft_shipment(shipment: Shipment, *, tenant: Tenant, by: str, now: datetime) -> Invoice:
    """In the tenant's scope. Raises NothingToDraftError, AlreadyBilledError."""
    context = context_of_shipment(shipment, tenant=tenant)
    try:
        (billable,) = context.load_billable([shipment.pk])
    except NoBillingEntityError as error:
        raise NothingToDraftError(str(error)) from error
    if billable.to_bill is None:
        missing = " ".join(one.text for one in billable.missing)
        raise NothingToDraftError(missing or "Every charge is billed already, or there is none.")
    (invoice,) = draft_invoices(group_shipments([billable.to_bill]), today=context.today(now), now=now)
    assess_shipments([shipment.pk], tenant=tenant, now=now)
    record_event(action="invoice drafted", subject=invoice, by=by, now=now, shipment=shipment.number)
    return invoice


def delete_draft(invoice: Invoice, *, tenant: Tenant, by: str, now: datetime) -> None:
    """Its charges can be billed again. In the tenant's scope. Raises NotADraftError."""
    locked = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if locked.status != InvoiceStatus.DRAFT:
        raise NotADraftError(f"{locked} is {locked.status}; only a draft can be deleted.")
    lines = locked.lines.filter(shipment__isnull=False).order_by()
    shipment_ids = list(lines.values_list("shipment_id", flat=True).distinct())
    record_event(action="draft deleted", subject=locked, by=by, now=now, total=f"{locked.total} {locked.currency}")
    locked.delete()
    assess_shipments(shipment_ids, tenant=tenant, now=now)
