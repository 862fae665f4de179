"""Accounts that are called exactly like a charge code: proposals that need no look each."""

from collections import Counter

from integrations.mapping.rules import OrganisationRules
from integrations.web.account_choices import account_choices


def accounts_by_name(rules: OrganisationRules, *, side: str) -> dict[str, str]:
    """Codes of accounts that Xero would take, by name in small letters; a name that several have is left out."""
    names = {code: plain_name(rules.accounts[code].name) for code, _ in account_choices(rules, side=side)}
    counts = Counter(names.values())
    return {name: code for code, name in names.items() if counts[name] == 1}


def plain_name(name: str) -> str:
    return " ".join(name.casefold().split())
