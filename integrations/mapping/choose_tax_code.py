"""Which of our tax codes a charge is taxed by, and where it came from: customer's country and service decide."""

from dataclasses import dataclass
from functools import cache

from babel import Locale

from integrations.mapping.rules import OrganisationRules

HOME, ABROAD = "home", "abroad"
# As people say it, and their two letters; unlike the words of babel.
OTHER_NAMES = {"uk": "GB", "great britain": "GB", "usa": "US", "england": "GB"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxedCharge:
    """`own`, `of_customer`, `of_charge_code`: tax codes that stand there, or nothing. `country`: the customer's."""

    side: str
    charge_code: str
    cost_centre: str = ""
    country: str = ""
    own: str = ""
    of_customer: str = ""
    of_charge_code: str = ""


@dataclass(frozen=True, slots=True)
class ChosenTaxCode:
    tax_code: str
    origin: str


def choose_tax_code(rules: OrganisationRules, charge: TaxedCharge, *, account_tax_type: str = "") -> ChosenTaxCode:
    """
    The charge's own; the customer's; a rule for the country; the charge code's; what the account has in Xero.

    Empty where none says anything. `account_tax_type`: the default of the ledger account that the charge goes to.
    """
    if charge.own:
        return ChosenTaxCode(charge.own, "stands on the charge")
    if charge.of_customer:
        return ChosenTaxCode(charge.of_customer, "from the customer")
    by_place = _by_place(rules, charge)
    if by_place is not None:
        return by_place
    if charge.of_charge_code:
        return ChosenTaxCode(charge.of_charge_code, f"from charge code {charge.charge_code}")
    codes = sorted(
        code for (side, code), kind in rules.tax_types.items() if (side, kind) == (charge.side, account_tax_type)
    )
    return ChosenTaxCode(codes[0], "default of the ledger account") if codes else ChosenTaxCode("", "")


def _by_place(rules: OrganisationRules, charge: TaxedCharge) -> ChosenTaxCode | None:
    """A country before its group, a charge code before any."""
    country = country_code(charge.country)
    if not country:
        return None
    group = HOME if country == rules.country else ABROAD
    for charge_code in (charge.charge_code, ""):
        for place in (country, group):
            found = rules.tax_places.get((charge.side, place, charge_code))
            if found:
                return ChosenTaxCode(found, f"rule for {place_words(place)}, {charge_code or 'any charge code'}")
    return None


def place_words(place: str) -> str:
    return {HOME: "customers at home", ABROAD: "customers abroad"}.get(place) or f"customers in {place}"


def country_code(text: str) -> str:
    """Two letters, from them or from a country's English name; empty for what is neither."""
    folded = text.strip().casefold()
    return _codes().get(folded, "")


@cache
def _codes() -> dict[str, str]:
    known = {code: name for code, name in Locale("en").territories.items() if len(code) == len("AU") and code.isalpha()}
    return {
        **{name.casefold(): code for code, name in known.items()},
        **{code.casefold(): code for code in known},
        **OTHER_NAMES,
    }
