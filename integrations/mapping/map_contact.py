"""A customer as a contact to be created."""

import re

from integrations.mapping.documents import MappedContact
from integrations.mapping.source import Party

# What Xero refuses in a name (developer.xero.com/documentation/api/accounting/contacts, "Name").
REFUSED = re.compile(r"[<>]")
SPACES = re.compile(r"\s+")
LONGEST_NAME, LONGEST_NUMBER = 255, 50


def map_contact(party: Party) -> MappedContact:
    """The account number is our customer code (F2), so that the next look-up finds the contact by it."""
    return MappedContact(
        customer_code=party.code[:LONGEST_NUMBER],
        name=SPACES.sub(" ", REFUSED.sub("", party.name)).strip()[:LONGEST_NAME],
        email=party.email if party.email.isascii() else "",
        tax_number=party.tax_number,
        street=party.street,
        city=party.city,
        region=party.region,
        postal_code=party.postal_code,
        # Letters only, says Xero of a country.
        country="".join(character for character in party.country if character.isalpha() or character == " ").strip(),
    )
