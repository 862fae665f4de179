import pytest

from invoices.intake.built_in_matches import SCMS
from invoices.intake.column_match import Combine, DateOrder, DecimalMark, FieldRule, MatchRules
from invoices.intake.freight_fields import CHARGE_FIELDS, SHIPMENT_FIELDS
from invoices.intake.propose_match import Proposal, propose_match
from invoices.intake.read_table import read_table
from invoices.intake.upload_template import template_csv, template_fields
from tests.intake.planned_files import csv_file

SCMS_HEADER = [*SCMS.rules.columns, "Brand", "Dosage"]


def propose(header: list[str], *rows: list[str]) -> Proposal:
    table = read_table(csv_file(header, *rows))
    return propose_match(table.header, table.rows)


def columns(rules: MatchRules) -> dict[str, str]:
    return {name: rule.columns[0] for name, rule in rules.fields.items()}


def test_known_header_is_recognised_whatever_stands_between() -> None:
    found = propose([name.lower() for name in reversed(SCMS_HEADER)], ["x"] * len(SCMS_HEADER))

    assert (found.rules, found.is_certain, found.name) == (SCMS.rules, True, "SCMS delivery history")


def test_header_that_lacks_a_column_of_the_known_one_is_not_it() -> None:
    header = [name for name in SCMS_HEADER if name != "Fulfill Via"]

    assert not propose(header, ["x"] * len(header)).is_certain


def test_our_own_template_needs_nobody_to_match_it() -> None:
    titles = [field.title for field in template_fields()]
    found = propose(titles, ["S-1"] + ["x"] * (len(titles) - 1))

    assert found.is_certain
    assert columns(found.rules) == {name: field.title for name, field in SHIPMENT_FIELDS.items()}
    (charge,) = found.rules.charges
    assert {name: rule.columns for name, rule in charge.items()} == {
        name: (field.title,) for name, field in CHARGE_FIELDS.items() if name != "currency"
    }


def test_template_with_columns_taken_out_is_still_ours() -> None:
    assert propose(["Shipment Number", "Goods"], ["S-1", "Tiles"]).is_certain


def test_template_file_holds_the_header_alone() -> None:
    assert template_csv().decode("utf-8-sig").splitlines() == [",".join(field.title for field in template_fields())]


def test_columns_are_proposed_by_what_they_are_called_elsewhere() -> None:
    header = ["Job No.", "Client", "Client Code", "POL", "POD", "Planned ETD", "Cargo", "Our Branch Code", "Shoe size"]

    found = propose(header, ["J-1", "Blue Ltd", "BLUE", "CNSHA", "AUSYD", "2026-03-04", "Tiles", "SYD", "44"])

    assert columns(found.rules) == {
        "number": "Job No.",
        "customer_code": "Client Code",
        "customer_name": "Client",
        "origin": "POL",
        "destination": "POD",
        "branch": "Our Branch Code",
        "goods": "Cargo",
    }
    assert not found.is_certain
    assert "Shoe size" not in found.confidence
    assert (found.confidence["Job No."], found.confidence["Our Branch Code"]) == (0.9, 0.6)


def test_weight_in_pounds_is_not_taken_for_kilograms() -> None:
    assert columns(propose(["Job No", "Weight (lb)"], ["J-1", "12"]).rules) == {"number": "Job No"}


def test_id_is_a_key_of_rows_only_where_every_row_has_its_own() -> None:
    own = propose(["Job No", "ID"], ["J-1", "1"], ["J-1", "2"])
    shared = propose(["Job No", "ID"], ["J-1", "1"], ["J-1", "1"])

    assert columns(own.rules) == {"number": "Job No", "row_key": "ID"}
    assert columns(shared.rules) == {"number": "Job No"}


def test_one_charge_a_row_is_recognised_by_code_and_price() -> None:
    found = propose(["Job No", "Charge Code", "Qty", "Rate"], ["J-1", "FRT", "2", "10.00"])

    (charge,) = found.rules.charges
    assert charge == {
        "charge_code": FieldRule(columns=("Charge Code",)),
        "quantity": FieldRule(columns=("Qty",)),
        "unit_price": FieldRule(columns=("Rate",)),
    }


def test_amount_of_a_whole_line_is_not_multiplied_again() -> None:
    (charge,) = propose(["Job No", "Charge Code", "Qty", "Amount"], ["J-1", "FRT", "2", "20.00"]).rules.charges

    assert charge["unit_price"].columns == ("Amount",)
    assert "quantity" not in charge


def test_columns_of_amounts_become_charges_of_their_own() -> None:
    found = propose(
        ["Job No", "Freight Cost (USD)", "Port Service Fee", "Handling Notes"],
        ["J-1", "12.50", "3", "by hand"],
        ["J-2", "Invoiced Separately", "4", "gently"],
        ["J-3", "7.00", "", ""],
    )

    made = [(charge["charge_code"].default, charge["currency"].default) for charge in found.rules.charges]
    assert made == [("FRT", "USD"), ("PORTSERVICE", "")]


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (["3/4/2026", "25/4/2026"], DateOrder.DAY_FIRST),
        (["3/4/2026", "4/25/2026"], DateOrder.MONTH_FIRST),
        (["3/4/2026", "5/4/2026"], DateOrder.UNKNOWN),
        (["25/4/2026", "4/25/2026"], DateOrder.UNKNOWN),
        (["2026-04-25"], DateOrder.UNKNOWN),
    ],
)
def test_order_of_dates_is_told_by_those_that_can_be_one_day_only(days: list[str], order: DateOrder) -> None:
    assert propose(["Job No", "ETD"], *[["J-1", day] for day in days]).rules.date_order == order


@pytest.mark.parametrize(
    ("weights", "mark"),
    [
        (["1.234,5", "3"], DecimalMark.COMMA),
        (["12,5"], DecimalMark.COMMA),
        (["1,234.5"], DecimalMark.POINT),
        (["1,234"], DecimalMark.POINT),
        (["12.5", "12,5", "0.5"], DecimalMark.POINT),
    ],
)
def test_decimal_mark_is_told_by_numbers_written_in_one_way_only(weights: list[str], mark: DecimalMark) -> None:
    assert propose(["Job No", "Weight kg"], *[["J-1", weight] for weight in weights]).rules.decimal_mark == mark


def test_scms_match_adds_up_what_rows_share() -> None:
    combined = {name: rule.combine for name, rule in SCMS.rules.fields.items() if rule.combine is not Combine.FIRST}

    assert combined == {"goods": Combine.LIST, "weight_kg": Combine.SUM, "declared_value": Combine.SUM}
