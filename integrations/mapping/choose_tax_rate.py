"""Which of the organisation's tax rates a line gets. A rate that differs from ours by a hair is refused."""

from decimal import Decimal

from integrations.mapping.problems import Problem, problem
from integrations.mapping.rules import LedgerAccount, OrganisationRules, TaxRate


def choose_tax_rate(
    rules: OrganisationRules, *, side: str, tax_code: str, rate: Decimal, account: LedgerAccount
) -> TaxRate | Problem:
    """`rate`: what our invoice was calculated with, in per cent."""
    tax_type = rules.tax_types.get((side, tax_code), "")
    if not tax_type:
        return problem("FB-304", tax_code, tax_code=tax_code, side=side)
    found = rules.tax_rates.get(tax_type)
    words = {"tax_code": tax_code, "tax_type": tax_type}
    if found is None or not found.is_active:
        return problem("FB-305", tax_code, **words)
    if account.account_class not in found.applies_to:
        return problem("FB-306", f"{tax_type} {account.code}", **words, account=account.code, tax_name=found.name)
    if found.rate != rate:
        return problem("FB-307", tax_code, **words, ours=_percent(rate), theirs=_percent(found.rate))
    return found


def _percent(rate: Decimal) -> str:
    return f"{rate.normalize():f} %"
