"""What goes onto one invoice, by the customer's rule (F68)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.domain.draft_input import ChargeToBill, ShipmentToBill
from invoices.domain.grouping import group_shipments
from invoices.models.customer import Grouping
from invoices.models.shipment import ShipmentDocument
from invoices.models.shipment_charge import Side

CHARGE = ChargeToBill(
    charge_id=1, shipment_id=1, shipment_number="S1", charge_code_id=1, charge_code="FRT", description="Freight",
    quantity=Decimal(1), unit_price=Decimal(100), discount_percent=Decimal(0), tax_code_id=1, tax_code="GST",
    tax_rate=Decimal(10),
)  # fmt: skip
SHIPMENT = ShipmentToBill(
    shipment_id=1, number="S1", customer_id=1, billing_entity_id=1, base_currency="AUD", currency="AUD",
    exchange_rate=Decimal(1), terms_days=30, customer_reference="PO-1", references=("PO-1",),
    list_date=date(2026, 3, 2), grouping=Grouping.MONTHLY, charges=(CHARGE,),
)  # fmt: skip
some = st.lists(
    st.builds(
        lambda number, **fields: replace(SHIPMENT, shipment_id=number, number=f"S{number}", **fields),
        number=st.integers(1, 10_000), customer_id=st.integers(1, 3), currency=st.sampled_from(["AUD", "USD"]),
        customer_reference=st.sampled_from(["", "PO-1", "PO-2"]), grouping=st.sampled_from(list(Grouping)),
        list_date=st.dates(date(2025, 12, 25), date(2026, 1, 10)),
    ),
    max_size=30, unique_by=lambda shipment: shipment.shipment_id,
)  # fmt: skip


def shipments(*changes: dict[str, Any]) -> list[ShipmentToBill]:
    return [replace(SHIPMENT, shipment_id=number, **fields) for number, fields in enumerate(changes, start=1)]


def groups(*changes: dict[str, Any]) -> list[list[int]]:
    return [[one.shipment_id for one in draft.shipments] for draft in group_shipments(shipments(*changes))]


@given(some)
def test_every_shipment_is_on_exactly_one_invoice(given_shipments: list[ShipmentToBill]) -> None:
    drafts = group_shipments(given_shipments)

    billed = [one.shipment_id for draft in drafts for one in draft.shipments]
    assert sorted(billed) == sorted(one.shipment_id for one in given_shipments)


@given(some)
def test_invoice_has_one_customer_one_currency_and_one_rule(given_shipments: list[ShipmentToBill]) -> None:
    for draft in group_shipments(given_shipments):
        keys = {(one.customer_id, one.billing_entity_id, one.currency, one.grouping) for one in draft.shipments}
        assert len(keys) == 1


@pytest.mark.parametrize(
    ("grouping", "expected"),
    [
        (Grouping.PER_SHIPMENT, [[1], [2], [3], [4], [5]]),
        (Grouping.BY_REFERENCE, [[1, 3], [2], [4], [5]]),
        (Grouping.DAILY, [[1, 2], [3], [4], [5]]),
        (Grouping.WEEKLY, [[1, 2, 3], [4], [5]]),
        (Grouping.MONTHLY, [[1, 2, 3, 4], [5]]),
    ],
)
def test_rule_of_the_customer_decides(grouping: Grouping, expected: list[list[int]]) -> None:
    common = {"grouping": grouping}

    assert groups(
        common | {"customer_reference": "A", "list_date": date(2026, 3, 2)},
        common | {"customer_reference": "B", "list_date": date(2026, 3, 2)},
        common | {"customer_reference": "A", "list_date": date(2026, 3, 8)},
        common | {"customer_reference": "", "list_date": date(2026, 3, 9)},
        common | {"customer_reference": "", "list_date": date(2026, 4, 1)},
    ) == expected  # fmt: skip


@pytest.mark.parametrize(
    "other", [{"customer_id": 2}, {"billing_entity_id": 2}, {"currency": "USD"}, {"exchange_rate": Decimal(2)}]
)
def test_what_cannot_stand_on_one_invoice_goes_apart(other: dict[str, Any]) -> None:
    assert groups({}, other, {}) == [[1, 3], [2]]


def test_week_of_the_turn_of_the_year_is_one_week() -> None:
    weekly = {"grouping": Grouping.WEEKLY}

    assert groups(weekly | {"list_date": date(2025, 12, 31)}, weekly | {"list_date": date(2026, 1, 1)}) == [[1, 2]]


@pytest.mark.parametrize(
    ("prices", "kind"),
    [
        (["100", "-40"], "sales invoice"),
        (["40", "-100"], "sales credit note"),
        (["100", "-100"], "sales invoice"),
        (["0"], "sales invoice"),
        (["-0.01"], "sales credit note"),
    ],
)
def test_group_that_comes_to_less_than_nothing_is_a_credit_note(prices: list[str], kind: str) -> None:
    (draft,) = group_shipments(
        shipments(*({"charges": (replace(CHARGE, unit_price=Decimal(price)),)} for price in prices))
    )

    assert draft.kind == kind
    assert draft.totals.total >= 0


def test_references_of_an_invoice_are_each_named_once() -> None:
    (draft,) = group_shipments(shipments(*({"customer_reference": reference} for reference in ("B", "A", "", "B"))))

    assert draft.customer_references == ("B", "A")


@pytest.mark.parametrize(
    ("fields", "price", "kind"),
    [
        ({"document": ShipmentDocument.QUOTE}, "100", "quote"),
        ({"document": ShipmentDocument.QUOTE}, "-100", "sales credit note"),
        ({"side": Side.COST}, "100", "bill"),
        ({"side": Side.COST}, "-100", "bill credit note"),
        ({"side": Side.COST, "document": ShipmentDocument.QUOTE}, "100", "bill"),
    ],
)
def test_side_and_choice_decide_the_kind(fields: dict[str, Any], price: str, kind: str) -> None:
    (draft,) = group_shipments(shipments({**fields, "charges": (replace(CHARGE, unit_price=Decimal(price)),)}))

    assert draft.kind == kind
    assert draft.totals.total == 110


def test_costs_are_grouped_by_the_suppliers_number_whatever_his_rule_as_a_customer() -> None:
    cost = {"side": Side.COST, "grouping": Grouping.PER_SHIPMENT}

    assert groups(
        cost | {"supplier_number": "C-1"}, cost | {"supplier_number": "C-2"}, cost | {"supplier_number": "C-1"}, {}
    ) == [[1, 3], [2], [4]]


def test_quotes_and_invoices_of_a_month_are_kept_apart() -> None:
    assert groups({}, {"document": ShipmentDocument.QUOTE}, {}) == [[1, 3], [2]]
