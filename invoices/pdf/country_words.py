"""What a country asks of an invoice: its words, its paper, how its addresses and tax numbers are written. Pure."""

import re
from functools import cache

from babel import Locale

# Where the letter of the United States is the paper that printers hold: CLDR, supplemental data, paperSize.
LETTER_COUNTRIES = frozenset({"BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"})
# Where a registered seller's invoice is to be recognised as a tax invoice, and is called so by custom or by law:
# Australia (GST Act 1999, 29-70), Singapore (GST (General) Regulations, 11), India (CGST Rules 2017, 46), Thailand
# (Revenue Code, 86/4), South Africa (VAT Act 1991, 20), the United Arab Emirates (VAT Executive Regulation, 59) and
# their neighbours; New Zealand's law has not asked for the words since 2023, and its customers still look for them.
TAX_INVOICE_COUNTRIES = frozenset({"AE", "AU", "BH", "FJ", "IN", "KE", "NZ", "OM", "PG", "SA", "SG", "TH", "ZA"})
# What they ask a credit note to be called: the Gulf states' VAT regulations.
TAX_CREDIT_NOTE_COUNTRIES = frozenset({"AE", "BH", "OM", "SA"})
TOWN_AFTER_POSTAL_CODE = frozenset({
    "AT", "BE", "BG", "CH", "CN", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IL", "IS", "IT", "LT",
    "LU", "MX", "NL", "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "TR",
})  # fmt: skip
VAT_COUNTRIES = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
    "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "ZA",
)  # fmt: skip
TAX_NUMBERS = {
    **dict.fromkeys(VAT_COUNTRIES, "VAT no."), **dict.fromkeys(TAX_CREDIT_NOTE_COUNTRIES, "TRN"), "AU": "ABN",
    "CA": "GST/HST no.", "IN": "GSTIN", "MX": "RFC", "NZ": "GST no.", "SG": "GST reg. no.", "TH": "Tax ID",
    "US": "Tax ID",
}  # fmt: skip
# ABN 51 824 753 556 says what it is; DE123456789 and ATU12345678 do not.
SAYS_WHAT_IT_IS = re.compile(r"[^\W\d_]{3}[^\W\d_./]*[\s.:]")
ALIASES = {
    "usa": "US", "united states of america": "US", "uk": "GB", "great britain": "GB", "uae": "AE", "hong kong": "HK",
}  # fmt: skip


def country_code(country: str) -> str:
    """Two letters, of two letters or an English name; empty where it is neither."""
    return _countries().get(country.strip().casefold(), "")


def country_name(country: str) -> str:
    """In English; a name that is not known stays as it was written."""
    code = country_code(country)
    return str(Locale("en").territories[code]) if code else country.strip()


def tax_number_words(number: str, country: str) -> str:
    """With what it is called in the country, unless it says so itself: ABN 51 824 753 556."""
    bare = number.strip()
    if not bare or SAYS_WHAT_IT_IS.match(bare):
        return bare
    return f"{TAX_NUMBERS.get(country_code(country), 'Tax no.')} {bare}"


def town_line(*, city: str, region: str, postal_code: str, country: str) -> str:
    """As an envelope of the country has it."""
    is_first = country_code(country) in TOWN_AFTER_POSTAL_CODE
    parts = [postal_code, city, region] if is_first else [city, region, postal_code]
    return " ".join(part.strip() for part in parts if part.strip())


@cache
def _countries() -> dict[str, str]:
    named = {code: name for code, name in Locale("en").territories.items() if len(code) == len("AU") and code.isalpha()}
    return {name.casefold(): code for code, name in named.items()} | {code.casefold(): code for code in named} | ALIASES
