"""Messages against what a company knows, and the rows that come of them."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from invoices.intake.edi.freight_message import (
    FreightMessage,
    MessageCharge,
    MessageFile,
    Party,
    Reference,
    ReferenceKind,
    StatedTotal,
    TotalKind,
)
from invoices.intake.edi.match_references import ReferenceIndex, ShipmentNames, find_shipment
from invoices.intake.edi.message_codes import KnownCodes, KnownSupplier, KnownTax, guess_charge_code, our_tax_code
from invoices.intake.edi.plan_messages import MessageKnowledge, keys_of, parts_of, plan_messages
from invoices.intake.parsed_rows import ParsedRow

CODES = KnownCodes(
    charge_codes={"frt": "FRT"},
    matches={("carr", "xyz"): "FRT"},
    taxes=(KnownTax("FREE", Decimal(0)), KnownTax("EXPORT", Decimal(0)), KnownTax("GST", Decimal(10))),
    purchase_taxes={"FRT": "FREE"},
    suppliers=(KnownSupplier(code="OURS", name="Carrier Ltd", tax_number="51 004"),),
)


def names(number: str, currency: str = "AUD", **references: str) -> ShipmentNames:
    found = {place: (text,) for place, text in references.items()}
    return ShipmentNames(number=number, currency=currency, names={**found, "number": (number,)})


def charge(code: str = "FRT", amount: int = 100, *references: Reference, **others: object) -> MessageCharge:
    made = MessageCharge(
        place=f"LIN {code}", code=code, description="", amounts={"AUD": Decimal(amount)}, references=references
    )
    return replace(made, supplier=Party(code="CARR", name="Carrier"), supplier_number="B-1", **others)


def bl(value: str) -> Reference:
    return Reference(ReferenceKind.BL, value)


def message(*charges: MessageCharge, number: int = 1, key: str = "bill|carr||B-1", **others: object) -> FreightMessage:
    made = FreightMessage(
        number=number, form="X12 210", key=key, title="Bill B-1", segments=(1, 9), code_owner="CARR", currency="AUD",
        references=(bl("MAEU12345678"),), charges=charges or (charge(),),
    )  # fmt: skip
    return replace(made, **others)


def rows(
    *messages: FreightMessage,
    shipments: tuple[ShipmentNames, ...] = (names("S-1", bl="12345678"),),
    pinned: Mapping[int, str] | None = None,
    standing: Mapping[str, str] | None = None,
) -> list[ParsedRow]:
    known = MessageKnowledge(shipments=shipments, codes=CODES, pinned=pinned, rows=standing or {})
    return plan_messages(parts_of(MessageFile(form="X12", messages=messages)), known)


def why(row: ParsedRow) -> str:
    return row.refusal.text if row.refusal else ""


def said(row: ParsedRow) -> list[str]:
    return [remark.text for remark in row.remarks]


@pytest.mark.parametrize(
    ("reference", "written"),
    [
        (bl("MAEU12345678"), {"bl": "12345678"}),
        (bl("12345678"), {"other": "1234-5678"}),
        (Reference(ReferenceKind.AWB, "12511112222"), {"awb": "125-1111 2222"}),
        (Reference(ReferenceKind.CONTAINER, "MSKU 123456-5"), {"container": "MSKU1234565"}),
        (Reference(ReferenceKind.BOOKING, "bk-5501"), {"bl": "BK5501"}),
        (Reference(ReferenceKind.PRO, "118843217"), {"bl": "118843217"}),
        (Reference(ReferenceKind.ORDER, "PO-12"), {"customer": "po 12"}),
        (Reference(ReferenceKind.SHIPMENT, "s-1"), {}),
    ],
)
def test_reference_finds_its_shipment_however_it_is_written(reference: Reference, written: dict[str, str]) -> None:
    match = find_shipment([reference], ReferenceIndex.of([names("S-1", **written), names("S-2", bl="OTHER999")]))

    assert match.shipment is not None
    assert match.shipment.number == "S-1"


def test_order_number_never_means_a_shipment_of_that_number() -> None:
    match = find_shipment([Reference(ReferenceKind.ORDER, "1001")], ReferenceIndex.of([names("1001")]))

    assert "No shipment is known by order 1001" in match.problem


def test_surer_reference_decides_and_a_weaker_one_that_disagrees_is_told() -> None:
    index = ReferenceIndex.of([names("S-1", bl="12345678"), names("S-2", container="MSKU1234565")])

    match = find_shipment([Reference(ReferenceKind.CONTAINER, "MSKU1234565"), bl("12345678")], index)

    assert match.shipment is not None
    assert match.shipment.number == "S-1"
    assert match.remark == "But container MSKU1234565 stands on S-2, not on S-1. Is it the right shipment?"


def test_reference_of_several_shipments_is_refused() -> None:
    index = ReferenceIndex.of([names("S-1", container="MSKU1234565"), names("S-2", container="MSKU1234565")])

    match = find_shipment([Reference(ReferenceKind.CONTAINER, "MSKU1234565")], index)

    assert match.problem == "Container MSKU1234565 names several shipments, S-1, S-2, and not what each of them costs."


def test_row_has_the_supplier_its_number_and_our_code() -> None:
    (row,) = rows(message(charge("XYZ", 70)))

    assert (row.refusal, row.fields["number"]) == (None, "S-1")
    assert row.charges[0].values == {
        "charge_code": "FRT", "quantity": Decimal(1), "unit_price": Decimal(70), "side": "cost",
        "supplier_code": "CARR", "supplier_name": "Carrier", "supplier_number": "B-1",
    }  # fmt: skip


@pytest.mark.parametrize(
    "party", [Party(code="ours"), Party(code="X", name="carrier ltd"), Party(code="X", name="Y", tax_number="51 004")]
)
def test_supplier_is_known_by_code_name_or_tax_number(party: Party) -> None:
    (row,) = rows(message(replace(charge(), supplier=party)))

    assert row.charges[0].values["supplier_code"] == "OURS"


def test_unknown_code_leaves_the_charge_without_one_and_is_told() -> None:
    (row,) = rows(message(charge("NEW")))

    assert "charge_code" not in row.charges[0].values
    assert "Charge code NEW of CARR is not known. Match it, then check again." in said(row)


@pytest.mark.parametrize(
    ("taxed", "expected"),
    [
        ({}, ("", "")),
        ({"tax_rate": Decimal(10)}, ("GST", "")),
        ({"tax_amount": Decimal("10.01")}, ("GST", "")),
        ({"tax_rate": Decimal(0)}, ("FREE", "")),
        ({"tax_code": "export"}, ("EXPORT", "")),
        ({"tax_rate": Decimal("7.5")}, ("", "7.5 % of tax: no tax code has this rate. Add one.")),
        ({"tax_amount": Decimal(33)}, ("", "33 of tax on 100: no tax code has this rate. Add one.")),
    ],
)
def test_tax_becomes_the_code_that_alone_has_its_rate(taxed: dict[str, object], expected: tuple[str, str]) -> None:
    code, problem = our_tax_code(charge(**taxed), "FRT", CODES)

    assert (code, problem.text if problem else "") == expected


def test_tax_that_fits_several_codes_is_a_problem_unless_the_charge_code_has_one_of_them() -> None:
    _, problem = our_tax_code(charge(tax_rate=Decimal(0)), "OTHER", CODES)

    assert problem is not None
    assert problem.text == "0 % of tax: several tax codes fit, EXPORT, FREE. Give the charge code one of them."


@pytest.mark.parametrize(
    ("kind", "amount", "is_refused"),
    [(TotalKind.GROSS, 100, False), (TotalKind.GROSS, 101, True), (TotalKind.NET, 99, True), (TotalKind.TAX, 5, True)],
)
def test_totals_are_held_against_the_charges(kind: TotalKind, amount: int, is_refused: bool) -> None:
    (row,) = rows(message(totals=(StatedTotal(kind=kind, place="MOA 77", amount=Decimal(amount)),)))

    assert bool(row.refusal) is is_refused


def test_bill_with_one_part_that_has_no_shipment_is_refused_whole() -> None:
    first, second = rows(message(charge("FRT", 1, bl("12345678")), charge("FRT", 2, bl("99999999"))))

    assert "Another part of it cannot be taken (row 2)" in why(first)
    assert "No shipment is known by B/L 99999999" in why(second)


def test_shipment_of_another_system_takes_what_it_can() -> None:
    foreign = replace(charge("THC", 5), amounts={"USD": Decimal(5)})

    (row,) = rows(message(charge(), foreign, is_whole=False, fields={"number": "S-1", "currency": "AUD"}))

    assert row.refusal is None
    assert [one.values["unit_price"] for one in row.charges] == [Decimal(100)]
    assert "THC is in USD, the shipment in AUD: it was not taken." in said(row)


def test_bill_finds_the_shipment_that_the_same_file_makes() -> None:
    made = message(key="job", is_whole=False, fields={"number": "S-9", "currency": "AUD", "bl": ("MAEU12345678",)})

    found = rows(made, message(number=2), shipments=())

    assert [(row.fields.get("number"), why(row)) for row in found] == [("S-9", ""), ("S-9", "")]


def test_same_message_twice_in_a_file_is_taken_once() -> None:
    _, second = rows(message(), message(number=2))

    assert why(second) == "Message 1 of this file is the same one already."


def test_key_stays_with_the_shipment_when_the_message_comes_again() -> None:
    parts = parts_of(MessageFile(form="", messages=(message(),)))
    first, second = keys_of(parts)[:2]

    (new,) = rows(message())
    (again,) = rows(message(), standing={second: "S-1"})

    assert (new.fields["row_key"], again.fields["row_key"]) == (first, second)


def test_message_that_names_another_shipment_than_before_is_refused() -> None:
    key = keys_of(parts_of(MessageFile(form="", messages=(message(),))))[0]

    (row,) = rows(message(), standing={key: "S-7"})

    assert why(row) == "It came in before for S-7, and no longer names it. Take it off there first."


def test_import_under_way_goes_on_as_it_began() -> None:
    elsewhere = (names("S-1"), names("S-2", bl="12345678"))

    (kept,) = rows(message(), shipments=elsewhere, pinned={1: "S-1"})
    (refused,) = rows(message(), pinned={1: ""})

    assert kept.fields["number"] == "S-1"
    assert why(refused) == "It could not be taken when the import began. Upload the file again."


def test_charge_code_is_guessed_by_its_name_alone() -> None:
    ours = {"BAF": "Bunker adjustment factor", "THC": "Terminal handling"}

    assert guess_charge_code("Bunker Adjustment", ours) == "BAF"
    assert guess_charge_code("Lift-on", ours) == ""
