"""The ledger account of a charge, and where it came from."""

from dataclasses import dataclass

from integrations.mapping.choose_target import choose_target
from integrations.mapping.problems import Problem, problem
from integrations.mapping.rules import LedgerAccount, OrganisationRules

# Classes of accounts a line may stand on: developer.xero.com/documentation/api/accounting/types, account classes.
CLASSES = {"sales": {"REVENUE"}, "purchases": {"EXPENSE", "ASSET"}}


@dataclass(frozen=True, slots=True)
class ChosenAccount:
    account: LedgerAccount
    item_code: str
    origin: str


def choose_account(
    rules: OrganisationRules, *, side: str, charge_code: str, cost_centre: str = ""
) -> ChosenAccount | Problem:
    """The most specific mapping line first, then the default of the side, which is always named as such."""
    target = choose_target(rules, side=side, charge_code=charge_code, cost_centre=cost_centre)
    code = target.account.value or rules.default_accounts.get(side, "")
    if not code:
        return problem("FB-301", charge_code, charge_code=charge_code, side=side)
    item = target.item.value or _item_of_its_code(rules, charge_code)
    if item and item not in rules.items:
        return problem("FB-308", charge_code, charge_code=charge_code, item=item)
    refusal = why_refused(rules, side=side, account_code=code, charge_code=charge_code)
    if refusal is not None:
        return refusal
    origin = f"from {target.account.origin}" if target.account.value else "default account used"
    return ChosenAccount(account=rules.accounts[code], item_code=item, origin=origin)


def _item_of_its_code(rules: OrganisationRules, charge_code: str) -> str:
    """The product code is the item's code (F25), where the organisation works so."""
    wanted = rules.creates_items or (rules.matches_items and charge_code in rules.items)
    return charge_code if wanted else ""


def why_refused(rules: OrganisationRules, *, side: str, account_code: str, charge_code: str = "") -> Problem | None:
    """Also for the page on which accounts are chosen."""
    account = rules.accounts.get(account_code)
    words = {"account": account_code, "charge_code": charge_code, "side": side}
    if account is None or not account.is_active:
        return problem("FB-302", charge_code or account_code, **words)
    if account.is_system or account.kind == "BANK" or account.account_class not in CLASSES[side]:
        return problem("FB-303", charge_code or account_code, **words, account_name=account.name)
    return None
