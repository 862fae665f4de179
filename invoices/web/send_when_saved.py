"""The tick-box “Send to Accounting when saved” of the shipment form, at agreed statuses only (F29, F30)."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render

from freightbridge.access.permission_checks import TenantRequest, check, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from integrations.connection.active_connection import NotConnectedError
from invoices.domain.find_triggers import find_triggers
from invoices.models import SendTriggers, Shipment
from invoices.models.shipment import ShipmentStatus
from invoices.workflows.send_to_accounting import send_to_accounting
from invoices.workflows.status_reached import goes_already

TICKED = "send_when_saved"


@requires(Permission.EDIT_FREIGHT)
def send_box(request: TenantRequest) -> HttpResponse:
    """While another status is chosen in the form."""
    return render(
        request,
        "invoices/send_box.html",
        send_box_context(request.GET.get("status", ""), is_ticked=bool(request.GET.get(TICKED))),
    )


def send_box_context(status: str, *, is_ticked: bool = False) -> dict[str, Any]:
    triggers = find_triggers()
    return {
        "is_offered": status in triggers.statuses,
        "is_ticked": is_ticked,
        "agreed": _labels(triggers),
        "form_token": uuid4(),
    }


def is_ticked(request: TenantRequest) -> bool:
    return bool(request.POST.get(TICKED))


def refusal(request: TenantRequest, status: str) -> str:
    """Why what was ticked cannot be; empty where it can. Raises PermissionDenied."""
    if not is_ticked(request):
        return ""
    check(request.membership, Permission.SEND_TO_ACCOUNTING)
    triggers = find_triggers()
    if status in triggers.statuses:
        return ""
    return f"Nothing is saved: a shipment is sent when saved only at {' or '.join(_labels(triggers)) or 'no status'}."


def send_saved(request: TenantRequest, shipment: Shipment) -> None:
    """In the transaction that saved it; the same hand-over as the button's."""
    selected = Shipment.objects.filter(pk=shipment.pk)
    try:
        batch = send_to_accounting(selected, form_token=_token(request), by=request.user.email, now=read_clock())
    except NotConnectedError as error:
        messages.error(request, f"It is saved, but not sent. {error}")
    else:
        goes_already(shipment.pk)
        messages.success(request, f"It goes to accounting as send {batch.number}.")


def _token(request: TenantRequest) -> UUID:
    try:
        return UUID(request.POST.get("form_token", ""))
    except ValueError as error:
        raise BadRequest("The form has no token.") from error


def _labels(triggers: SendTriggers) -> list[str]:
    return [str(ShipmentStatus(status).label) for status in triggers.statuses]
