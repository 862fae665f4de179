from datetime import date
from decimal import Decimal

import pytest

from invoices.models.invoice import InvoiceKind
from invoices.pdf.invoice_view_model import TITLES, PrintedTax, TaxShare, day, money, number, price, tax_summary


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("1234567.5", "1,234,567.50"), ("0", "0.00"), ("-12.3", "-12.30"), ("0.005", "0.00"), ("1E+3", "1,000.00")],
)
def test_money_has_two_places(amount: str, expected: str) -> None:
    assert money(Decimal(amount)) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("1.0000", "1"), ("1234.5", "1,234.5"), ("0.4250", "0.425"), ("0.65432100", "0.6543")]
)
def test_quantity_has_no_places_that_say_nothing(value: str, expected: str) -> None:
    assert number(Decimal(value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("10", "10.00"), ("0.425", "0.425"), ("1.99995", "2.00"), ("7.1250", "7.125")]
)
def test_price_has_two_to_four_places(value: str, expected: str) -> None:
    assert price(Decimal(value)) == expected


@pytest.mark.parametrize(("value", "expected"), [(date(2026, 3, 2), "2 Mar 2026"), (None, "")])
def test_day_is_written_out(value: date | None, expected: str) -> None:
    assert day(value) == expected


def test_taxes_are_summed_by_name_in_the_order_they_occur() -> None:
    shares = [
        TaxShare("GST (10 %)", Decimal("100.00"), Decimal("10.00")),
        TaxShare("Free (0 %)", Decimal("50.00"), Decimal("0.00")),
        TaxShare("GST (10 %)", Decimal("0.25"), Decimal("0.03")),
    ]

    assert tax_summary(shares) == (
        PrintedTax(name="GST (10 %)", net="100.25", tax="10.03"),
        PrintedTax(name="Free (0 %)", net="50.00", tax="0.00"),
    )
    assert tax_summary([]) == ()


def test_every_kind_of_invoice_has_a_title() -> None:
    assert set(TITLES) == set(InvoiceKind.values)
