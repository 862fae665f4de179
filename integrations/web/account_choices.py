"""Ledger accounts and tax rates to choose from: only those that Xero would take."""

from integrations.mapping.choose_account import why_refused
from integrations.mapping.rules import OrganisationRules


def account_choices(rules: OrganisationRules, *, side: str) -> list[tuple[str, str]]:
    """Code and label, by code. Sides are "sales" and "purchases"."""
    fitting = [code for code in rules.accounts if why_refused(rules, side=side, account_code=code) is None]
    return [(code, f"{code} {rules.accounts[code].name}") for code in sorted(fitting)]
