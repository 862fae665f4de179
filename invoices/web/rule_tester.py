"""Which line decides for a charge: asked on the page of mapping lines, answered as the mapping itself does."""

from collections.abc import Mapping
from dataclasses import dataclass

from integrations.mapping.choose_account import ChosenAccount, choose_account
from integrations.mapping.choose_target import choose_target, matching_lines
from integrations.mapping.rules import OrganisationRules
from integrations.problem_catalogue.describe import describe
from integrations.reference_data.check_rule_row import SIDES


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`facts`: label, what, and where from. `lines`: those that fit, the one that decides first."""

    facts: list[tuple[str, str, str]]
    lines: list[str]
    problem: str


def decision_of(rules: OrganisationRules, asked: Mapping[str, str]) -> Decision | None:
    """None: nothing is asked."""
    side = asked.get("side", "")
    code, centre = asked.get("charge_code", ""), asked.get("cost_centre", "").strip()
    if side not in SIDES or not (code or centre):
        return None
    chosen = choose_account(rules, side=side, charge_code=code, cost_centre=centre)
    target = choose_target(rules, side=side, charge_code=code, cost_centre=centre)
    facts = []
    if isinstance(chosen, ChosenAccount):
        facts.append(("Ledger account", f"{chosen.account.code} {chosen.account.name}", chosen.origin))
        facts.append(("Item", chosen.item_code or "none", target.item.origin or "no line names one"))
    rate = rules.tax_rates.get(target.tax_type.value)
    of_line = f"from {target.tax_type.origin}, where the per cent agree"
    facts.append(
        ("Tax rate", rate.name, of_line) if rate else ("Tax rate", "that of the tax code", "no line names one")
    )
    lines = matching_lines(rules, side=side, charge_code=code, cost_centre=centre)
    return Decision(
        facts=facts,
        lines=[words for words, _ in lines] or ["No line fits: the default is used."],
        problem="" if isinstance(chosen, ChosenAccount) else describe(chosen).text,
    )
