"""A shipment's charges, complete and checked, as the plain parts that drafting works on."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal

from invoices.domain.draft_input import ChargeToBill, ShipmentToBill
from invoices.domain.reference_list import all_references
from invoices.models import BillingEntity, Customer, Shipment, ShipmentCharge, TaxCode
from invoices.models.customer import Grouping
from invoices.models.shipment import ShipmentDocument
from invoices.models.shipment_charge import Side

BASE_RATE = Decimal(1)
# Which tax code a charge is taxed by, for whom it is billed to or bought from; None where nothing says it.
TaxOf = Callable[[ShipmentCharge, Customer | None], TaxCode | None]


def tax_code_of(charge: ShipmentCharge, party: Customer | None) -> TaxCode | None:
    """The charge's own, else the customer's or supplier's, else its charge code's for its side."""
    return (charge.tax_code or (party and party.tax_code)) or own_tax_code(charge)


def own_tax_code(charge: ShipmentCharge) -> TaxCode | None:
    """Its charge code's, for its side."""
    code = charge.charge_code
    return (code.purchase_tax_code if charge.side == Side.COST else code.sales_tax_code) if code else None


def dimensions_of(shipment: Shipment) -> tuple[tuple[str, str], ...]:
    """What tracking may be chosen by; a lane is where from and where to."""
    lane = f"{shipment.origin}-{shipment.destination}" if shipment.origin and shipment.destination else ""
    found = {
        "branch": shipment.branch,
        "department": shipment.department,
        "mode": shipment.mode,
        "job type": shipment.job_type,
        "lane": lane,
    }
    return tuple((name, value) for name, value in found.items() if value)


def terms_of(party: Customer | None, entity: BillingEntity) -> int:
    """Days from issue to due date."""
    own: int | None = party.payment_terms_days if party is not None else None
    of_entity: int = entity.payment_terms_days
    return of_entity if own is None else own


def part_to_bill(
    shipment: Shipment,
    customer: Customer,
    charges: Sequence[ShipmentCharge],
    entity: BillingEntity,
    *,
    document: ShipmentDocument,
    tax_of: TaxOf,
) -> ShipmentToBill:
    """What its customer is billed, or offered."""
    return _part(shipment, customer, charges, entity, Side.SELL, document=document, tax_of=tax_of)


def parts_to_pay(
    shipment: Shipment, costs: Sequence[ShipmentCharge], entity: BillingEntity, *, tax_of: TaxOf
) -> list[ShipmentToBill]:
    """One for each supplier and number of his."""
    found: dict[tuple[int | None, str], list[ShipmentCharge]] = defaultdict(list)
    for charge in costs:
        found[charge.supplier_id, charge.supplier_number].append(charge)
    return [
        _part(shipment, members[0].supplier, members, entity, Side.COST, supplier_number=number, tax_of=tax_of)
        for (_, number), members in found.items()
        if members[0].supplier is not None
    ]


def _part(
    shipment: Shipment,
    party: Customer,
    charges: Sequence[ShipmentCharge],
    entity: BillingEntity,
    side: Side,
    *,
    document: ShipmentDocument = ShipmentDocument.INVOICE,
    supplier_number: str = "",
    tax_of: TaxOf,
) -> ShipmentToBill:
    is_base = shipment.currency == entity.base_currency
    references = all_references(customer_reference=shipment.customer_reference, by_kind=shipment.references)
    complete = (_charge_to_bill(shipment, charge, tax_of(charge, party)) for charge in charges)
    return ShipmentToBill(
        shipment_id=shipment.pk,
        number=shipment.number,
        customer_id=party.pk,
        billing_entity_id=entity.pk,
        base_currency=entity.base_currency,
        currency=shipment.currency,
        exchange_rate=BASE_RATE if is_base or shipment.exchange_rate is None else shipment.exchange_rate,
        terms_days=terms_of(party, entity),
        customer_reference=shipment.customer_reference,
        references=tuple(references),
        list_date=shipment.list_date,
        grouping=Grouping(party.grouping),
        charges=tuple(charge for charge in complete if charge is not None),
        side=side,
        document=document,
        supplier_number=supplier_number,
        dimensions=dimensions_of(shipment),
    )


def _charge_to_bill(shipment: Shipment, charge: ShipmentCharge, tax_code: TaxCode | None) -> ChargeToBill | None:
    """None never happens to a shipment that misses nothing; the types cannot know."""
    code = charge.charge_code
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
        cost_centre=charge.cost_centre,
        quote_id=charge.quote_id,
    )
