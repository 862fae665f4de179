from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.xero_sandbox.books.document_records import Line
from integrations.xero_sandbox.rules.line_arithmetic import line_total, rounded_unit, sum_up, tax_on

CENTS = st.decimals(min_value=-10_000, max_value=10_000, places=2)
RATES = st.decimals(min_value=0, max_value=30, places=1)


@pytest.mark.parametrize(
    ("quantity", "unit", "discount_rate", "discount_amount", "total"),
    [
        ("1", "100", None, None, "100.00"),
        ("3", "0.335", None, None, "1.01"),
        ("2", "10.50", None, None, "21.00"),
        ("1.5", "0.01", None, None, "0.02"),
        ("4", "25", "10", None, "90.00"),
        ("4", "25", None, "12.50", "87.50"),
        ("-1", "25", None, None, "-25.00"),
    ],
)
def test_line_total(
    quantity: str, unit: str, discount_rate: str | None, discount_amount: str | None, total: str
) -> None:
    assert line_total(
        quantity=Decimal(quantity),
        unit_amount=Decimal(unit),
        discount_rate=Decimal(discount_rate) if discount_rate else None,
        discount_amount=Decimal(discount_amount) if discount_amount else None,
        rounding=ROUND_HALF_UP,
    ) == Decimal(total)


@pytest.mark.parametrize(
    ("amount", "rate", "kind", "rounding", "tax"),
    [
        ("100.00", "10", "Exclusive", ROUND_HALF_UP, "10.00"),
        ("541.25", "15", "Inclusive", ROUND_HALF_UP, "70.60"),
        ("0.05", "10", "Exclusive", ROUND_HALF_UP, "0.01"),
        ("0.05", "10", "Exclusive", ROUND_HALF_EVEN, "0.00"),
        ("0.15", "10", "Exclusive", ROUND_HALF_EVEN, "0.02"),
        ("-0.05", "10", "Exclusive", ROUND_HALF_UP, "-0.01"),
        ("100.00", "10", "NoTax", ROUND_HALF_UP, "0.00"),
        ("100.00", "0", "Exclusive", ROUND_HALF_UP, "0.00"),
    ],
)
def test_tax_of_a_line(amount: str, rate: str, kind: str, rounding: str, tax: str) -> None:
    assert tax_on(Decimal(amount), rate=Decimal(rate), line_amount_types=kind, rounding=rounding) == Decimal(tax)


@pytest.mark.parametrize(("places", "unit"), [(2, "0.13"), (4, "0.1250")])
def test_unit_price_is_rounded_to_its_places(places: int, unit: str) -> None:
    assert rounded_unit(Decimal("0.125"), places=places, rounding=ROUND_HALF_UP) == Decimal(unit)


@given(amounts=st.lists(CENTS, max_size=20), rate=RATES, kind=st.sampled_from(["Exclusive", "Inclusive", "NoTax"]))
def test_totals_always_add_up(amounts: list[Decimal], rate: Decimal, kind: str) -> None:
    lines = [
        Line(
            line_item_id="",
            line_amount=amount,
            tax_amount=tax_on(amount, rate=rate, line_amount_types=kind, rounding=ROUND_HALF_UP),
        )
        for amount in amounts
    ]

    totals = sum_up(lines, line_amount_types=kind, rounding=ROUND_HALF_UP)

    assert totals.sub_total + totals.total_tax == totals.total
    assert totals.total_tax == sum((line.tax_amount for line in lines if line.tax_amount), Decimal(0))


def test_line_of_text_counts_for_nothing() -> None:
    totals = sum_up([Line(line_item_id="")], line_amount_types="Exclusive", rounding=ROUND_HALF_UP)

    assert (totals.total, totals.total_discount) == (Decimal("0.00"), Decimal("0.00"))
