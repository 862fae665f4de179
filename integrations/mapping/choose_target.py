"""Where a charge goes by the mapping lines: the most specific line that says anything of a field decides it."""

from collections.abc import Iterable
from dataclasses import dataclass

from integrations.mapping.rules import ChargeTarget, OrganisationRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """`origin` names the line in words; both empty where no line says anything."""

    value: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    account: Decided
    tax_type: Decided
    item: Decided


def choose_target(rules: OrganisationRules, *, side: str, charge_code: str, cost_centre: str) -> Target:
    """Charge code with cost centre, charge code, cost centre; defaults are the caller's."""
    lines = matching_lines(rules, side=side, charge_code=charge_code, cost_centre=cost_centre)
    return Target(
        account=_first((line.account_code, words) for words, line in lines),
        tax_type=_first((line.tax_type, words) for words, line in lines),
        item=_first((line.item_code, words) for words, line in lines),
    )


def matching_lines(
    rules: OrganisationRules, *, side: str, charge_code: str, cost_centre: str
) -> list[tuple[str, ChargeTarget]]:
    """The most specific first, each with its words."""
    keys = dict.fromkeys([(charge_code, cost_centre), (charge_code, ""), ("", cost_centre)])
    wanted = [(line_words(*key), rules.charge_targets.get((side, *key))) for key in keys if any(key)]
    return [(words, line) for words, line in wanted if line is not None]


def line_words(charge_code: str, cost_centre: str) -> str:
    if charge_code and cost_centre:
        return f"charge code {charge_code} in cost centre {cost_centre}"
    return f"charge code {charge_code}" if charge_code else f"cost centre {cost_centre}"


def _first(said: Iterable[tuple[str, str]]) -> Decided:
    for value, words in said:
        if value:
            return Decided(value=value, origin=words)
    return Decided()
