from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.pdf.amount_in_words import ONES, SCALES, TENS, amount_in_words, in_words


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("1234.50", "USD", "One thousand two hundred thirty-four US dollars and 50 cents"),
        ("1.01", "GBP", "One British pound and 1 penny"),
        ("48000.00", "JPY", "Forty-eight thousand Japanese yen"),
        ("0.50", "JPY", "Zero Japanese yen and 50/100"),
        ("1.25", "KWD", "One Kuwaiti dinar and 250 fils"),
        ("20000017.10", "AED", "Twenty million seventeen UAE dirhams and 10 fils"),
        ("100.05", "ISK", "One hundred Icelandic krónur and 05/100"),
        ("-5.50", "CHF", "Minus five Swiss francs and 50 centimes"),
        ("0.00", "EUR", "Zero euros"),
        ("99.05", "XXQ", "Ninety-nine XXQ and 05/100"),
        ("99999999999999.99", "AUD", None),
    ],
)
def test_total_is_told_in_the_words_of_its_currency(amount: str, currency: str, words: str | None) -> None:
    told = amount_in_words(Decimal(amount), currency)

    assert told == words or (words is None and told.endswith(" Australian dollars and 99 cents"))


@given(st.integers(0, 10**15 - 1))
def test_words_say_the_number_again(number: int) -> None:
    assert read_back(in_words(number)) == number


def read_back(text: str) -> int:
    """The number that the words name."""
    scales = {name: scale for scale, name in SCALES}
    total = part = 0
    for word in text.replace("-", " ").split():
        if word in ONES:
            part += ONES.index(word)
        elif word in TENS:
            part += 10 * TENS.index(word)
        elif word == "hundred":
            part *= 100
        else:
            total, part = total + part * scales[word], 0
    return total + part
