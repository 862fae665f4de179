"""Entering and editing a shipment with its charges."""

from uuid import UUID

from django.contrib import messages
from django.forms import BaseModelFormSet
from django.http import HttpResponse
from django.shortcuts import render

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.form_changes import form_changes
from freightbridge.ui.page_address import redirect_to_page
from invoices.models import Shipment, ShipmentCharge
from invoices.web.freight_forms import ShipmentForm, charge_forms
from invoices.web.shipment_view import find_shipment
from invoices.workflows.save_shipment import ChargeIsBilledError, save_shipment

Charges = BaseModelFormSet
MEANWHILE = "A charge was invoiced or removed meanwhile, and an invoiced charge is locked. Nothing is saved."


@requires(Permission.EDIT_FREIGHT)
def shipment_new(request: TenantRequest) -> HttpResponse:
    return _edit(request, Shipment())


@requires(Permission.EDIT_FREIGHT)
def shipment_edit(request: TenantRequest, public_id: UUID) -> HttpResponse:
    return _edit(request, find_shipment(public_id))


def _edit(request: TenantRequest, shipment: Shipment) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = ShipmentForm(data, instance=shipment, tenant=request.tenant)
    charges = charge_forms(data, shipment=shipment)
    if data is not None and form.is_valid() and charges.is_valid() and _save(request, form, charges):
        return redirect_to_page(request, "shipment", shipment.public_id)
    billed = ShipmentCharge.objects.filter(shipment=shipment.pk, invoice__isnull=False).order_by("id")
    context = {
        "form": form,
        "charges": charges,
        "billed": billed.select_related("charge_code", "invoice"),
        "shipment": shipment if shipment.pk else None,
    }
    return render(request, "invoices/shipment_edit.html", context)


def _save(request: TenantRequest, form: ShipmentForm, charges: Charges) -> bool:
    """False: the form is shown again, with what was entered."""
    if any(row.instance.pk is None for row in charges.initial_forms):
        form.add_error(None, MEANWHILE)
        return False
    changes = form_changes(form, *charges.forms)
    entered = charges.save(commit=False)
    shipment = form.filled()
    try:
        save_shipment(
            shipment,
            charges=entered,
            removed=charges.deleted_objects,
            changes=changes,
            tenant=request.tenant,
            by=request.user.email,
            now=read_clock(),
        )
    except ChargeIsBilledError:
        form.add_error(None, MEANWHILE)
        return False
    messages.success(request, f"{shipment.number} is saved.")
    return True
