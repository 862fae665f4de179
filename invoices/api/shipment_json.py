"""Shipments as the API tells them: a fixed number of queries for any number of them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from freightbridge.rest.endpoints import Call
from freightbridge.ui.page_address import page_address
from integrations.api.accounting_schemas import problems_json, whole_address
from integrations.web.state_words import accounting_pill, money_pill
from invoices.api.freight_schemas import OWNED, amount
from invoices.domain.shipment_queries import ListedShipment, listed_shipments
from invoices.intake.freight_fields import REFERENCE_FIELDS
from invoices.models import Customer, Shipment, ShipmentCharge

PLAIN = (
    "number", "job_type", "status", "shipper_name", "customer_reference", "exporter_reference", "mode", "origin",
    "destination", "incoterm", "branch", "department", "goods", "currency", "readiness", "do_not_send_reason",
)  # fmt: skip
AMOUNTS = ("weight_kg", "declared_value", "exchange_rate")
DAYS = ("etd_date", "eta_date", "delivery_date")


def shipments_json(shipments: Sequence[Shipment], call: Call) -> list[dict[str, Any]]:
    """`shipments` with their parties."""
    charges: dict[int, list[ShipmentCharge]] = defaultdict(list)
    rows = ShipmentCharge.objects.filter(shipment__in=[one.pk for one in shipments])
    for charge in rows.select_related("charge_code", "tax_code", "invoice", "supplier").order_by("id"):
        charges[charge.shipment_id].append(charge)
    return [_shipment(one, charges[one.shipment.pk], call) for one in listed_shipments(shipments)]


def _shipment(listed: ListedShipment, charges: Sequence[ShipmentCharge], call: Call) -> dict[str, Any]:
    shipment = listed.shipment
    since = max((one.unknown_since for one in listed.invoices if one.unknown_since), default=None)
    money = money_pill(shipment.money_state)
    stopped = [problem for one in listed.invoices if one.state == "attention" for problem in one.problems]
    return {
        "id": str(shipment.public_id),
        **{name: getattr(shipment, name) for name in PLAIN},
        "customer": _code(shipment.bill_to),
        "consignee": _code(shipment.consignee),
        "buyer": _code(shipment.buyer),
        **{kind: list(shipment.references.get(kind, [])) for kind in REFERENCE_FIELDS},
        **{name: amount(getattr(shipment, name)) for name in AMOUNTS},
        **{name: _day(getattr(shipment, name)) for name in DAYS},
        "charges": [_charge(one) for one in charges if one.source_key.startswith(OWNED)],
        "other_charges": [_charge(one) for one in charges if not one.source_key.startswith(OWNED)],
        "state": accounting_pill(shipment.accounting_state, unknown_since=since, now=call.now).label,
        "money": money.label if money else "",
        "problems": problems_json(
            stopped or shipment.readiness_problems, tenant=call.tenant, shipment_id=shipment.public_id
        ),
        "created_at": shipment.created_at.isoformat(),
        "updated_at": shipment.updated_at.isoformat(),
        "page": whole_address(page_address(call.tenant, "shipment", shipment.public_id)),
    }


def _charge(charge: ShipmentCharge) -> dict[str, Any]:
    return {
        "source_id": charge.source_key.removeprefix(OWNED) if charge.source_key.startswith(OWNED) else "",
        "side": charge.side,
        "charge_code": charge.charge_code.code if charge.charge_code else "",
        "description": charge.description,
        "quantity": amount(charge.quantity),
        "unit_price": amount(charge.unit_price),
        "discount_percent": amount(charge.discount_percent),
        "tax_code": charge.tax_code.code if charge.tax_code else "",
        "cost_centre": charge.cost_centre,
        "reference": charge.reference,
        "supplier": charge.supplier.code if charge.supplier else "",
        "supplier_number": charge.supplier_number,
        "invoice": (charge.invoice.number or "draft") if charge.invoice else None,
    }


def _code(party: Customer | None) -> str:
    return party.code if party else ""


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
