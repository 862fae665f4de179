from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.domain.totals import LineAmounts, Totals, line_amounts, sum_lines

quantities = st.decimals("0", "99999.9999", places=4)
prices = st.decimals("-99999.9999", "99999.9999", places=4)
percents = st.decimals("0", "100", places=4)
CENT = Decimal("0.01")


def amounts(quantity: str, price: str, discount: str = "0", tax: str = "10") -> tuple[str, str]:
    line = line_amounts(
        quantity=Decimal(quantity), unit_price=Decimal(price), discount_percent=Decimal(discount), tax_rate=Decimal(tax)
    )
    return str(line.net), str(line.tax)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (("1", "1250.00"), ("1250.00", "125.00")),
        (("3", "0.3333"), ("1.00", "0.10")),
        (("1", "0.005"), ("0.01", "0.00")),
        (("1", "0.25"), ("0.25", "0.03")),
        (("1", "-0.25"), ("-0.25", "-0.03")),
        (("1", "0.05"), ("0.05", "0.01")),
        (("2", "100", "12.5"), ("175.00", "17.50")),
        (("2", "100", "100"), ("0.00", "0.00")),
        (("10", "9.999", "0", "0"), ("99.99", "0.00")),
        (("1", "100", "0", "12.5"), ("100.00", "12.50")),
        (("1", "33.33", "0", "15"), ("33.33", "5.00")),
    ],
)
def test_line_is_rounded_half_up_to_the_cent(line: tuple[str, ...], expected: tuple[str, str]) -> None:
    assert amounts(*line) == expected


@given(quantity=quantities, price=prices, discount=percents, tax=percents)
def test_line_is_within_half_a_cent_of_the_exact_product(
    quantity: Decimal, price: Decimal, discount: Decimal, tax: Decimal
) -> None:
    line = line_amounts(quantity=quantity, unit_price=price, discount_percent=discount, tax_rate=tax)

    assert abs(line.net - quantity * price * (100 - discount) / 100) <= CENT / 2
    assert abs(line.tax - line.net * tax / 100) <= CENT / 2
    assert line.net == line.net.quantize(CENT)


@given(quantity=quantities, price=prices, discount=percents, tax=percents)
def test_credit_mirrors_its_charge(quantity: Decimal, price: Decimal, discount: Decimal, tax: Decimal) -> None:
    charge = line_amounts(quantity=quantity, unit_price=price, discount_percent=discount, tax_rate=tax)
    credit = line_amounts(quantity=quantity, unit_price=-price, discount_percent=discount, tax_rate=tax)

    assert (credit.net, credit.tax) == (-charge.net, -charge.tax)


@given(st.lists(st.tuples(st.decimals(-9999, 9999, places=2), st.decimals(-9999, 9999, places=2)), max_size=50))
def test_totals_are_sums_of_what_the_lines_show(lines: list[tuple[Decimal, Decimal]]) -> None:
    totals = sum_lines(LineAmounts(*line) for line in lines)

    assert totals == Totals(sum((net for net, _ in lines), Decimal(0)), sum((tax for _, tax in lines), Decimal(0)))
    assert totals.total == totals.net + totals.tax


def test_nothing_comes_to_nothing() -> None:
    assert str(sum_lines([]).total) == "0.00"
