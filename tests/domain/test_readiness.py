"""Every field that an invoice needs, missing one at a time and all at once (F31, F32, F43)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from invoices.domain.readiness import (
    INCOTERMS,
    ChargeFacts,
    CostFacts,
    ShipmentFacts,
    missing_costs,
    missing_fields,
)

CHARGE = ChargeFacts(charge_code="FRT", quantity=Decimal(1), unit_price=Decimal(10), tax_rate=Decimal(10))
COMPLETE = ShipmentFacts(
    number="SHP-1", exporter_reference="", is_booking=True, customer_code="ALOK", currency="AUD", base_currency="AUD",
    exchange_rate=None, incoterm="FOB", declared_value=Decimal(5000), dates=(date(2026, 3, 2), None), terms_days=30,
    charges=(CHARGE,),
)  # fmt: skip


def texts(**changes: Any) -> list[str]:
    return [missing.text for missing in missing_fields(replace(COMPLETE, **changes))]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"is_booking": False, "incoterm": "", "declared_value": None},
        {"number": "", "exporter_reference": "EXP-7"},
        {"currency": "USD", "exchange_rate": Decimal("0.65")},
        {"dates": (None, None, date(2026, 3, 2))},
        {"terms_days": 0},
        {"declared_value": Decimal(0)},
        {"charges": (replace(CHARGE, unit_price=Decimal(0)),)},
        {"charges": (replace(CHARGE, unit_price=Decimal(-5)),)},
        {"charges": (replace(CHARGE, tax_rate=Decimal(0)),)},
    ],
)
def test_shipment_with_all_it_needs_is_ready(changes: dict[str, Any]) -> None:
    assert texts(**changes) == []


@pytest.mark.parametrize("incoterm", sorted(INCOTERMS))
def test_every_incoterm_is_known(incoterm: str) -> None:
    assert texts(incoterm=incoterm) == []


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"customer_code": ""}, "customer", "No customer: the party that is billed has no code."),
        ({"number": ""}, "number", "Neither a shipment number nor an exporter reference."),
        ({"currency": ""}, "currency", "No currency."),
        ({"currency": "USD"}, "exchange_rate", "No exchange rate: how many USD for one AUD?"),
        (
            {"currency": "USD", "exchange_rate": Decimal("0.00")},
            "exchange_rate",
            "The exchange rate 0 is not above 0.",
        ),
        (
            {"currency": "USD", "exchange_rate": Decimal("-1.50")},
            "exchange_rate",
            "The exchange rate -1.5 is not above 0.",
        ),
        ({"incoterm": ""}, "incoterm", "No Incoterm: a booking needs one."),
        ({"incoterm": "XYZ"}, "incoterm", "XYZ is no Incoterm."),
        ({"declared_value": None}, "declared_value", "No value of the goods."),
        ({"dates": (None,)}, "etd_date", "No date: departure, arrival, delivery and creation are all empty."),
        (
            {"terms_days": None},
            "due_date",
            "No due date: neither the customer nor the billing entity has payment terms.",
        ),
        ({"charges": (replace(CHARGE, charge_code=""),)}, "charge_code", "Charge 1 has no charge code."),
        ({"charges": (replace(CHARGE, quantity=None),)}, "quantity", "Charge FRT has no quantity."),
        ({"charges": (replace(CHARGE, quantity=Decimal(0)),)}, "quantity", "Charge FRT has no quantity."),
        ({"charges": (replace(CHARGE, unit_price=None),)}, "unit_price", "Charge FRT has no price."),
        (
            {"charges": (replace(CHARGE, tax_rate=None),)},
            "tax_code",
            "Charge FRT has no tax code, and neither has its charge code.",
        ),
    ],
)
def test_missing_field_is_named_with_its_sentence(changes: dict[str, Any], field: str, text: str) -> None:
    (missing,) = missing_fields(replace(COMPLETE, **changes))

    assert (missing.field, missing.text) == (field, text)


def test_everything_that_is_missing_is_told_at_once_in_the_order_of_the_form() -> None:
    empty = ShipmentFacts(
        number="", exporter_reference="", is_booking=True, customer_code="", currency="", base_currency="AUD",
        exchange_rate=None, incoterm="", declared_value=None, dates=(None,), terms_days=None,
        charges=(CHARGE, ChargeFacts(charge_code="", quantity=None, unit_price=None, tax_rate=None)),
    )  # fmt: skip

    fields = [missing.field for missing in missing_fields(empty)]

    assert fields == [
        "customer", "number", "currency", "incoterm", "declared_value", "etd_date", "due_date", "charge_code",
        "quantity", "unit_price", "tax_code",
    ]  # fmt: skip


COST = CostFacts(charge=CHARGE, supplier_code="CARRIER", supplier_number="C-1")


@pytest.mark.parametrize(
    ("cost", "changes", "fields"),
    [
        (COST, {}, []),
        (COST, {"customer_code": "", "incoterm": "", "declared_value": None, "terms_days": None}, []),
        (replace(COST, supplier_code="", supplier_number=""), {}, ["supplier", "supplier_number"]),
        (replace(COST, charge=replace(CHARGE, tax_rate=None)), {"currency": "USD"}, ["exchange_rate", "tax_code"]),
    ],
)
def test_cost_needs_its_supplier_and_his_number_and_nothing_of_the_customer(
    cost: CostFacts, changes: dict[str, Any], fields: list[str]
) -> None:
    assert [one.field for one in missing_costs(replace(COMPLETE, **changes), (cost,))] == fields
