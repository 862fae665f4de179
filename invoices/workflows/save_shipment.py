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
from invoices.workflows.refresh_drafts import refresh_drafts
from invoices.workflows.status_reached import status_reached

# Which invoice bills a charge is not for the form to say: it may be another one by now.
NOT_ENTERED = {"id", "public_id", "tenant", "shipment", "source_key", "invoice", "quote"}
ENTERED = [field.name for field in ShipmentCharge._meta.concrete_fields if field.name not in NOT_ENTERED]


class ChargeIsGoneError(Exception):
    """A charge was removed while the form was open."""


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
    """
    In the tenant's scope. `charges`: new and changed ones; a draft that bills one follows, what was sent stays as it
    is. Raises ChargeIsGoneError.
    """
    is_new = shipment.pk is None
    status_before = Shipment.objects.filter(pk=shipment.pk).values_list("status", flat=True).first()
    _lock([*charges, *removed])
    if is_new:
        shipment.created_at = now
    shipment.updated_at = now
    shipment.list_date = shipment.etd_date or shipment.delivery_date or shipment.created_at.date()
    references = all_references(customer_reference=shipment.customer_reference, by_kind=shipment.references)
    shipment.search_text = search_text(number=shipment.number, references=[*references, shipment.exporter_reference])
    shipment.save()
    for charge in charges:
        charge.shipment = shipment
        charge.save(update_fields=ENTERED if charge.pk else None)
    for charge in removed:
        charge.delete()
    refresh_drafts([shipment.pk])
    # Until the company has said by whom it invoices nothing can be checked.
    with suppress(NoBillingEntityError):
        assess_shipments([shipment.pk], tenant=tenant, now=now)
    if shipment.status != status_before:
        status_reached([shipment.pk], tenant=tenant, now=now)
    action = "shipment entered" if is_new else "shipment changed"
    record_event(action=action, subject=shipment, by=by, now=now, **details_of(changes))


def _lock(charges: Sequence[ShipmentCharge]) -> None:
    ids = {charge.pk for charge in charges if charge.pk}
    locked = ShipmentCharge.objects.select_for_update().filter(pk__in=ids)
    if len(locked) != len(ids):
        raise ChargeIsGoneError("A charge was removed meanwhile.")
