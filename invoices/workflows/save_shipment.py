"""Saves what a person entered for a shipment and its charges, checks it again, and writes down what changed."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime

from freightbridge.audit.change import Change, details_of
from freightbridge.audit.record_event import record_event
from freightbridge.tenancy.models import Tenant
from invoices.domain.billable_shipments import NoBillingEntityError
from invoices.domain.reference_list import all_references, search_text
from invoices.models import Shipment, ShipmentCharge
from invoices.workflows.assess_shipments import assess_shipments


class ChargeIsBilledError(Exception):
    """A charge was put onto an invoice while the form was open; an invoiced charge is locked."""


def save_shipment(
    shipment: Shipment,
    *,
    charges: Sequence[ShipmentCharge],
    removed: Sequence[ShipmentCharge],
    changes: Iterable[Change],
    tenant: Tenant,
    by: str,
    now: datetime,
) -> None:
    """In the tenant's scope. `charges`: new and changed ones. Raises ChargeIsBilledError."""
    is_new = shipment.pk is None
    _refuse_billed([*charges, *removed])
    if is_new:
        shipment.created_at = now
    shipment.updated_at = now
    shipment.list_date = shipment.etd_date or shipment.delivery_date or shipment.created_at.date()
    references = all_references(customer_reference=shipment.customer_reference, by_kind=shipment.references)
    shipment.search_text = search_text(number=shipment.number, references=[*references, shipment.exporter_reference])
    shipment.save()
    for charge in charges:
        charge.shipment = shipment
        charge.save()
    for charge in removed:
        charge.delete()
    # Until the company has said by whom it invoices nothing can be checked.
    with suppress(NoBillingEntityError):
        assess_shipments([shipment.pk], tenant=tenant, now=now)
    action = "shipment entered" if is_new else "shipment changed"
    record_event(action=action, subject=shipment, by=by, now=now, **details_of(changes))


def _refuse_billed(charges: Sequence[ShipmentCharge]) -> None:
    ids = [charge.pk for charge in charges if charge.pk]
    locked = ShipmentCharge.objects.select_for_update().filter(pk__in=ids)
    if any(charge.invoice_id for charge in locked):
        raise ChargeIsBilledError("A charge was invoiced meanwhile.")
