"""Whatever a line says, Xero must arrive at the net amount that our invoice shows."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.mapping.exact_amounts import FOUR_PLACES, TWO_PLACES, exact_amounts
from integrations.mapping.source import ExportableLine
from invoices.domain.totals import line_amounts

quantities = st.decimals("0.0001", "99999.9999", places=4)
prices = st.decimals("-99999.9999", "99999.9999", places=4)
steps = st.sampled_from([TWO_PLACES, FOUR_PLACES])
discounts = st.one_of(st.just(Decimal(0)), st.decimals("0", "100", places=4))


def line(quantity: Decimal, unit_price: Decimal, discount: Decimal) -> ExportableLine:
    amounts = line_amounts(quantity=quantity, unit_price=unit_price, discount_percent=discount, tax_rate=Decimal(10))
    return ExportableLine(
        description="Storage",
        charge_code="STO",
        quantity=quantity,
        unit_price=unit_price,
        discount_percent=discount,
        tax_code="GST",
        tax_rate=Decimal(10),
        net_amount=amounts.net,
        tax_amount=amounts.tax,
    )


def as_xero_counts(quantity: Decimal, unit_amount: Decimal, discount: Decimal, *, unit_step: Decimal) -> Decimal:
    """Quantity at four places, price at four too where `unitdp=4` says so, the product at two."""
    kept = quantity.quantize(FOUR_PLACES, ROUND_HALF_UP) * unit_amount.quantize(unit_step, ROUND_HALF_UP)
    return (kept * (100 - discount) / 100).quantize(TWO_PLACES, ROUND_HALF_UP)


@given(quantity=quantities, unit_price=prices, discount=discounts, takes_discount=st.booleans(), unit_step=steps)
def test_xero_counts_to_the_very_net_amount(
    quantity: Decimal, unit_price: Decimal, discount: Decimal, takes_discount: bool, unit_step: Decimal
) -> None:
    ours = line(quantity, unit_price, discount)

    sent = exact_amounts(ours, takes_discount=takes_discount, unit_step=unit_step)

    counted = as_xero_counts(sent.quantity, sent.unit_amount, sent.discount_percent, unit_step=unit_step)
    assert counted == ours.net_amount


@given(quantity=quantities, unit_price=prices, discount=discounts, takes_discount=st.booleans())
def test_what_is_sent_needs_no_rounding(
    quantity: Decimal, unit_price: Decimal, discount: Decimal, takes_discount: bool
) -> None:
    ours = line(quantity, unit_price, discount)

    sent = exact_amounts(ours, takes_discount=takes_discount)

    product = sent.quantity * sent.unit_amount * (100 - sent.discount_percent) / 100
    assert product == product.quantize(Decimal("0.01"))


@given(quantity=quantities, unit_price=prices, discount=discounts)
def test_documents_without_discounts_are_sent_none(quantity: Decimal, unit_price: Decimal, discount: Decimal) -> None:
    sent = exact_amounts(line(quantity, unit_price, discount), takes_discount=False)

    assert sent.discount_percent == 0


@pytest.mark.parametrize(
    ("quantity", "unit_price", "discount", "description", "sent"),
    [
        ("2", "10.50", "0", "Storage", ("2", "10.50", "0")),
        ("400", "0.4250", "0", "Storage", ("400", "0.4250", "0")),
        ("1", "200", "12.5", "Storage", ("1", "200", "12.5")),
        ("3", "0.3333", "0", "Storage (3 × 0.3333)", ("1", "1.00", "0")),
        ("10", "0.333", "3", "Storage (10 × 0.333 less 3 %)", ("1", "3.23", "0")),
        ("1.0000", "99.9999", "0", "Storage (1 × 99.9999)", ("1", "100.00", "0")),
    ],
)
def test_line_that_is_not_exact_says_how_it_was_counted(
    quantity: str, unit_price: str, discount: str, description: str, sent: tuple[str, str, str]
) -> None:
    ours = line(Decimal(quantity), Decimal(unit_price), Decimal(discount))

    amounts = exact_amounts(ours, takes_discount=True)

    assert amounts.description == description
    assert (amounts.quantity, amounts.unit_amount, amounts.discount_percent) == tuple(map(Decimal, sent))
