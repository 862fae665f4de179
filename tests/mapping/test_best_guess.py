from dataclasses import replace

import pytest

from integrations.mapping.best_guess import likeliest_account
from integrations.mapping.rules import ChargeTarget
from tests.mapping.mapping_cases import rules_of


@pytest.mark.parametrize(
    ("targets", "guess"),
    [({}, ""), ({"A": "200"}, "200"), ({"A": "200", "B": "200", "C": "201"}, "200"), ({"A": "200", "B": "201"}, "")],
)
def test_account_is_guessed_from_what_most_codes_go_to_and_never_at_random(targets: dict[str, str], guess: str) -> None:
    rules = rules_of({})
    account = next(iter(rules.accounts.values()))
    rules = replace(
        rules,
        accounts={code: replace(account, code=code, name=f"Quite another {code}") for code in ("200", "201")},
        charge_targets={("sales", code, ""): ChargeTarget(account_code=target) for code, target in targets.items()},
    )

    found = likeliest_account(rules, side="sales", name="Handling", choices=dict.fromkeys(rules.accounts, ""))

    assert found == guess
