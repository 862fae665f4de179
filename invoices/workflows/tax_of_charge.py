"""Which tax code a charge is taxed by, with the organisation's rules; without one, what stands on it or on its code."""

from functools import lru_cache

from integrations.mapping.choose_account import ChosenAccount, choose_account
from integrations.mapping.choose_tax_code import ChosenTaxCode, TaxedCharge, choose_tax_code
from integrations.mapping.rules import OrganisationRules
from invoices.domain.parts_to_bill import TaxOf, own_tax_code, tax_code_of
from invoices.models import Customer, ShipmentCharge, TaxCode
from invoices.models.shipment_charge import Side

# The words of the mapping rules.
SIDES = {Side.SELL: "sales", Side.COST: "purchases"}


def tax_choice(rules: OrganisationRules | None) -> TaxOf:
    """For any number of charges: our tax codes are read once, and only where rules speak of them."""
    if rules is None:
        return tax_code_of

    @lru_cache(maxsize=1)
    def tax_codes() -> dict[str, TaxCode]:
        return {one.code: one for one in TaxCode.objects.all()}

    def choose(charge: ShipmentCharge, party: Customer | None) -> TaxCode | None:
        code, usual = choose_for_charge(rules, charge, party).tax_code, tax_code_of(charge, party)
        return usual if usual is not None and usual.code == code else tax_codes().get(code)

    return choose


def choose_for_charge(rules: OrganisationRules, charge: ShipmentCharge, party: Customer | None) -> ChosenTaxCode:
    """`charge` with its codes, `party` with its tax code."""
    side, code = SIDES[Side(charge.side)], charge.charge_code
    of_code = own_tax_code(charge)
    taxed = TaxedCharge(
        side=side,
        charge_code=code.code if code else "",
        cost_centre=charge.cost_centre,
        country=party.country if party else "",
        own=charge.tax_code.code if charge.tax_code else "",
        of_customer=party.tax_code.code if party and party.tax_code else "",
        of_charge_code=of_code.code if of_code else "",
    )
    return choose_for_taxed(rules, taxed)


def choose_for_taxed(rules: OrganisationRules, taxed: TaxedCharge) -> ChosenTaxCode:
    return choose_tax_code(rules, taxed, account_tax_type=_account_tax(rules, taxed))


def _account_tax(rules: OrganisationRules, charge: TaxedCharge) -> str:
    if not charge.charge_code or charge.of_charge_code:
        return ""
    chosen = choose_account(rules, side=charge.side, charge_code=charge.charge_code, cost_centre=charge.cost_centre)
    return chosen.account.tax_type if isinstance(chosen, ChosenAccount) else ""
