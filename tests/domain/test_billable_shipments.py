from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.tenancy.models import Tenant
from invoices.domain.billable_shipments import BillableShipment, load_billable
from tests.freight_factories import (
    BillingEntityFactory,
    ChargeCodeFactory,
    ChargeFactory,
    CustomerFactory,
    ShipmentFactory,
    TaxCodeFactory,
    ready_shipment,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _entity(in_tenant: Tenant) -> None:
    BillingEntityFactory(payment_terms_days=30)


def load(*shipments: object, customer_key: str = "bill to") -> list[BillableShipment]:
    return load_billable([shipment.pk for shipment in shipments], customer_key=customer_key)  # type: ignore[attr-defined]


def missing(shipment: object) -> list[str]:
    (one,) = load(shipment)
    assert (one.to_bill is None) == bool(one.missing)
    return [each.field for each in one.missing]


def test_ready_shipment_can_be_billed() -> None:
    shipment = ready_shipment(references={"po": ["PO-9"]}, customer_reference="PO-1")

    (one,) = load(shipment)

    assert one.to_bill is not None
    assert (one.to_bill.number, one.to_bill.terms_days, one.to_bill.references) == (
        shipment.number,
        30,
        ("PO-1", "PO-9"),
    )
    assert [(charge.charge_code, charge.tax_rate) for charge in one.to_bill.charges] == [("FRT", Decimal(10))]


def test_shipment_without_charges_misses_nothing_and_bills_nothing() -> None:
    (one,) = load(ShipmentFactory(bill_to=None, currency="", incoterm=""))

    assert (one.missing, one.charges, one.to_bill) == ((), (), None)


@pytest.mark.parametrize(("key", "party"), [("bill to", "bill_to"), ("consignee", "consignee"), ("buyer", "buyer")])
def test_party_that_the_rules_name_is_billed(key: str, party: str) -> None:
    parties = {name: CustomerFactory(code=name.upper()) for name in ("bill_to", "consignee", "buyer")}
    shipment = ready_shipment(**parties)

    (one,) = load(shipment, customer_key=key)

    assert one.customer == parties[party]


def test_party_that_is_empty_is_missing() -> None:
    assert missing(ready_shipment(bill_to=None)) == ["customer"]


@pytest.mark.parametrize(("customer_days", "expected"), [(None, 30), (0, 0), (7, 7)])
def test_customers_own_terms_go_before_the_entitys(customer_days: int | None, expected: int) -> None:
    shipment = ready_shipment(bill_to=CustomerFactory(payment_terms_days=customer_days))

    (one,) = load(shipment)

    assert one.to_bill is not None
    assert one.to_bill.terms_days == expected


def test_charges_own_tax_code_goes_before_its_charge_codes() -> None:
    shipment = ShipmentFactory()
    ChargeFactory(shipment=shipment, tax_code=TaxCodeFactory(code="FREE", rate=0))

    (one,) = load(shipment)

    assert one.to_bill is not None
    assert [charge.tax_code for charge in one.to_bill.charges] == ["FREE"]


def test_charge_without_any_tax_code_is_not_ready() -> None:
    shipment = ShipmentFactory()
    ChargeFactory(shipment=shipment, charge_code=ChargeCodeFactory(code="X", sales_tax_code=None))

    assert missing(shipment) == ["tax_code"]


def test_charge_without_code_quantity_and_price_is_not_ready() -> None:
    shipment = ShipmentFactory()
    ChargeFactory(shipment=shipment, charge_code=None, quantity=None, unit_price=None)

    assert missing(shipment) == ["charge_code", "quantity", "unit_price", "tax_code"]


@pytest.mark.parametrize(
    ("currency", "rate", "expected"), [("AUD", None, "1"), ("AUD", "0.5", "1"), ("USD", "0.65", "0.65")]
)
def test_base_currency_has_the_rate_one_whatever_the_shipment_says(
    currency: str, rate: str | None, expected: str
) -> None:
    (one,) = load(ready_shipment(currency=currency, exchange_rate=rate))

    assert one.to_bill is not None
    assert one.to_bill.exchange_rate == Decimal(expected)


def test_shipments_come_in_the_order_asked_for_and_once_that_is_gone_is_left_out() -> None:
    first, second = ready_shipment(), ready_shipment()

    found = load_billable([second.pk, 0, first.pk], customer_key="bill to")

    assert [one.shipment for one in found] == [second, first]


def test_number_of_queries_does_not_grow() -> None:
    counts = []
    for number in (1, 20):
        shipments = [ready_shipment() for _ in range(number)]
        with CaptureQueriesContext(connection) as queries:
            load(*shipments)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 4
