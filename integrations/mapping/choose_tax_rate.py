"""Which of the organisation's tax rates a line gets. A rate that differs from ours by a hair is refused."""

from dataclasses import dataclass
from decimal import Decimal

from integrations.mapping.choose_target import Decided, choose_target
from integrations.mapping.problems import Problem, problem
from integrations.mapping.rules import LedgerAccount, OrganisationRules, TaxRate


@dataclass(frozen=True, slots=True)
class ChosenRate:
    rate: TaxRate
    origin: str


def choose_tax_rate(
    rules: OrganisationRules,
    *,
    side: str,
    charge_code: str,
    cost_centre: str = "",
    tax_code: str,
    rate: Decimal,
    account: LedgerAccount,
) -> ChosenRate | Problem:
    """
    `rate`: what our invoice was calculated with, in per cent.

    A mapping line's own tax rate goes before that of the tax code, but only where it is of the same per cent: a line
    that says 10 % taxes no export.
    """
    line = choose_target(rules, side=side, charge_code=charge_code, cost_centre=cost_centre).tax_type
    of_line = rules.tax_rates.get(line.value)
    if line.value and (of_line is None or of_line.rate == rate):
        return _of_line(rules, line, charge_code=charge_code, account=account)
    tax_type = rules.tax_types.get((side, tax_code), "")
    if not tax_type:
        return problem("FB-304", tax_code, tax_code=tax_code, side=side)
    found = rules.tax_rates.get(tax_type)
    words = {"tax_code": tax_code, "tax_type": tax_type, "side": side}
    if found is None or not found.is_active:
        return problem("FB-305", tax_code, **words)
    if account.account_class not in found.applies_to:
        return problem("FB-306", f"{tax_type} {account.code}", **words, account=account.code, tax_name=found.name)
    if found.rate != rate:
        return problem("FB-307", tax_code, **words, ours=_percent(rate), theirs=_percent(found.rate))
    return ChosenRate(found, f"from tax code {tax_code}")


def _of_line(
    rules: OrganisationRules, line: Decided, *, charge_code: str, account: LedgerAccount
) -> ChosenRate | Problem:
    found = rules.tax_rates.get(line.value)
    name = found.name if found else line.value
    words = {"charge_code": charge_code, "tax_name": name, "account": account.code, "line": line.origin}
    if found is None or not found.is_active or account.account_class not in found.applies_to:
        return problem("FB-309", charge_code, **words)
    return ChosenRate(found, f"from {line.origin}")


def _percent(rate: Decimal) -> str:
    return f"{rate.normalize():f} %"
