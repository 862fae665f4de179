"""Reads shipments with the charges that no invoice bills yet: a fixed number of queries for any number of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from invoices.domain.draft_input import ChargeToBill, ShipmentToBill
from invoices.domain.readiness import ChargeFacts, Missing, ShipmentFacts, missing_fields
from invoices.domain.reference_list import all_references
from invoices.models import BillingEntity, Customer, Shipment, ShipmentCharge, TaxCode
from invoices.models.customer import Grouping
from invoices.models.shipment import JobType
from invoices.models.shipment_charge import Side

PARTIES = {"bill to": "bill_to", "consignee": "consignee", "buyer": "buyer"}
BASE_RATE = Decimal(1)


class NoBillingEntityError(Exception):
    """The tenant has no billing entity to raise invoices by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillableShipment:
    """`to_bill` is None where there is nothing to bill, or something is missing."""

    shipment: Shipment
    customer: Customer | None
    charges: tuple[ShipmentCharge, ...]
    missing: tuple[Missing, ...]
    to_bill: ShipmentToBill | None


def load_billable(shipment_ids: Sequence[int], *, customer_key: str) -> list[BillableShipment]:
    """
    In the order of the ids. `customer_key`: which party is billed, as the sending rules have it.

    Raises NoBillingEntityError.
    """
    party = PARTIES[customer_key]
    shipments = Shipment.objects.select_related(party).in_bulk(shipment_ids)
    charges = _unbilled_charges(shipment_ids)
    entity = default_entity()
    return [
        _billable(shipments[pk], getattr(shipments[pk], party), charges[pk], entity)
        for pk in shipment_ids
        if pk in shipments
    ]


def default_entity() -> BillingEntity:
    """Raises NoBillingEntityError."""
    entity = BillingEntity.objects.filter(is_default=True).first()
    if entity is None:
        raise NoBillingEntityError("There is no billing entity yet, so no invoice can be raised.")
    return entity


def tax_code_of(charge: ShipmentCharge) -> TaxCode | None:
    """The charge's own, else its charge code's."""
    return charge.tax_code or (charge.charge_code.sales_tax_code if charge.charge_code else None)


def _unbilled_charges(shipment_ids: Sequence[int]) -> dict[int, list[ShipmentCharge]]:
    found: dict[int, list[ShipmentCharge]] = defaultdict(list)
    rows = ShipmentCharge.objects.filter(shipment__in=shipment_ids, side=Side.SELL, invoice=None)
    for charge in rows.select_related("charge_code__sales_tax_code", "tax_code").order_by("id"):
        found[charge.shipment_id].append(charge)
    return found


def _billable(
    shipment: Shipment, customer: Customer | None, charges: list[ShipmentCharge], entity: BillingEntity
) -> BillableShipment:
    missing = tuple(missing_fields(_facts(shipment, customer, charges, entity))) if charges else ()
    is_complete = customer is not None and bool(charges) and not missing
    return BillableShipment(
        shipment=shipment,
        customer=customer,
        charges=tuple(charges),
        missing=missing,
        to_bill=_to_bill(shipment, customer, charges, entity) if is_complete and customer else None,
    )


def _facts(
    shipment: Shipment, customer: Customer | None, charges: list[ShipmentCharge], entity: BillingEntity
) -> ShipmentFacts:
    return ShipmentFacts(
        number=shipment.number,
        exporter_reference=shipment.exporter_reference,
        is_booking=shipment.job_type == JobType.BOOKING,
        customer_code=customer.code if customer else "",
        currency=shipment.currency,
        base_currency=entity.base_currency,
        exchange_rate=shipment.exchange_rate,
        incoterm=shipment.incoterm,
        declared_value=shipment.declared_value,
        dates=(shipment.etd_date, shipment.eta_date, shipment.delivery_date, shipment.created_at.date()),
        terms_days=_terms(customer, entity),
        charges=tuple(_charge_facts(charge) for charge in charges),
    )


def _terms(customer: Customer | None, entity: BillingEntity) -> int:
    has_own = customer is not None and customer.payment_terms_days is not None
    return customer.payment_terms_days if customer and has_own else entity.payment_terms_days  # type: ignore[return-value]


def _charge_facts(charge: ShipmentCharge) -> ChargeFacts:
    tax_code = tax_code_of(charge)
    return ChargeFacts(
        charge_code=charge.charge_code.code if charge.charge_code else "",
        quantity=charge.quantity,
        unit_price=charge.unit_price,
        tax_rate=tax_code.rate if tax_code else None,
    )


def _to_bill(
    shipment: Shipment, customer: Customer, charges: list[ShipmentCharge], entity: BillingEntity
) -> ShipmentToBill:
    is_base = shipment.currency == entity.base_currency
    references = all_references(customer_reference=shipment.customer_reference, by_kind=shipment.references)
    complete = (_charge_to_bill(shipment, charge) for charge in charges)
    return ShipmentToBill(
        shipment_id=shipment.pk,
        number=shipment.number,
        customer_id=customer.pk,
        billing_entity_id=entity.pk,
        base_currency=entity.base_currency,
        currency=shipment.currency,
        exchange_rate=BASE_RATE if is_base or shipment.exchange_rate is None else shipment.exchange_rate,
        terms_days=_terms(customer, entity),
        customer_reference=shipment.customer_reference,
        references=tuple(references),
        list_date=shipment.list_date,
        grouping=Grouping(customer.grouping),
        charges=tuple(charge for charge in complete if charge is not None),
    )


def _charge_to_bill(shipment: Shipment, charge: ShipmentCharge) -> ChargeToBill | None:
    """None never happens to a shipment that misses nothing; the types cannot know."""
    code, tax_code = charge.charge_code, tax_code_of(charge)
    if code is None or tax_code is None or charge.quantity is None or charge.unit_price is None:
        return None
    return ChargeToBill(
        charge_id=charge.pk,
        shipment_id=shipment.pk,
        shipment_number=shipment.number,
        charge_code_id=code.pk,
        charge_code=code.code,
        description=charge.description or code.name,
        quantity=charge.quantity,
        unit_price=charge.unit_price,
        discount_percent=charge.discount_percent,
        tax_code_id=tax_code.pk,
        tax_code=tax_code.code,
        tax_rate=tax_code.rate,
    )
