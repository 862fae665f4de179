from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.intake.edi.freight_message import FreightMessage, Reference, ReferenceKind
from invoices.intake.edi.x12_reader import read_x12
from invoices.intake.source_table import UnreadableFileError
from tests.intake.carrier_messages import LTL, PARCEL, TRUCKLOAD, x12

MARKS = "!#$%&()+,/:;<=>?@[]^{|}~*\x1c\x1d"


def amounts(message: FreightMessage) -> list[tuple[str, str, Decimal]]:
    return [(charge.code, charge.description, charge.amount) for charge in message.charges]


def test_carriers_invoice_has_its_linehaul_and_accessorials() -> None:
    (message,) = read_x12(x12(LTL).encode()).messages

    assert message.refusal == ""
    assert (message.document_number, message.document_date, message.currency) == (
        "118843217",
        date(2026, 3, 6),
        "AUD",
    )
    assert amounts(message) == [
        ("FREIGHT", "Ceramic tiles", Decimal(369)),
        ("FUE", "Fuel surcharge", Decimal("74.25")),
        ("LFT", "Liftgate", Decimal(40)),
    ]
    assert Reference(ReferenceKind.PRO, "118843217") in message.references
    assert str(message.charges[0].supplier) == "Highland Motor Freight (HLND)"


def test_several_transaction_sets_are_several_bills() -> None:
    messages = read_x12(x12(LTL, TRUCKLOAD, PARCEL).encode()).messages

    assert [(one.number, one.document_number, one.currency) for one in messages] == [
        (1, "118843217", "AUD"),
        (2, "TL-9", "USD"),
        (3, "PC-1", ""),
    ]
    assert amounts(messages[2]) == [("400", "Parcel", Decimal(10)), ("DSC", "Discount", Decimal(-1))]


@given(st.sampled_from(MARKS), st.sampled_from(MARKS), st.sampled_from(MARKS), st.sampled_from(["", "\n", "\r\n"]))
def test_delimiters_are_those_of_the_interchange(element: str, component: str, terminator: str, end: str) -> None:
    if len({element, component, terminator}) < 3:
        return
    plain = read_x12(x12(TRUCKLOAD).encode()).messages

    assert read_x12(x12(TRUCKLOAD, marks=element + component + terminator, end=end).encode()).messages == plain


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_segments_may_end_with_their_lines(end: str) -> None:
    text = x12(TRUCKLOAD).replace("~\n", end)

    assert read_x12(text.encode()).messages == read_x12(x12(TRUCKLOAD).encode()).messages


def test_missing_last_terminator_is_no_matter() -> None:
    text = x12(TRUCKLOAD, end="").removesuffix("~")

    assert not read_x12(text.encode()).messages[0].refusal


def test_second_interchange_of_a_file_has_delimiters_of_its_own() -> None:
    text = x12(TRUCKLOAD) + x12(PARCEL, marks="|^'")

    assert [one.document_number for one in read_x12(text.encode()).messages] == ["TL-9", "PC-1"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (x12(TRUCKLOAD, usage="T"), "marked as a test"),
        (x12(TRUCKLOAD).replace("ST*210", "ST*214"), "This is 214, not a freight invoice"),
        (x12(TRUCKLOAD).replace("SE*10", "SE*4"), "says it has 4 segments"),
        (x12(TRUCKLOAD).replace("SE*10*0001", "SE*10*0002"), "ends as 0002"),
        (x12(TRUCKLOAD).replace("TL-9", ""), "no invoice number"),
        (x12(TRUCKLOAD).replace("125000****RDGR", "125000*BD***RDGR"), "done by hand (B3: BD)"),
        (x12(TRUCKLOAD).replace("*1250.00", "*12,50"), "“12,50” is no amount"),
        (x12(TRUCKLOAD)[: x12(TRUCKLOAD).index("SE*")], "has no end (SE)"),
    ],
)
def test_message_that_cannot_be_taken_is_refused_with_the_reason(text: str, sentence: str) -> None:
    assert sentence in read_x12(text.encode()).messages[0].refusal


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("ISA*00*   ~GS*IM~", "cut off or not of 16"),
        ("GS*IM*A*B~ST*210*1~", "no ISA segment"),
        (x12(), "without a transaction set"),
    ],
)
def test_interchange_that_cannot_be_read_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(UnreadableFileError, match=sentence):
        read_x12(text.encode())


def test_counts_of_the_envelope_are_held_against_it() -> None:
    text = x12(TRUCKLOAD).replace("GE*1", "GE*3").replace("IEA*1", "IEA*2")

    assert [note.text for note in read_x12(text.encode()).notes] == [
        "The interchange says it has 3 messages (GE) but has 1.",
        "The interchange says it has 2 groups (IEA) but has 1.",
    ]
