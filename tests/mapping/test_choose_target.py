"""Which mapping line decides, field by field."""

import pytest

from integrations.mapping.choose_account import ChosenAccount, choose_account
from integrations.mapping.choose_target import choose_target
from integrations.mapping.problems import Problem
from tests.mapping.mapping_cases import rules_of

LINES = {
    "both": {"side": "sales", "charge_code": "FRT", "cost_centre": "SYD", "account": "201", "item": ""},
    "code": {"side": "sales", "charge_code": "FRT", "account": "200", "item": "AIR"},
    "centre": {"side": "sales", "charge_code": "", "cost_centre": "SYD", "account": "202", "item": "WH"},
}
ACCOUNTS = [
    {"code": code, "name": code, "class": "REVENUE", "kind": "REVENUE", "active": True, "system": False}
    for code in ("200", "201", "202", "299")
]


@pytest.mark.parametrize(
    ("lines", "charge_code", "cost_centre", "account", "origin", "item"),
    [
        (["both", "code", "centre"], "FRT", "SYD", "201", "from charge code FRT in cost centre SYD", "AIR"),
        (["both", "code", "centre"], "FRT", "MEL", "200", "from charge code FRT", "AIR"),
        (["both", "code", "centre"], "FRT", "", "200", "from charge code FRT", "AIR"),
        (["both", "centre"], "FRT", "SYD", "201", "from charge code FRT in cost centre SYD", "WH"),
        (["centre"], "FRT", "SYD", "202", "from cost centre SYD", "WH"),
        (["centre"], "FRT", "MEL", "299", "default account used", ""),
        ([], "FRT", "SYD", "299", "default account used", ""),
    ],
)
def test_most_specific_line_decides_each_field(
    lines: list[str], charge_code: str, cost_centre: str, account: str, origin: str, item: str
) -> None:
    rules = rules_of(
        {
            "charge_rules": [LINES[name] for name in lines],
            "accounts": ACCOUNTS,
            "default_accounts": {"sales": "299", "purchases": ""},
            "items": ["AIR", "WH"],
        }
    )

    chosen = choose_account(rules, side="sales", charge_code=charge_code, cost_centre=cost_centre)

    assert isinstance(chosen, ChosenAccount)
    assert (chosen.account.code, chosen.origin, chosen.item_code) == (account, origin, item)


def test_other_side_has_lines_of_its_own() -> None:
    rules = rules_of({"charge_rules": [LINES["code"]], "accounts": ACCOUNTS})

    target = choose_target(rules, side="purchases", charge_code="FRT", cost_centre="")

    assert (target.account.value, target.item.value) == ("", "")
    assert isinstance(choose_account(rules, side="purchases", charge_code="FRT"), Problem)
