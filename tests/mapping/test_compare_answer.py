from dataclasses import replace
from decimal import Decimal

import pytest

from integrations.mapping.compare_answer import AnsweredFigures, Difference, differences
from integrations.mapping.document_identity import NO_MARK
from integrations.mapping.documents import MappedDocument
from integrations.mapping.map_document import map_document
from tests.mapping.mapping_cases import rules_of, source_of

SAME = AnsweredFigures(
    total=Decimal("1375.00"), tax=Decimal("125.00"), currency="USD", exchange_rate=Decimal("0.652100")
)


def sent() -> MappedDocument:
    document = map_document(
        source_of({"currency": "USD", "exchange_rate": "0.6521"}), rules=rules_of({}), mark=NO_MARK
    ).document
    assert document is not None
    return document


@pytest.mark.parametrize(
    "answered",
    [
        SAME,
        replace(SAME, total=Decimal(1375)),
        replace(SAME, exchange_rate=None),
        replace(SAME, exchange_rate=Decimal("0.652101")),
    ],
)
def test_equal_figures_have_no_differences(answered: AnsweredFigures) -> None:
    assert differences(sent(), answered) == []


@pytest.mark.parametrize(
    ("answered", "difference"),
    [
        (replace(SAME, total=Decimal("1375.01")), Difference("total", "1375.00", "1375.01")),
        (replace(SAME, tax=Decimal("124.99")), Difference("tax", "125.00", "124.99")),
        (replace(SAME, currency="AUD"), Difference("currency", "USD", "AUD")),
        (replace(SAME, exchange_rate=Decimal("0.652102")), Difference("exchange rate", "0.6521", "0.652102")),
        (replace(SAME, exchange_rate=Decimal(1)), Difference("exchange rate", "0.6521", "1")),
    ],
)
def test_difference_of_a_cent_is_told(answered: AnsweredFigures, difference: Difference) -> None:
    assert differences(sent(), answered) == [difference]


def test_all_differences_are_told_at_once() -> None:
    other = AnsweredFigures(total=Decimal(0), tax=Decimal(0), currency="", exchange_rate=Decimal(0))

    assert [one.field for one in differences(sent(), other)] == ["total", "tax", "currency", "exchange rate"]
