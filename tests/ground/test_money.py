from decimal import Decimal

import pytest

from freightbridge.money import round_money


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("0.005", "0.01"),
        ("0.0049999", "0.00"),
        ("-0.005", "-0.01"),
        ("2.675", "2.68"),
        ("1", "1.00"),
        ("1E+3", "1000.00"),
        ("99999999999999.995", "100000000000000.00"),
    ],
)
def test_amount_is_rounded_half_up_to_the_cent(amount: str, expected: str) -> None:
    assert str(round_money(Decimal(amount))) == expected
