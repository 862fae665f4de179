"""What is wrong with a rule before Xero says so: pairs that Xero would refuse, with those that it would take (N16)."""

from collections.abc import Iterator
from dataclasses import dataclass

from integrations.mapping.choose_account import why_refused
from integrations.mapping.choose_target import choose_target
from integrations.mapping.choose_tax_code import ABROAD, HOME, country_code
from integrations.mapping.choose_tracking import DIMENSIONS, MOST_CATEGORIES
from integrations.mapping.rule_rows import LINES, TAX_CODES, TAX_PLACES, TRACKING, Row, RuleTable
from integrations.mapping.rules import LedgerAccount, OrganisationRules, TrackingChoice
from integrations.problem_catalogue.describe import describe

SIDES = ("sales", "purchases")
CLASSES = {"sales": {"REVENUE"}, "purchases": {"EXPENSE", "ASSET"}}
SUGGESTED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCodes:
    """Of the freight side; rates in per cent by tax code, as text without trailing zeros."""

    charge_codes: frozenset[str]
    tax_rates: dict[str, str]


@dataclass(frozen=True, slots=True)
class RowFault:
    """`field` of the row; a sentence that says what to do."""

    field: str
    text: str


def row_faults(rules: OrganisationRules, known: KnownCodes, table: RuleTable, row: Row) -> list[RowFault]:
    """Empty: Xero would take it."""
    checks = {LINES.name: _line, TAX_CODES.name: _tax_code, TAX_PLACES.name: _place, TRACKING.name: _tracking}
    side = row.get("side", SIDES[0])
    if side not in SIDES:
        return [RowFault("side", f"“{side}” is no side. Write sales or purchases.")]
    return list(checks[table.name](rules, known, row))


def why_pair_refused(rules: OrganisationRules, *, side: str, account_code: str, tax_code: str) -> str:
    """Of an account with the rate that our tax code becomes; empty where Xero takes it or nothing can be said yet."""
    account = rules.accounts.get(account_code)
    rate = rules.tax_rates.get(rules.tax_types.get((side, tax_code), ""))
    if account is None or rate is None or account.account_class in rate.applies_to:
        return ""
    fitting = [
        f"{code} {rules.accounts[code].name}"
        for code in sorted(rules.accounts)
        if why_refused(rules, side=side, account_code=code) is None
        and rules.accounts[code].account_class in rate.applies_to
    ]
    text = f"Xero does not allow {rate.name}, which tax code {tax_code} becomes, on {account.code} {account.name}."
    return f"{text} {_suggested(fitting)}".strip()


def _line(rules: OrganisationRules, known: KnownCodes, row: Row) -> Iterator[RowFault]:
    if not row["charge_code"] and not row["cost_centre"]:
        yield RowFault("charge_code", "Name a charge code, a cost centre or both.")
    if not row["account_code"] and not row["tax_type"] and not row["item_code"]:
        yield RowFault("account_code", "Choose an account, a tax rate or an item: the line says nothing yet.")
    yield from _charge_code(known, row)
    refusal = why_refused(rules, side=row["side"], account_code=row["account_code"]) if row["account_code"] else None
    if refusal is not None:
        text = describe(refusal).text.replace(", which charge code  goes to,", "")
        yield RowFault("account_code", f"{text} {_accounts_that_fit(rules, row)}".strip())
    elif row["tax_type"]:
        yield from _pair(rules, row)
    if row["item_code"] and row["item_code"] not in rules.items:
        text = f"There is no item {row['item_code']} in Xero. Choose one that is, or create it on the page of items."
        yield RowFault("item_code", text)


def _pair(rules: OrganisationRules, row: Row) -> Iterator[RowFault]:
    """The tax rate with the account that the line goes to, be it its own or a less specific line's."""
    code = row["account_code"] or _account_behind(rules, row)
    account, rate = rules.accounts.get(code), rules.tax_rates.get(row["tax_type"])
    if rate is None or not rate.is_active:
        name = rate.name if rate else row["tax_type"]
        yield RowFault("tax_type", f"{name} is deleted in Xero. {_rates_that_fit(rules, account, row['side'])}")
    elif account is not None and account.account_class not in rate.applies_to:
        text = f"Xero does not allow {rate.name} on {account.code} {account.name}."
        yield RowFault("tax_type", f"{text} {_rates_that_fit(rules, account, row['side'])}")


def _account_behind(rules: OrganisationRules, row: Row) -> str:
    names = {name: row[name] for name in ("side", "charge_code", "cost_centre")}
    return choose_target(rules, **names).account.value or rules.default_accounts.get(row["side"], "")


def _rates_that_fit(rules: OrganisationRules, account: LedgerAccount | None, side: str) -> str:
    classes = {account.account_class} if account else CLASSES[side]
    fitting = sorted(rate.name for rate in rules.tax_rates.values() if rate.is_active and rate.applies_to & classes)
    return _suggested(fitting)


def _accounts_that_fit(rules: OrganisationRules, row: Row) -> str:
    codes = sorted(code for code in rules.accounts if why_refused(rules, side=row["side"], account_code=code) is None)
    return _suggested([f"{code} {rules.accounts[code].name}" for code in codes])


def _suggested(names: list[str]) -> str:
    more = f" and {len(names) - SUGGESTED} more" if len(names) > SUGGESTED else ""
    return f"It takes: {', '.join(names[:SUGGESTED])}{more}." if names else ""


def _charge_code(known: KnownCodes, row: Row) -> Iterator[RowFault]:
    if row["charge_code"] and row["charge_code"] not in known.charge_codes:
        yield RowFault("charge_code", f"There is no charge code {row['charge_code']}.")


def _tax_code(rules: OrganisationRules, known: KnownCodes, row: Row) -> Iterator[RowFault]:
    ours, rate = known.tax_rates.get(row["tax_code"]), rules.tax_rates.get(row["tax_type"])
    if ours is None:
        yield RowFault("tax_code", f"There is no tax code {row['tax_code']}.")
    if rate is None or not rate.is_active:
        yield RowFault("tax_type", f"There is no tax rate {row['tax_type']} in Xero, or it is deleted.")
    elif not rate.applies_to & CLASSES[row["side"]]:
        text = f"Xero does not allow {rate.name} for {row['side']}."
        yield RowFault("tax_type", f"{text} {_rates_that_fit(rules, None, row['side'])}")
    elif ours is not None and f"{rate.rate.normalize():f}" != ours:
        yield RowFault("tax_type", f"{rate.name} is {rate.rate.normalize():f} % in Xero, and ours is {ours} %.")


def _place(rules: OrganisationRules, known: KnownCodes, row: Row) -> Iterator[RowFault]:
    if row["place"] not in {HOME, ABROAD} and country_code(row["place"]) != row["place"]:
        yield RowFault("place", f"“{row['place']}” is no country. Write home, abroad or two letters, such as NZ.")
    yield from _charge_code(known, row)
    if row["tax_code"] not in known.tax_rates:
        yield RowFault("tax_code", f"There is no tax code {row['tax_code']}.")
    elif (row["side"], row["tax_code"]) not in rules.tax_types:
        text = f"Tax code {row['tax_code']} has no tax rate in Xero for {row['side']} yet. Choose it under Tax codes."
        yield RowFault("tax_code", text)


def _tracking(rules: OrganisationRules, known: KnownCodes, row: Row) -> Iterator[RowFault]:
    del known
    categories = {one.category for one in rules.tracking_options}
    if row["dimension"] not in DIMENSIONS:
        yield RowFault("dimension", f"“{row['dimension']}” is none of {', '.join(DIMENSIONS)}.")
    elif bool(row["value"]) == (row["dimension"] == "any"):
        yield RowFault("value", f"Say which {row['dimension']}." if not row["value"] else "“any” has no value.")
    used = {category for category, _, _ in rules.tracking} | {row["category"]}
    if row["category"] not in categories:
        yield RowFault("category", f"There is no tracking category {row['category']} in Xero.")
    elif TrackingChoice(category=row["category"], option=row["option"]) not in rules.tracking_options:
        text = f"{row['category']} has no option {row['option']} in Xero. Create it there, then refresh from Xero."
        yield RowFault("option", text)
    if len(used) > MOST_CATEGORIES:
        yield RowFault("category", "Xero takes two tracking categories on a line at most.")
