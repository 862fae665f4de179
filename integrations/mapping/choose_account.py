"""The ledger account of a charge, and where it came from."""

from dataclasses import dataclass

from integrations.mapping.problems import Problem, problem
from integrations.mapping.rules import ChargeTarget, LedgerAccount, OrganisationRules

# Classes of accounts a line may stand on: developer.xero.com/documentation/api/accounting/types, account classes.
CLASSES = {"sales": {"REVENUE"}, "purchases": {"EXPENSE", "ASSET"}}


@dataclass(frozen=True, slots=True)
class ChosenAccount:
    account: LedgerAccount
    item_code: str
    origin: str


def choose_account(rules: OrganisationRules, *, side: str, charge_code: str) -> ChosenAccount | Problem:
    """The charge code's own rule first, then the default of its side, which is always named as such."""
    target = rules.charge_targets.get((side, charge_code), ChargeTarget(account_code=""))
    code = target.account_code or rules.default_accounts.get(side, "")
    if not code:
        return problem("FB-301", charge_code, charge_code=charge_code, side=side)
    if target.item_code and target.item_code not in rules.items:
        return problem("FB-308", charge_code, charge_code=charge_code, item=target.item_code)
    refusal = why_refused(rules, side=side, account_code=code, charge_code=charge_code)
    if refusal is not None:
        return refusal
    origin = f"from charge code {charge_code}" if target.account_code else "default account used"
    return ChosenAccount(account=rules.accounts[code], item_code=target.item_code, origin=origin)


def why_refused(rules: OrganisationRules, *, side: str, account_code: str, charge_code: str = "") -> Problem | None:
    """Also for the page on which accounts are chosen."""
    account = rules.accounts.get(account_code)
    words = {"account": account_code, "charge_code": charge_code, "side": side}
    if account is None or not account.is_active:
        return problem("FB-302", charge_code or account_code, **words)
    if account.is_system or account.kind == "BANK" or account.account_class not in CLASSES[side]:
        return problem("FB-303", charge_code or account_code, **words, account_name=account.name)
    return None
