"""Shipments by the API: entered, changed, read and listed, through the page's own form and workflow."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from freightbridge.access.api_scopes import Scope
from freightbridge.rest.endpoints import Answer, Call, Endpoint
from freightbridge.rest.json_shapes import Choice, FieldError, Member, Moment, Text
from freightbridge.rest.list_page import PAGING, list_of, list_page
from freightbridge.rest.problem_details import invalid_input
from freightbridge.ui.form_changes import form_changes
from freightbridge.ui.keyset import Order
from invoices.api.charge_upsert import charge_upsert
from invoices.api.form_errors import form_errors
from invoices.api.freight_schemas import SHIPMENT, as_form_data
from invoices.api.shipment_json import shipments_json
from invoices.models import Shipment
from invoices.models.shipment import Readiness
from invoices.web.freight_forms import ShipmentForm
from invoices.workflows.save_shipment import ChargeIsGoneError, save_shipment

# Oldest change first, so that a reader who goes on from its last one misses none.
BY_CHANGE = Order(("updated_at", "id"), falls=False)
FILTERS = {
    "number": Member(shape=Text(longest=60), about="The one with this number."),
    "customer": Member(shape=Text(longest=50), about="Those billed to the customer with this code."),
    "readiness": Member(shape=Choice(Readiness.values), about="By the last check of the charges not billed yet."),
    "updated_since": Member(shape=Moment(), about="Those changed at or after this moment."),
}
LOOKUPS = {
    "number": "number",
    "customer": "bill_to__code",
    "readiness": "readiness",
    "updated_since": "updated_at__gte",
}


def create_shipment(call: Call) -> Answer:
    return _save(call, Shipment())


def replace_shipment(call: Call, public_id: UUID) -> Answer:
    return _save(call, get_object_or_404(_with_parties().select_for_update(of=("self",)), public_id=public_id))


def read_shipment(call: Call, public_id: UUID) -> Answer:
    return _told(call, get_object_or_404(_with_parties(), public_id=public_id))


def list_shipments(call: Call) -> Answer:
    wanted = {LOOKUPS[name]: call.query[name] for name in LOOKUPS if call.query[name] is not None}

    def shown(shipments: Sequence[Shipment]) -> list[dict[str, Any]]:
        return shipments_json(shipments, call)

    rows = _with_parties().filter(**wanted)
    return list_page(call, rows, order=BY_CHANGE, path="/api/v1/shipments", shown=shown)


def _save(call: Call, shipment: Shipment) -> Answer:
    """What is missing for an invoice is saved all the same, and told; what cannot be is refused, all of it at once."""
    values = dict(call.body)
    listed = [one for one in values.pop("charges") if one]
    form = ShipmentForm(as_form_data(values), instance=shipment, tenant=call.tenant)
    charges = charge_upsert(shipment, listed, tenant=call.tenant)
    errors = [*form_errors(form), *charges.errors]
    if errors:
        raise invalid_input(errors)
    changes = form_changes(form, *charges.kept)
    try:
        save_shipment(
            form.filled(),
            charges=[one.save(commit=False) for one in charges.kept],
            removed=charges.removed,
            changes=changes,
            tenant=call.tenant,
            by=call.by,
            now=call.now,
        )
    except ChargeIsGoneError as error:
        raise invalid_input([FieldError("/charges", str(error))]) from error
    return _told(call, _with_parties().get(pk=shipment.pk))


def _told(call: Call, shipment: Shipment) -> Answer:
    return Answer(body=shipments_json([shipment], call)[0], location=f"shipments/{shipment.public_id}")


def _with_parties() -> QuerySet[Shipment]:
    return Shipment.objects.select_related("bill_to", "consignee", "buyer")


SHIPMENT_ENDPOINTS = (
    Endpoint(
        method="GET", path="shipments", name="list_shipments", summary="List shipments, oldest change first",
        scope=Scope.READ_FREIGHT, do=list_shipments, query={**FILTERS, **PAGING}, answers=list_of(SHIPMENT),
        is_list=True,
    ),
    Endpoint(
        method="POST", path="shipments", name="create_shipment", summary="Enter a shipment with its charges",
        about="What an invoice needs and is missing does not hinder it: the shipment is then not ready, and "
        "“problems” lists all of it.",
        scope=Scope.WRITE_FREIGHT, do=create_shipment, body=SHIPMENT, answers=SHIPMENT, status=HTTPStatus.CREATED,
    ),
    Endpoint(
        method="GET", path="shipments/<uuid:public_id>", name="read_shipment", summary="Read a shipment",
        scope=Scope.READ_FREIGHT, do=read_shipment, answers=SHIPMENT,
    ),
    Endpoint(
        method="PUT", path="shipments/<uuid:public_id>", name="replace_shipment",
        summary="Change a shipment and its charges",
        about="The body is the whole shipment: what is left out is emptied.",
        scope=Scope.WRITE_FREIGHT, do=replace_shipment, body=SHIPMENT, answers=SHIPMENT,
    ),
)  # fmt: skip
