"""Which tax code a charge is taxed by, and where from."""

from dataclasses import replace

import pytest

from integrations.mapping.choose_tax_code import TaxedCharge, choose_tax_code, country_code
from tests.mapping.mapping_cases import rules_of

PLACES = {
    ("sales", "NZ", "FRT"): "NZ-FRT",
    ("sales", "NZ", ""): "NZ-ANY",
    ("sales", "abroad", "FRT"): "OUT-FRT",
    ("sales", "abroad", ""): "OUT-ANY",
    ("sales", "home", ""): "HOME",
}
RULES = replace(rules_of({}), country="AU", tax_places=PLACES, tax_types={("sales", "BY-ACCOUNT"): "OUTPUT"})


@pytest.mark.parametrize(
    ("charge", "code", "origin"),
    [
        ({"own": "OWN", "of_customer": "CUST", "country": "NZ"}, "OWN", "stands on the charge"),
        ({"of_customer": "CUST", "country": "NZ", "of_charge_code": "GST"}, "CUST", "from the customer"),
        ({"country": "New Zealand", "of_charge_code": "GST"}, "NZ-FRT", "rule for customers in NZ, FRT"),
        ({"country": "NZ", "charge_code": "DOC"}, "NZ-ANY", "rule for customers in NZ, any charge code"),
        ({"country": "fr"}, "OUT-FRT", "rule for customers abroad, FRT"),
        ({"country": "France", "charge_code": "DOC"}, "OUT-ANY", "rule for customers abroad, any charge code"),
        ({"country": "Australia", "of_charge_code": "GST"}, "HOME", "rule for customers at home, any charge code"),
        ({"country": "", "of_charge_code": "GST"}, "GST", "from charge code FRT"),
        ({"country": "Atlantis", "of_charge_code": "GST"}, "GST", "from charge code FRT"),
        ({"country": "NZ", "side": "purchases", "of_charge_code": "GST"}, "GST", "from charge code FRT"),
        ({}, "BY-ACCOUNT", "default of the ledger account"),
        ({"side": "purchases"}, "", ""),
    ],
)
def test_tax_code(charge: dict[str, str], code: str, origin: str) -> None:
    taxed = TaxedCharge(**{"side": "sales", "charge_code": "FRT", **charge})

    chosen = choose_tax_code(RULES, taxed, account_tax_type="OUTPUT")

    assert (chosen.tax_code, chosen.origin) == (code, origin)


def test_countries_are_known_by_letters_and_by_name() -> None:
    known = [country_code(text) for text in (" nz ", "NEW ZEALAND", "uk", "United States", "Narnia", "")]

    assert known == ["NZ", "NZ", "GB", "US", "", ""]
