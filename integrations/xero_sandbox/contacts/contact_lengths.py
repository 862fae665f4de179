"""How long the texts of a contact may be. Source: developer.xero.com/documentation/api/accounting/contacts and the
official OpenAPI file; the wording of the refusals is ours.
"""

import re
from collections.abc import Iterator

from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.rules.findings import Findings

LONGEST = {
    "Name": 255, "FirstName": 255, "LastName": 255, "CompanyNumber": 50, "EmailAddress": 255,
    "ContactNumber": 50, "AccountNumber": 50, "TaxNumber": 50,
    "PhoneNumber": 50, "PhoneAreaCode": 10, "PhoneCountryCode": 20,
    "AddressLine1": 500, "AddressLine2": 500, "AddressLine3": 500, "AddressLine4": 500,
    "City": 255, "Region": 255, "PostalCode": 50, "Country": 50, "AttentionTo": 255,
}  # fmt: skip
_COUNTRY = re.compile(r"[A-Za-z ]*")


def check_lengths(contact: Contact, findings: Findings) -> None:
    for field, value in _texts(contact):
        longest = LONGEST.get(field)
        if longest is not None and len(value) > longest:
            findings.refuse(f"The {field} must not exceed {longest} characters.")
        if field == "Country" and not _COUNTRY.fullmatch(value):
            findings.refuse("The Country can only contain letters.")


def _texts(contact: Contact) -> Iterator[tuple[str, str]]:
    yield "Name", contact.name
    yield "FirstName", contact.first_name
    yield "LastName", contact.last_name
    yield "CompanyNumber", contact.company_number
    yield "EmailAddress", contact.email
    yield "ContactNumber", contact.contact_number
    yield "AccountNumber", contact.account_number
    yield "TaxNumber", contact.more.get("TaxNumber", "")
    for phone in contact.phones:
        yield "PhoneNumber", phone.number
        yield "PhoneAreaCode", phone.area_code
        yield "PhoneCountryCode", phone.country_code
    for address in contact.addresses:
        yield from address.parts.items()
