from typing import Any

import pytest

from invoices.intake.built_in_matches import SCMS
from invoices.intake.column_match import (
    ColumnMatchError,
    Combine,
    DateOrder,
    DecimalMark,
    FieldRule,
    MatchRules,
    charge_column,
    check_rules,
    read_rules,
    write_rules,
)

NUMBER = {"number": {"columns": ["Job"]}}
RULES = MatchRules(
    fields={
        "number": FieldRule(columns=("Job",)),
        "mode": FieldRule(columns=("How",), values={"ocean": "sea"}),
        "weight_kg": FieldRule(columns=("Kg",), combine=Combine.SUM),
        "currency": FieldRule(default="AUD"),
    },
    charges=(charge_column("Freight", code="FRT", description="Freight"),),
    date_order=DateOrder.DAY_FIRST,
    decimal_mark=DecimalMark.COMMA,
)


@pytest.mark.parametrize("rules", [RULES, SCMS.rules, MatchRules(fields={})])
def test_rules_come_back_from_json_as_they_were(rules: MatchRules) -> None:
    assert read_rules(write_rules(rules)) == rules


def test_words_that_are_translated_are_found_in_any_case() -> None:
    rules = read_rules({"fields": {"mode": {"columns": ["How"], "values": {"By  OCEAN": "sea"}}}})

    assert rules.fields["mode"].values == {"by ocean": "sea"}


def test_match_declares_the_codes_that_it_names_itself() -> None:
    assert RULES.declared_codes == {"FRT": "Freight"}


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "not in the form"),
        ([], "not in the form"),
        ({"fields": [], "charges": []}, "fields that are not known"),
        ({"version": 3}, "not in the form"),
        ({"fields": {"colour": {"columns": ["a"]}}}, "fields that are not known"),
        ({"fields": {"number": "Job"}}, "not in the form"),
        ({"fields": {"number": {"columns": "Job"}}}, "not a text"),
        ({"fields": {"number": {"columns": [3]}}}, "not a text"),
        ({"fields": {"number": {"default": 3}}}, "not a text"),
        ({"fields": {"number": {"values": {"a": 3}}}}, "not a text"),
        ({"fields": {"goods": {"combine": "multiply"}}}, "not possible here"),
        ({"fields": {"goods": {"combine": "sum"}}}, "Goods cannot be put together as “sum”"),
        ({"fields": {"weight_kg": {"combine": "list"}}}, r"Weight \(kg\) cannot be put together as “list”"),
        ({"date_order": "year"}, "not possible here"),
        ({"decimal_mark": []}, "not possible here"),
        ({"charges": [{"charge_code": {"default": "FRT"}}]}, "a column with its price"),
        ({"charges": [{"charge_code": {}, "unit_price": {"columns": ["a"]}}]}, "needs a charge code"),
        ({"charges": [{"charge_code": {"default": "X" * 31}, "unit_price": {"columns": ["a"]}}]}, "up to 30 letters"),
        ({"charges": [{}] * 61}, "More than 60 charges"),
        ({"charges": {}}, "not in the form"),
    ],
)
def test_json_that_is_no_match_is_refused_in_words(value: Any, sentence: str) -> None:
    with pytest.raises(ColumnMatchError, match=sentence):
        read_rules(value)


def test_all_that_hinders_reading_a_file_is_told_at_once() -> None:
    rules = read_rules({"fields": {"goods": {"columns": ["What", "Else"]}, "number": {"default": "S-1"}}})

    assert check_rules(rules, header=["what"]) == [
        "The file has no column “Else”.",
        "No column is matched to the shipment number, by which rows become shipments.",
    ]


def test_match_whose_columns_are_all_there_hinders_nothing() -> None:
    assert check_rules(RULES, header=["KG", "job", "how", "Freight"]) == []
