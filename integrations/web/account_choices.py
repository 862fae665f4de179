"""Ledger accounts to choose from: those that Xero would take on a line, and why it takes none of the others."""

from integrations.mapping.choose_account import CLASSES, why_refused
from integrations.mapping.rules import LedgerAccount, OrganisationRules

Choices = list[tuple[str, str]]


def account_choices(rules: OrganisationRules, *, side: str) -> Choices:
    """Code and label, by code. Sides are "sales" and "purchases"."""
    return [(code, _label(rules.accounts[code])) for code in sorted(rules.accounts) if _is_taken(rules, side, code)]


def refused_accounts(rules: OrganisationRules, *, sides: tuple[str, ...]) -> Choices:
    """Those that none of the sides takes, each with the reason in its label: shown, and not to be chosen."""
    refused = [code for code in sorted(rules.accounts) if not any(_is_taken(rules, side, code) for side in sides)]
    return [(code, f"{_label(rules.accounts[code])} ({_reason(rules.accounts[code], sides)})") for code in refused]


def _is_taken(rules: OrganisationRules, side: str, code: str) -> bool:
    return why_refused(rules, side=side, account_code=code) is None


def _label(account: LedgerAccount) -> str:
    return f"{account.code} {account.name}"


def _reason(account: LedgerAccount, sides: tuple[str, ...]) -> str:
    """In the order in which `why_refused` asks."""
    if not account.is_active:
        return "archived in Xero"
    if account.is_system:
        return "Xero keeps it for itself"
    if account.kind == "BANK":
        return "a bank account"
    wanted = " or ".join(sorted({name.lower() for side in sides for name in CLASSES[side]}))
    return f"class {account.account_class.lower() or 'unknown'}; {' and '.join(sides)} take {wanted}"
