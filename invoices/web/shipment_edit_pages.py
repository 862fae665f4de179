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
from freightbridge.ui.opened_form import OPENED_AS, content_mark, was_changed_meanwhile
from freightbridge.ui.page_address import redirect_to_page
from invoices.models import Shipment
from invoices.web.freight_forms import ShipmentForm, charge_forms
from invoices.web.send_when_saved import is_ticked, refusal, send_box_context, send_saved
from invoices.web.shipment_view import find_shipment
from invoices.workflows.refresh_drafts import outdated_invoices
from invoices.workflows.save_shipment import ChargeIsGoneError, save_shipment

Charges = BaseModelFormSet
MEANWHILE = "A charge was removed meanwhile. Nothing is saved."
CHANGED_MEANWHILE = (
    "Somebody else changed this shipment while you had it open, so nothing is saved yet. What you entered is still "
    "here: compare it with the shipment as it stands now, then save again."
)


@requires(Permission.EDIT_FREIGHT)
def shipment_new(request: TenantRequest) -> HttpResponse:
    return _edit(request, Shipment())


@requires(Permission.EDIT_FREIGHT)
def shipment_edit(request: TenantRequest, public_id: UUID) -> HttpResponse:
    return _edit(request, find_shipment(public_id))


def _edit(request: TenantRequest, shipment: Shipment) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = ShipmentForm(data, instance=shipment, tenant=request.tenant)
    charges = charge_forms(data, shipment=shipment, tenant=request.tenant)
    is_entered = data is not None and form.is_valid() and _is_as_opened(form, charges) and charges.is_valid()
    if is_entered and _may_go(request, form) and _save(request, form, charges):
        return redirect_to_page(request, "shipment", shipment.public_id)
    context = {
        "form": form,
        "charges": charges,
        "shipment": shipment if shipment.pk else None,
        OPENED_AS: content_mark([form, *charges.initial_forms]) if shipment.pk else "",
        **send_box_context(str(form["status"].value()), is_ticked=is_ticked(request)),
    }
    return render(request, "invoices/shipment_edit.html", context)


def _is_as_opened(form: ShipmentForm, charges: Charges) -> bool:
    """False: somebody removed a charge or changed something while the form was open."""
    if any(row.instance.pk is None for row in charges.initial_forms):
        form.add_error(None, MEANWHILE)
    elif form.instance.pk and was_changed_meanwhile(form.data, [form, *charges.initial_forms]):
        form.add_error(None, CHANGED_MEANWHILE)
    return form.is_valid()


def _may_go(request: TenantRequest, form: ShipmentForm) -> bool:
    """False: it was to be sent at a status at which nothing is."""
    refused = refusal(request, form.cleaned_data["status"])
    if refused:
        form.add_error("status", refused)
    return not refused


def _save(request: TenantRequest, form: ShipmentForm, charges: Charges) -> bool:
    """False: the form is shown again, with what was entered."""
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
    except ChargeIsGoneError:
        form.add_error(None, MEANWHILE)
        return False
    messages.success(request, _saved(shipment))
    if is_ticked(request):
        send_saved(request, shipment)
    return True


def _saved(shipment: Shipment) -> str:
    outdated = [one.number for one in outdated_invoices([shipment.pk])]
    saved = f"{shipment.number} is saved."
    if not outdated:
        return saved
    return f"{saved} {', '.join(outdated)} says something else now: open it to send the change."
