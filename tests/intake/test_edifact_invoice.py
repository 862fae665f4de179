from datetime import date
from decimal import Decimal

import pytest

from invoices.intake.edi.edifact_reader import read_edifact
from invoices.intake.edi.freight_message import FreightMessage, Party, Reference, ReferenceKind, TotalKind
from tests.intake.carrier_messages import EXPRESS, FEEDER, OCEAN, edifact

HEAD = """
    BGM+380+B-1+9'
    RFF+BM:MAEU1234567'
    NAD+SU+SUP::91++Supplier'
    CUX+2:AUD:4'
"""


def only(text: str) -> FreightMessage:
    (message,) = read_edifact(text.encode()).messages
    return message


def bill(*lines: str) -> FreightMessage:
    return only(edifact("\n".join([HEAD.strip(), *lines])))


def amounts(message: FreightMessage) -> list[tuple[str, Decimal]]:
    return [(charge.code, charge.amount) for charge in message.charges]


def test_ocean_carriers_invoice_says_who_bills_what_and_for_which_shipment() -> None:
    message = only(OCEAN)

    assert message.refusal == ""
    assert (message.document_number, message.document_date, message.currency) == (
        "BL-90017",
        date(2026, 3, 4),
        "AUD",
    )
    assert message.references == (
        Reference(ReferenceKind.BL, "BLUE123456789"),
        Reference(ReferenceKind.BOOKING, "BK-5501"),
    )
    assert amounts(message) == [("BAF", Decimal("150.5")), ("OFR", Decimal(2200)), ("THC", Decimal(350))]
    assert {charge.supplier for charge in message.charges} == {
        Party(code="BLUELINE", name="Blue Line Shipping", tax_number="51004085616")
    }
    assert {charge.tax_rate for charge in message.charges} == {Decimal(10)}


def test_express_lines_have_waybills_of_their_own_and_released_characters_are_letters() -> None:
    first, second = read_edifact(EXPRESS.encode()).messages

    assert [charge.references[0].value for charge in first.charges] == ["125-11112222"] * 2 + ["125-33334444"]
    assert amounts(first) == [("EXP", Decimal(80)), ("FUE", Decimal("8.4")), ("EXP", Decimal("40.1"))]
    assert first.charges[0].supplier.name == "O'Hara Swift* Air"
    assert second.title == "Credit note SW-C9 of O'Hara Swift* Air (SWIFTAIR)"
    assert amounts(second) == [("EXP", Decimal(-15))]


def test_allowances_are_taken_off_and_decimals_may_follow_a_comma() -> None:
    assert amounts(only(FEEDER)) == [("FRT", Decimal("312.4")), ("DIS", Decimal("-12.4"))]


@pytest.mark.parametrize("syntax", ["UNOC:3", "UNOA:2"])
def test_letters_of_western_europe_are_read_in_latin_1(syntax: str) -> None:
    text = FEEDER.replace("UNOC:3", syntax)

    file = read_edifact(text.encode("latin-1"))

    assert file.messages[0].charges[0].supplier.name == "Fördé Feeder"
    assert [note.is_warning for note in file.notes] == ([] if syntax == "UNOC:3" else [True])


def test_letters_of_other_character_sets_are_read_as_the_syntax_says() -> None:
    text = FEEDER.replace("UNOC:3", "UNOD:3").replace("Fördé", "Łódź")

    message = read_edifact(text.encode("iso8859-2")).messages[0]

    assert message.charges[0].supplier.name == "Łódź Feeder"


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-8"])
def test_byte_order_marks_tell_the_encoding(codec: str) -> None:
    assert read_edifact(FEEDER.encode(codec)).messages[0].charges[0].supplier.name == "Fördé Feeder"


@pytest.mark.parametrize(
    "text",
    [
        OCEAN.replace("\n", "\r\n"),
        OCEAN.replace("\n", ""),
        OCEAN.removesuffix("'"),
        f"\n\n{OCEAN}\r\n\x1a",
        "\n".join(OCEAN.splitlines()[1:-1]),
    ],
    ids=["windows", "one line", "no last terminator", "blank lines and an end mark", "no interchange"],
)
def test_what_stands_around_the_segments_changes_nothing(text: str) -> None:
    assert amounts(only(text)) == amounts(only(OCEAN))


def test_charge_of_a_line_is_in_its_amount_where_the_total_says_so() -> None:
    lines = ["LIN+1++FRT'", "MOA+203:100'", "ALC+C++++FUE'", "MOA+23:10'", "UNS+S'"]

    inside, beside = bill(*lines, "MOA+77:100'"), bill(*lines, "MOA+77:110'")

    assert amounts(inside) == [("FRT", Decimal(100))]
    assert any("is in the line's amount already" in note.text for note in inside.notes)
    assert amounts(beside) == [("FRT", Decimal(100)), ("FUE", Decimal(10))]


def test_tax_of_all_goes_to_every_charge_where_one_rate_explains_it() -> None:
    lines = ["LIN+1++FRT'", "MOA+203:100'", "UNS+S'", "MOA+124:10'", "TAX+7+GST+++:::10'"]

    assert bill(*lines).charges[0].tax_rate == Decimal(10)
    assert bill(*lines[:3], "MOA+124:7'", lines[-1]).charges[0].tax_rate is None
    assert bill(*lines[:3], "MOA+124:0'").charges[0].tax_rate == Decimal(0)


def test_tax_for_each_rate_is_added_up() -> None:
    message = bill(
        "LIN+1++FRT'", "MOA+203:100'", "TAX+7+GST+++:::10'", "LIN+2++THC'", "MOA+203:50'", "TAX+7+GST+++:::0'",
        "UNS+S'", "TAX+7+GST+++:::10'", "MOA+125:100'", "MOA+124:10'", "TAX+7+GST+++:::0'", "MOA+125:50'", "MOA+124:0'",
    )  # fmt: skip

    assert [(total.kind, total.amount) for total in message.totals] == [
        (TotalKind.TAX, Decimal(10)),
        (TotalKind.NET, Decimal(150)),
    ]
    assert [charge.tax_rate for charge in message.charges] == [Decimal(10), Decimal(0)]


def test_amounts_in_a_second_currency_are_kept_beside_the_first() -> None:
    message = bill("LIN+1++FRT'", "MOA+203:65:USD'", "MOA+203:100:AUD'", "UNS+S'", "MOA+77:100:AUD'", "MOA+77:65:USD'")

    assert message.charges[0].amounts == {"AUD": Decimal(100), "USD": Decimal(65)}
    assert "The total of 65 USD was not compared." in [note.text for note in message.notes]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["LIN+1++FRT'", "MOA+203:1.250,00'"], "“1.250,00” is no amount"),
        (["LIN+1++FRT'", "PRI+AAA:1'", "PRI+INV:2'"], "several prices"),
        (["LIN+1++FRT'", "MOA+999:5'"], "cannot be told from its amounts"),
        (["LIN+1++FRT'", "MOA+203:1'", "ALC+C++++FUE'", "MOA+23:1'"], "no total tells"),
        (["ALC+N++++FUE'", "MOA+23:1'"], "taken off or added"),
        (["LIN+1++FRT'", "MOA+203:1'", "UNS+S'", "CNT+2:3'"], "has 3 lines"),
        (["BGM+380+B-1+1'"], "takes B-1 back"),
        (["BGM+325+B-1+9'"], "no invoice or credit note"),
        (["BGM+380++9'"], "no number"),
        (["LIN+1++FRT'", "MOA+203:1'", "TAX+7+GST+++:::10'", "TAX+7+GST+++:::5'"], "several rates of tax"),
    ],
)
def test_message_that_cannot_be_understood_is_refused_with_the_reason(lines: list[str], sentence: str) -> None:
    assert sentence in bill(*lines).refusal


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (OCEAN.replace("UNT+27", "UNT+25"), "says it has 25 segments"),
        (OCEAN.replace("UNT+27+1", "UNT+27+2"), "begins as 1 (UNH) and ends as 2"),
        (OCEAN[: OCEAN.index("UNT")], "has no end (UNT)"),
        (OCEAN.replace("INVOIC:D", "IFTMIN:D"), "This is IFTMIN, not an invoice"),
        (edifact(HEAD, test="1"), "marked as a test"),
        (edifact("BGM+380+B-1+9'\nLIN+1++FRT'\nMOA+203:5'"), "names no currency"),
    ],
)
def test_incomplete_or_strange_message_is_refused(text: str, sentence: str) -> None:
    assert sentence in only(text).refusal


def test_missing_end_of_the_interchange_and_a_wrong_count_are_told() -> None:
    cut, wrong = (
        read_edifact(text.encode()) for text in (OCEAN[: OCEAN.index("UNZ")], OCEAN.replace("UNZ+1", "UNZ+4"))
    )

    assert "has no end (UNZ)" in cut.notes[0].text
    assert "says it has 4 messages" in wrong.notes[0].text
    assert not cut.messages[0].refusal
