"""Sixty shipments that are ready: what an operator sends at the end of a month."""

from invoices.models import ChargeCode, Shipment
from invoices.workflows.assess_shipments import assess_shipments
from tests.conftest import NOW
from tests.freight_factories import ChargeCodeFactory, ChargeFactory, CustomerFactory, ShipmentFactory

SHIPMENTS = 60


def month_of_freight(*, count: int = SHIPMENTS, code: ChargeCode | None = None) -> list[Shipment]:
    """Of five customers, each with one charge, freight unless `code` says otherwise; checked. In the tenant's scope."""
    customers, code = CustomerFactory.create_batch(5), code or ChargeCodeFactory()
    shipments = [ShipmentFactory(bill_to=customers[number % 5]) for number in range(count)]
    for shipment in shipments:
        ChargeFactory(shipment=shipment, charge_code=code)
    ids = [shipment.pk for shipment in shipments]
    assess_shipments(ids, tenant=shipments[0].tenant, now=NOW)
    return shipments
