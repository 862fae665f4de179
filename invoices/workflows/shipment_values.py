"""Between a shipment's row and the plain values that uploads are planned with."""

from collections.abc import Mapping
from typing import Any

from freightbridge.tenancy.models import TenantModel
from invoices.intake.cell_reading import Value
from invoices.intake.freight_fields import PARTIES, REFERENCE_FIELDS, SHIPMENT_FIELDS
from invoices.intake.header_row import folded
from invoices.models import ChargeCode, Customer, Shipment, ShipmentCharge, TaxCode

PARTY_KEYS = {"customer_code": "bill_to", "consignee_code": "consignee", "buyer_code": "buyer"}
NOT_ATTRIBUTES = {"number", "row_key", *PARTIES, *PARTIES.values(), *REFERENCE_FIELDS}
PLAIN = tuple(name for name in SHIPMENT_FIELDS if name not in NOT_ATTRIBUTES)
OF_CHARGE = (
    "description", "quantity", "unit_price", "discount_percent", "cost_centre", "reference", "side", "supplier_number",
)  # fmt: skip
CODES_OF_CHARGE = {"charge_code": "charge_code", "tax_code": "tax_code", "supplier_code": "supplier"}
# By folded code: what a code in a plan stands for.
Customers = Mapping[str, Customer]


def fields_of(shipment: Shipment) -> dict[str, Value]:
    """Empty ones left out. Its parties must have been read with it."""
    found: dict[str, Value] = {name: getattr(shipment, name) for name in PLAIN}
    parties: dict[str, Customer | None] = {field: getattr(shipment, key) for field, key in PARTY_KEYS.items()}
    found.update({field: party.code for field, party in parties.items() if party is not None})
    found.update({kind: tuple(shipment.references.get(kind, ())) for kind in REFERENCE_FIELDS})
    return {name: value for name, value in found.items() if value not in ("", None, ())}


def write_fields(shipment: Shipment, writes: Mapping[str, Value], *, customers: Customers) -> set[str]:
    """The names of the attributes that were set."""
    changed = set()
    for name, value in writes.items():
        if name in PARTY_KEYS:
            attribute = PARTY_KEYS[name]
            _refer(shipment, attribute, customers[folded(str(value))])
        elif name in REFERENCE_FIELDS:
            attribute = "references"
            shipment.references = {**shipment.references, name: list(value) if isinstance(value, tuple) else []}
        else:
            attribute = name
            setattr(shipment, attribute, value)
        changed.add(attribute)
    return changed


def fields_of_charge(charge: ShipmentCharge) -> dict[str, Value]:
    """Empty ones left out. Its codes must have been read with it."""
    found: dict[str, Value] = {name: getattr(charge, name) for name in OF_CHARGE}
    codes = {name: getattr(charge, key) for name, key in CODES_OF_CHARGE.items()}
    found.update({name: target.code for name, target in codes.items() if target is not None})
    return {name: value for name, value in found.items() if value not in ("", None)}


def _refer(row: TenantModel, name: str, target: TenantModel) -> None:
    """As `setattr` does it, without asking at each row which database both are in."""
    setattr(row, f"{name}_id", target.pk)
    row._state.fields_cache[name] = target  # noqa: SLF001 Django has no public name for it


def write_charge(
    charge: ShipmentCharge,
    values: Mapping[str, Value],
    *,
    codes: Mapping[str, ChargeCode],
    taxes: Mapping[str, TaxCode],
    customers: Customers,
) -> None:
    meant: dict[str, Mapping[str, Any]] = {"charge_code": codes, "tax_code": taxes, "supplier_code": customers}
    for name, value in values.items():
        if name in meant:
            _refer(charge, CODES_OF_CHARGE[name], meant[name][folded(str(value))])
        else:
            setattr(charge, name, value)
