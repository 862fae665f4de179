from datetime import date
from decimal import Decimal

import pytest

from invoices.intake.edi.cargowise_reader import read_cargowise
from invoices.intake.edi.freight_message import FreightMessage
from invoices.intake.source_table import UnreadableFileError
from tests.intake.carrier_messages import (
    INTERCHANGE_XML,
    JOB_LINES,
    PAYABLE_XML,
    RECEIVABLE_XML,
    SHIPMENT_XML,
    UNIVERSAL,
    charge_line,
    job,
    posting,
    transaction,
)


def only(text: str) -> FreightMessage:
    (message,) = read_cargowise(text.encode()).messages
    return message


def shipment(lines: str, **options: str) -> str:
    return f"<UniversalShipment {UNIVERSAL}><Shipment>{job('S1', lines, **options)}</Shipment></UniversalShipment>"


def test_shipment_brings_its_fields_and_both_sides_of_its_costing() -> None:
    message = only(SHIPMENT_XML)

    assert message.refusal == ""
    assert message.fields["number"] == "S00012345"
    assert (message.fields["bl"], message.fields["container"]) == (("HBL-4411",), ("MSKU1234565",))
    assert (message.fields["etd_date"], message.fields["weight_kg"]) == (date(2026, 3, 4), Decimal("1240.5"))
    assert (message.fields["customer_code"], message.fields["customer_name"]) == ("BLUMOU", "Blue Mountains Imports")
    assert [(one.side, one.code, one.amount, one.supplier_number, one.reference) for one in message.charges] == [
        ("cost", "FRT", Decimal(1000), "MSC-77", ""),
        ("sell", "FRT", Decimal(1450), "", "00001234"),
        ("sell", "DOC", Decimal(85), "", ""),
    ]


def test_what_is_not_used_is_named_by_where_it_begins() -> None:
    notes = [note.text for note in only(SHIPMENT_XML).notes]

    assert len(notes) == 1
    assert "CustomizedFieldCollection (line" in notes[0]


def test_charges_in_several_currencies_are_taken_in_the_company_s_own() -> None:
    lines = charge_line("FRT", cost="100", currency="USD", CostLocalAmount="150.25") + charge_line("THC", cost="20")

    message = only(shipment(lines))

    assert message.fields["currency"] == "AUD"
    assert message.charges[0].amounts == {"USD": Decimal(100), "AUD": Decimal("150.25")}


def test_charge_of_a_second_debtor_is_told_and_not_taken() -> None:
    lines = charge_line("FRT", sell="10", Debtor="<Key>A</Key>") + charge_line("DOC", sell="5", Debtor="<Key>B</Key>")

    message = only(shipment(lines))

    assert [one.code for one in message.charges] == ["FRT"]
    assert [note.text for note in message.notes if note.is_error] == [
        "It is billed to B, the shipment to A: the charge was not taken."
    ]


def test_consol_gives_its_shipments_and_its_own_costs_are_refused() -> None:
    inner = "".join(f"<SubShipment>{job(number, JOB_LINES)}</SubShipment>" for number in ("S1", "S2"))
    costs = "<ConsolCosts><ConsolCostLineCollection><ConsolCostLine><CostOSAmount>9</CostOSAmount></ConsolCostLine>"
    text = (
        f"<UniversalShipment {UNIVERSAL}><Shipment><SubShipmentCollection>{inner}</SubShipmentCollection>"
        f"{costs}</ConsolCostLineCollection></ConsolCosts></Shipment></UniversalShipment>"
    )

    first, second, consol = read_cargowise(text.encode()).messages

    assert [first.fields["number"], second.fields["number"]] == ["S1", "S2"]
    assert "not split over its shipments" in consol.refusal
    assert "ConsolCosts" in consol.notes[0].text


def test_payable_below_zero_is_a_cost_above_it() -> None:
    message = only(PAYABLE_XML)

    assert message.title == "Bill MSC-901 of MSC Sydney (MSCSYD)"
    assert [(one.code, one.amount, one.tax_amount, one.supplier_number) for one in message.charges] == [
        ("THC", Decimal(300), Decimal(30), "MSC-901"),
        ("DOC", Decimal(50), Decimal(5), "MSC-901"),
    ]
    assert [total.amount for total in message.totals] == [Decimal(350), Decimal(35), Decimal(385)]


def test_receivable_is_a_sale_with_its_number_as_reference() -> None:
    message = only(RECEIVABLE_XML)

    assert [(one.side, one.amount, one.reference, one.supplier.code) for one in message.charges] == [
        ("sell", Decimal(120), "00001300", "")
    ]


@pytest.mark.parametrize("sign", ["", "-"])
def test_credit_note_takes_off_whichever_sign_it_is_written_with(sign: str) -> None:
    message = only(transaction("AP", "CRD", "C-1", posting("THC", f"{sign}20"), OSTotal=f"{sign}20"))

    assert (message.charges[0].amount, message.totals[0].amount) == (Decimal(-20), Decimal(-20))


def test_interchange_holds_several_documents() -> None:
    file = read_cargowise(INTERCHANGE_XML.encode())

    assert [one.form for one in file.messages] == [
        "CargoWise UniversalShipment (ForwardingShipment)",
        "CargoWise UniversalTransaction (AP INV)",
        "CargoWise UniversalTransaction (AR INV)",
    ]


def test_batch_holds_several_transactions() -> None:
    whole = [transaction("AP", "INV", number, posting("THC", "1")) for number in ("A", "B")]
    bodies = [text.partition("<TransactionInfo>")[2].partition("</TransactionInfo>")[0] for text in whole]
    inner = "".join(f"<Transaction>{body}</Transaction>" for body in bodies)
    text = f"<UniversalTransactionBatch><TransactionBatch><TransactionCollection>{inner}</TransactionCollection>"

    file = read_cargowise(f"{text}</TransactionBatch></UniversalTransactionBatch>".encode())

    assert [one.document_number for one in file.messages] == ["A", "B"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (transaction("AP", "PAY", "P-1", ""), "ledger AP, type PAY"),
        (transaction("AP", "INV", "", ""), "has no number"),
        (transaction("AP", "INV", "X", posting("THC", "abc")), "“abc” is no amount"),
        (transaction("AP", "INV", "X", "").replace(">false<", ">true<"), "X is cancelled"),
        (shipment("").replace("<Key>S1</Key>", ""), "has no number"),
        (
            f"<UniversalInterchange><Body><UniversalEvent {UNIVERSAL}/></Body></UniversalInterchange>",
            "UniversalEvent is",
        ),
    ],
)
def test_document_that_cannot_be_taken_is_refused_with_the_reason(text: str, sentence: str) -> None:
    assert sentence in only(text).refusal


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<UniversalShipment><Shipment>", "not well formed"),
        ("<!DOCTYPE U [<!ENTITY a 'b'>]><UniversalShipment>&a;</UniversalShipment>", "document type or entities"),
        ("<!DOCTYPE U SYSTEM 'file:///etc/passwd'><UniversalShipment/>", "document type or entities"),
        (f"<UniversalShipment>{'<a>' * 100}{'</a>' * 100}</UniversalShipment>", "nested too deeply"),
        ("<UniversalShipment/>", "neither a shipment nor a transaction"),
        ("<?xml version='1.0' encoding='klingon'?><UniversalShipment/>", "encoding|not well formed"),
    ],
)
def test_xml_that_cannot_be_read_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(UnreadableFileError, match=sentence):
        read_cargowise(text.encode())


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_encoding_is_told_by_its_mark(codec: str) -> None:
    text = PAYABLE_XML.replace("MSC Sydney", "Österreich")

    assert read_cargowise(text.encode(codec)).messages[0].charges[0].supplier.name == "Österreich"
