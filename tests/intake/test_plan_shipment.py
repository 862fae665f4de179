from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from invoices.intake.cell_reading import Value
from invoices.intake.column_match import Combine, FieldRule, MatchRules
from tests.intake.planned_files import Store, csv_file, outcomes, texts

ONLY_THEN = "what was sent changes only once somebody sends the change."
USUAL = {
    "Shipment Number": "S-1",
    "Row ID": "",
    "Customer Code": "BLUE",
    "Customer Name": "Blue Ltd",
    "Goods": "Tiles",
    "PO Numbers": "PO-1",
    "Currency": "AUD",
    "Charge Code": "FRT",
    "Charge Description": "",
    "Quantity": "1",
    "Unit Price": "100",
}
HEADER = list(USUAL)


def line(number: str = "S-1", key: str = "", **cells: str) -> list[str]:
    """The usual row, but for these cells: `Unit_Price` is the column “Unit Price”."""
    own = {name.replace("_", " "): cell for name, cell in cells.items()}
    return list({**USUAL, "Shipment Number": number, "Row ID": key, **own}.values())


def file(*lines: list[str]) -> bytes:
    """Columns that are empty throughout are left out, as a company without such numbers would."""
    kept = [at for at, _ in enumerate(HEADER) if any(line[at] for line in lines) or HEADER[at] != "Row ID"]
    return csv_file([HEADER[at] for at in kept], *[[line[at] for at in kept] for line in lines])


def charge(code: str, price: str) -> dict[str, Value]:
    return {"side": "sell", "charge_code": code, "quantity": Decimal(1), "unit_price": Decimal(price)}


def test_new_shipment_is_made_of_all_its_rows() -> None:
    store = Store()

    plans = store.upload(file(line(), line(Charge_Code="THC", Unit_Price="40")))

    assert outcomes(plans) == ["new", "new"]
    assert plans["S-1"].is_new
    assert plans["S-1"].new_parties == ("blue",)
    shipment = store.shipments["S-1"]
    assert shipment.fields == {"customer_code": "BLUE", "goods": "Tiles", "po": ("PO-1",), "currency": "AUD"}
    assert {key: one.values for key, one in shipment.charges.items()} == {
        "sell:FRT#1": charge("FRT", "100"),
        "sell:THC#1": charge("THC", "40"),
    }


def test_same_file_again_changes_nothing() -> None:
    store, content = Store(), file(line(), line(Charge_Code="THC"), line("S-2", Quantity="2"))
    store.upload(content)

    plans = store.plan(content)

    assert outcomes(plans) == ["same", "same", "same"]
    assert not any(plan.changes_something for plan in plans.values())


def test_same_file_undoes_no_edit_of_a_person() -> None:
    store, content = Store(), file(line())
    store.upload(content)
    store.edit("S-1", goods="Mosaic tiles", customer_code="RED")

    assert outcomes(store.plan(content)) == ["same"]


def test_same_file_undoes_no_edit_of_a_charge() -> None:
    store, content = Store(), file(line())
    store.upload(content)
    store.edit_charge("S-1", "sell:FRT#1", unit_price=Decimal(80))

    assert outcomes(store.plan(content)) == ["same"]


def test_changed_cell_changes_that_field_only() -> None:
    store = Store()
    store.upload(file(line()))
    store.edit("S-1", customer_code="RED")

    plans = store.upload(file(line(Goods="Marble", Unit_Price="120")))

    assert outcomes(plans) == ["changed"]
    assert plans["S-1"].writes == {"goods": "Marble"}
    assert store.shipments["S-1"].fields["customer_code"] == "RED"
    assert store.shipments["S-1"].charges["sell:FRT#1"].values["unit_price"] == Decimal(120)


def test_emptied_cell_leaves_what_stands() -> None:
    store = Store()
    store.upload(file(line()))

    plans = store.plan(file(line(Goods="")))

    assert (outcomes(plans), plans["S-1"].changes_something) == (["same"], False)


def test_value_that_stands_already_is_not_written() -> None:
    store = Store()
    store.upload(file(line()))
    store.edit("S-1", goods="Marble")

    assert store.plan(file(line(Goods="Marble")))["S-1"].writes == {}


def test_rows_that_contradict_each_other_are_told_and_the_first_counts() -> None:
    store = Store()

    plans = store.upload(file(line(), line(Goods="Marble", Charge_Code="THC")))

    assert store.shipments["S-1"].fields["goods"] == "Tiles"
    second = plans["S-1"].rows[1].remarks
    assert [(one.column, one.value, one.text, one.is_warning) for one in second] == [
        ("Goods", "Marble", "Row 2 of the same shipment says Tiles, which counts.", True)
    ]


def test_charge_on_an_invoice_is_changed_once_and_the_row_says_what_that_means() -> None:
    store = Store()
    store.upload(file(line()))
    store.invoice("S-1", "sell:FRT#1")
    content = file(line(Unit_Price="120"))

    first, second = store.upload(content), store.upload(content)

    told = f"The charge is on invoice INV-00001; {ONLY_THEN}"
    assert (outcomes(first), texts(first["S-1"])) == (["changed"], [told])
    assert (outcomes(second), texts(second["S-1"])) == (["same"], [])
    assert store.shipments["S-1"].charges["sell:FRT#1"].values["unit_price"] == Decimal(120)


def test_currency_of_a_shipment_with_invoiced_charges_stays() -> None:
    store = Store()
    store.upload(file(line()))
    store.invoice("S-1", "sell:FRT#1")

    plans = store.plan(file(line(Currency="USD")))

    assert "currency" not in plans["S-1"].writes
    assert texts(plans["S-1"]) == [
        "The shipment has charges in AUD already, so its currency stays.",
        "The row is in USD, the shipment in AUD: the charge was not taken.",
    ]


def test_row_in_another_currency_than_its_shipment_brings_no_charge() -> None:
    store = Store()

    plans = store.upload(file(line(), line(Currency="USD", Charge_Code="THC")))

    assert list(store.shipments["S-1"].charges) == ["sell:FRT#1"]
    assert texts(plans["S-1"])[1:] == [
        "Row 2 of the same shipment says AUD, which counts.",
        "The row is in USD, the shipment in AUD: the charge was not taken.",
    ]


def test_row_with_a_key_takes_its_charge_back() -> None:
    store = Store()
    store.upload(file(line(key="1"), line(key="2", Charge_Code="THC")))

    plans = store.upload(file(line(key="1"), line(key="2", Charge_Code="THC", Unit_Price="0")))

    assert outcomes(plans) == ["same", "changed"]
    assert texts(plans["S-1"]) == [
        "The amount is 0: no charge.",
        "The row no longer has THC 100: the charge was taken off.",
    ]
    assert list(store.shipments["S-1"].charges) == ["1/sell:FRT#1"]


def test_row_without_a_key_takes_nothing_back() -> None:
    store = Store()
    store.upload(file(line()))
    content = file(line(Charge_Code="THC"))

    plans = store.upload(content)

    assert sorted(store.shipments["S-1"].charges) == ["sell:FRT#1", "sell:THC#1"]
    stays = "The shipment also has FRT 100, which came with an earlier upload and is not in this file. It stays."
    assert texts(plans["S-1"]) == [stays]
    assert outcomes(store.plan(content)) == ["same"]


def test_invoiced_charge_that_the_row_no_longer_has_stays() -> None:
    store = Store()
    store.upload(file(line(key="1")))
    store.invoice("S-1", "1/sell:FRT#1")

    plans = store.upload(file(line(key="1", Unit_Price="0")))

    stays = "The shipment also has FRT 100, which is on invoice INV-00001 and is not in this file. It stays."
    assert (outcomes(plans), texts(plans["S-1"])[1:]) == (["same"], [stays])


def test_charge_that_a_person_took_out_does_not_come_back() -> None:
    store, content = Store(), file(line(), line(Charge_Code="THC"))
    store.upload(content)
    store.take_out("S-1", "sell:THC#1")

    assert outcomes(store.plan(content)) == ["same", "same"]


def test_unknown_charge_code_leaves_the_charge_without_one_until_it_is_known() -> None:
    store, content = Store(), file(line(Charge_Code="XYZ"))

    first = store.upload(content)
    second = store.upload(content)
    store.charge_codes["xyz"] = "XYZ"
    third = store.upload(content)

    unknown = "There is no charge code “XYZ”. The charge cannot be invoiced until it has one."
    assert (outcomes(first), outcomes(second), outcomes(third)) == (["new"], ["same"], ["changed"])
    assert (texts(first["S-1"])[-1], texts(second["S-1"]), texts(third["S-1"])) == (unknown, [unknown], [])
    assert store.shipments["S-1"].charges["sell:XYZ#1"].values["charge_code"] == "XYZ"


def test_code_that_the_match_declares_is_made_once() -> None:
    content = csv_file(["Job No", "Freight (AUD)"], ["S-1", "10"], ["S-2", "20"])
    store = Store(charge_codes={})

    plans = store.upload(content)

    assert [plan.new_codes for plan in plans.values()] == [("frt",), ("frt",)]
    assert [len(plan.rows[0].remarks) for plan in plans.values()] == [1, 0]


def test_customer_without_a_name_is_made_only_once_one_is_given() -> None:
    store = Store()

    first = store.upload(file(line(Customer_Name="")))
    second = store.upload(file(line(Customer_Name="Blue Ltd")))

    assert "customer_code" not in first["S-1"].writes
    assert texts(first["S-1"]) == [
        "Nobody is known by this code, and the file has no name for it. Add the customer, or its name here."
    ]
    assert second["S-1"].writes == {"customer_code": "BLUE"}


def test_customer_who_is_known_by_now_is_found_without_the_file_having_changed() -> None:
    store, content = Store(), file(line(Customer_Name=""))
    store.upload(content)
    store.customers["blue"] = "Blue Ltd"

    plans = store.upload(content)

    assert (outcomes(plans), plans["S-1"].writes) == (["changed"], {"customer_code": "blue"})
    assert outcomes(store.plan(content)) == ["same"]


def test_name_of_a_known_customer_is_kept() -> None:
    store = Store(customers={"BLUE": "Blue Mountains Ltd"})

    plans = store.plan(file(line(), line(Charge_Code="THC")))

    assert texts(plans["S-1"]) == ["Known here as “Blue Mountains Ltd”; the name was kept."]


def test_name_without_a_code_is_nobody() -> None:
    plans = Store().plan(file(line(Customer_Code="")))

    assert plans["S-1"].new_parties == ()
    assert texts(plans["S-1"]) == ["A name without a code, so it cannot be told who is meant. Fill in the code."]


def test_references_of_rows_and_people_come_together_and_taken_back_ones_go() -> None:
    store = Store()
    store.upload(file(line(PO_Numbers="PO-1, PO-2"), line(PO_Numbers="PO-3", Charge_Code="THC")))
    assert store.shipments["S-1"].fields["po"] == ("PO-1", "PO-2", "PO-3")
    store.edit("S-1", po=("PO-1", "PO-2", "PO-3", "BY-HAND"))

    plans = store.upload(file(line(PO_Numbers="PO-1"), line(PO_Numbers="PO-3", Charge_Code="THC")))

    assert plans["S-1"].writes == {"po": ("PO-1", "PO-3", "BY-HAND")}


SUMMING = MatchRules(
    fields={
        "number": FieldRule(columns=("No",)),
        "row_key": FieldRule(columns=("ID",)),
        "weight_kg": FieldRule(columns=("Kg",), combine=Combine.SUM),
        "goods": FieldRule(columns=("What",), combine=Combine.LIST),
    }
)


def summed(*rows: list[str]) -> bytes:
    return csv_file(["No", "ID", "Kg", "What"], *rows)


def test_amounts_add_up_over_rows_and_files() -> None:
    store = Store()
    store.upload(summed(["S-1", "1", "10", "Tiles"], ["S-1", "2", "2.5", "Glue"]), SUMMING)
    plans = store.upload(summed(["S-1", "3", "100", "Tiles"]), SUMMING)

    assert plans["S-1"].writes == {"weight_kg": Decimal("112.5")}
    assert store.shipments["S-1"].fields["goods"] == "Tiles; Glue"

    store.upload(summed(["S-1", "2", "3", "Glue"]), SUMMING)
    assert store.shipments["S-1"].fields["weight_kg"] == Decimal(113)


def test_sum_that_is_too_large_is_told() -> None:
    plans = Store().plan(summed(["S-1", "1", "99999999999", ""], ["S-1", "2", "1", ""]), SUMMING)

    assert "weight_kg" not in plans["S-1"].writes
    assert texts(plans["S-1"]) == ["The sum over the rows of the shipment is too large."]


POINTING = csv_file(
    ["Job No", "ID", "Freight (USD)"],
    ["S-1", "1", "50"],
    ["S-1", "2", "See S-1 (ID#:1)"],
    ["S-2", "3", "See S-9 (ID#:7)"],
)


def test_amount_on_another_row_of_the_file_is_explained() -> None:
    plans = Store().plan(POINTING)

    assert texts(plans["S-1"])[-1] == "Stands on row 2 of this file: no charge here."
    assert not plans["S-1"].rows[1].remarks[0].is_warning


def test_amount_on_a_row_that_nobody_has_is_a_warning() -> None:
    (remark,) = Store().plan(POINTING)["S-2"].rows[0].remarks

    missing = "Stands on a row of S-9 that is neither in this file nor uploaded before."
    assert (remark.text, remark.is_warning) == (f"{missing} Upload that row too, or it is never charged.", True)


def test_amount_on_a_row_of_an_earlier_file_is_explained() -> None:
    store = Store()
    store.upload(csv_file(["Job No", "ID", "Freight (USD)"], ["S-9", "7", "50"]))

    assert texts(store.plan(POINTING)["S-2"]) == ["Stands on a row of S-9 that was uploaded before: no charge here."]


def test_row_that_cannot_be_taken_is_planned_alone() -> None:
    plans = Store().plan(csv_file(["Shipment Number", "Goods"], ["", "Tiles"], ["S-1", "Glue"]))

    assert outcomes(plans) == ["refused", "new"]
    assert plans["row 2"].number == ""


CELLS = {
    "Shipment Number": st.sampled_from(["S-1", "S-2", "S-3", ""]),
    "Row ID": st.sampled_from(["", "1", "2", "3"]),
    "Customer Code": st.sampled_from(["", "BLUE", "RED", "blue"]),
    "Customer Name": st.sampled_from(["", "Blue Ltd"]),
    "Goods": st.sampled_from(["", "Tiles", "Glue"]),
    "PO Numbers": st.sampled_from(["", "PO-1", "PO-2; PO-1"]),
    "Currency": st.sampled_from(["", "AUD", "USD", "gold"]),
    "Charge Code": st.sampled_from(["", "FRT", "THC", "XYZ"]),
    "Charge Description": st.sampled_from(["", "Freight"]),
    "Quantity": st.sampled_from(["", "1", "2.5", "0"]),
    "Unit Price": st.sampled_from(["", "0", "10", "-3", "12.345678", "See S-2 (ID#:3)", "a lot"]),
}
LINES = st.tuples(*CELLS.values()).map(list).filter(any)
FILES = st.lists(LINES, min_size=1, max_size=6).map(lambda lines: csv_file(HEADER, *lines))


@settings(max_examples=200)
@given(FILES, FILES)
def test_a_file_that_came_in_is_the_same_the_next_time(before: bytes, content: bytes) -> None:
    store = Store()
    store.upload(before)
    store.upload(content)

    plans = store.plan(content)

    assert set(outcomes(plans)) <= {"same", "refused"}
    assert not any(plan.changes_something for plan in plans.values())


@settings(max_examples=200)
@given(FILES)
def test_every_row_is_accounted_for_once(content: bytes) -> None:
    plans = Store().plan(content)

    numbers = sorted(row.number for plan in plans.values() for row in plan.rows)
    assert numbers == list(range(2, 2 + len(numbers)))
    assert all(row.remarks for plan in plans.values() for row in plan.rows if row.outcome == "refused")


@settings(max_examples=200)
@given(FILES, FILES)
def test_an_invoiced_charge_is_taken_off_by_no_file_and_changed_by_none_in_silence(
    before: bytes, content: bytes
) -> None:
    store = Store()
    store.upload(before)
    billed = [(number, key) for number, one in store.shipments.items() for key in one.charges]
    for number, key in billed:
        store.invoice(number, key)
    was = {(number, key): store.shipments[number].charges[key] for number, key in billed}

    plans = store.upload(content)

    told = [text for plan in plans.values() for text in texts(plan)]
    changed = [one for one in billed if store.shipments[one[0]].charges[one[1]] != was[one]]
    assert len([text for text in told if ONLY_THEN in text]) >= len(changed)
