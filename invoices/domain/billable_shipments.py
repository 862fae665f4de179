"""Reads shipments with the charges that no invoice bills yet: a fixed number of queries for any number of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from invoices.domain.draft_input import ShipmentToBill
from invoices.domain.parts_to_bill import TaxOf, part_to_bill, parts_to_pay, tax_code_of, terms_of
from invoices.domain.readiness import ChargeFacts, CostFacts, Missing, ShipmentFacts, missing_costs, missing_fields
from invoices.models import BillingEntity, ChargeCode, Customer, Shipment, ShipmentCharge, TaxCode
from invoices.models.shipment import JobType, ShipmentDocument
from invoices.models.shipment_charge import Side

PARTIES = {"bill to": "bill_to", "consignee": "consignee", "buyer": "buyer"}


class NoBillingEntityError(Exception):
    """The tenant has no billing entity to raise invoices by."""


@dataclass(frozen=True, slots=True)
class Unbilled:
    """A shipment with its party, and its charges that no invoice bills, with their codes, taxes and suppliers."""

    shipment: Shipment
    charges: Sequence[ShipmentCharge]


@dataclass(frozen=True, slots=True, kw_only=True)
class BillableShipment:
    """
    `to_bill` is None where there is nothing to bill, or something is missing. `to_pay` holds what becomes of the
    `costs`, for each supplier and number; nothing where something is missing.
    """

    shipment: Shipment
    customer: Customer | None
    charges: tuple[ShipmentCharge, ...]
    missing: tuple[Missing, ...]
    to_bill: ShipmentToBill | None
    costs: tuple[ShipmentCharge, ...]
    missing_costs: tuple[Missing, ...]
    to_pay: tuple[ShipmentToBill, ...]

    @property
    def suppliers(self) -> dict[int, Customer]:
        return {charge.supplier.pk: charge.supplier for charge in self.costs if charge.supplier}

    @property
    def party_codes(self) -> set[str]:
        """Of everybody whose contact in Xero matters."""
        return {party.code for party in (self.customer, *self.suppliers.values()) if party}


def load_billable(
    shipment_ids: Sequence[int],
    *,
    customer_key: str,
    document: str = ShipmentDocument.INVOICE,
    tax_of: TaxOf = tax_code_of,
    entity: BillingEntity | None = None,
) -> list[BillableShipment]:
    """
    In the order of the ids. `customer_key`: which party is billed, `document`: what a shipment becomes that says
    nothing itself, as the sending rules have it; `tax_of`: how charges are taxed; `entity`: who bills; None: the
    default one.

    Raises NoBillingEntityError.
    """
    shipments = Shipment.objects.select_related(f"{PARTIES[customer_key]}__tax_code").in_bulk(shipment_ids)
    charges = _unbilled_charges(shipment_ids)
    found = [Unbilled(shipments[pk], charges[pk]) for pk in shipment_ids if pk in shipments]
    return billable_of(found, customer_key=customer_key, document=document, tax_of=tax_of, entity=entity)


def billable_of(
    found: Iterable[Unbilled],
    *,
    customer_key: str,
    document: str = ShipmentDocument.INVOICE,
    tax_of: TaxOf = tax_code_of,
    entity: BillingEntity | None = None,
) -> list[BillableShipment]:
    """`load_billable` of what has been read already, or is not in the database yet. Raises NoBillingEntityError."""
    party, biller = PARTIES[customer_key], entity or default_entity()
    return [
        _billable(one.shipment, getattr(one.shipment, party), one.charges, biller, document=document, tax_of=tax_of)
        for one in found
    ]


def default_entity() -> BillingEntity:
    """Raises NoBillingEntityError."""
    entity = BillingEntity.objects.filter(is_default=True).first()
    if entity is None:
        raise NoBillingEntityError("There is no billing entity yet, so no invoice can be raised.")
    return entity


def _unbilled_charges(shipment_ids: Sequence[int]) -> dict[int, list[ShipmentCharge]]:
    found: dict[int, list[ShipmentCharge]] = defaultdict(list)
    rows = ShipmentCharge.objects.filter(shipment__in=shipment_ids, invoice=None)
    # Each of the few codes and suppliers once, not once for each charge.
    codes = ChargeCode.objects.select_related("sales_tax_code", "purchase_tax_code")
    suppliers = Customer.objects.select_related("tax_code")
    related = (Prefetch("charge_code", codes), "tax_code", Prefetch("supplier", suppliers))
    for charge in rows.prefetch_related(*related).order_by("id"):
        found[charge.shipment_id].append(charge)
    return found


def _billable(
    shipment: Shipment,
    customer: Customer | None,
    unbilled: Iterable[ShipmentCharge],
    entity: BillingEntity,
    *,
    document: str,
    tax_of: TaxOf,
) -> BillableShipment:
    # What is offered waits for the customer's yes, unless somebody decided that this shipment is invoiced.
    takes_quoted = shipment.document == ShipmentDocument.INVOICE
    free = [charge for charge in unbilled if charge.quote_id is None or takes_quoted]
    charges = [charge for charge in free if charge.side == Side.SELL]
    costs = [charge for charge in free if charge.side == Side.COST]
    facts = _facts(shipment, customer, charges, entity, tax_of)
    missing = tuple(missing_fields(facts)) if charges else ()
    missing_of_costs = tuple(missing_costs(facts, tuple(_cost_facts(one, tax_of) for one in costs))) if costs else ()
    chosen = ShipmentDocument(shipment.document or document)
    is_complete = customer is not None and bool(charges) and not missing
    return BillableShipment(
        shipment=shipment,
        customer=customer,
        charges=tuple(charges),
        missing=missing,
        to_bill=part_to_bill(shipment, customer, charges, entity, document=chosen, tax_of=tax_of)
        if is_complete and customer
        else None,
        costs=tuple(costs),
        missing_costs=missing_of_costs,
        to_pay=() if missing_of_costs else tuple(parts_to_pay(shipment, costs, entity, tax_of=tax_of)),
    )


def _facts(
    shipment: Shipment,
    customer: Customer | None,
    charges: list[ShipmentCharge],
    entity: BillingEntity,
    tax_of: TaxOf,
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
        terms_days=terms_of(customer, entity),
        charges=tuple(_charge_facts(charge, tax_of(charge, customer)) for charge in charges),
    )


def _charge_facts(charge: ShipmentCharge, tax_code: TaxCode | None) -> ChargeFacts:
    return ChargeFacts(
        charge_code=charge.charge_code.code if charge.charge_code else "",
        quantity=charge.quantity,
        unit_price=charge.unit_price,
        tax_rate=tax_code.rate if tax_code else None,
    )


def _cost_facts(charge: ShipmentCharge, tax_of: TaxOf) -> CostFacts:
    return CostFacts(
        charge=_charge_facts(charge, tax_of(charge, charge.supplier)),
        supplier_code=charge.supplier.code if charge.supplier else "",
        supplier_number=charge.supplier_number,
    )
