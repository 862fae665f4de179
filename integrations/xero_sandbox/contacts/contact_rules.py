"""What Xero demands of a contact. Source: developer.xero.com/documentation/api/accounting/contacts."""

import re

from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.folding import folded
from integrations.xero_sandbox.contacts.contact_lengths import check_lengths
from integrations.xero_sandbox.rules.findings import Findings

ARCHIVED_EDIT = (
    "The specified contact details matched an archived contact. "
    "Archived contacts cannot currently be edited via the API."
)
ARCHIVED_USE = (
    "The contact with the specified contact details has been archived. "
    "The contact must be un-archived before creating new invoices or credit notes"
)
NOT_IDENTIFIED = (
    "The Contact must contain at least 1 of the following elements to identify the contact: "
    "Name, ContactID, ContactNumber"
)
MOST_PERSONS = 5
_EMAIL = re.compile(r"[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+")
_WEBSITE = re.compile(r"https?://\S+\.\S+")


def check_contact(
    contact: Contact, *, books: CompanyBooks, refuses_taken_account_number: bool, findings: Findings
) -> None:
    """Refuse what Xero would refuse of a contact that is about to be saved."""
    check_name(contact, books=books, findings=findings)
    check_lengths(contact, findings)
    if contact.email and not _EMAIL.fullmatch(contact.email):
        findings.refuse("Email address must be valid.")
    if contact.more.get("Website") and not _WEBSITE.fullmatch(contact.more["Website"]):
        findings.refuse("Website must be valid")
    if len(contact.persons) > MOST_PERSONS:
        findings.refuse("A contact can have a maximum of 5 ContactPersons.")
    if refuses_taken_account_number and _other_with(contact, books, "account_number", folded(contact.account_number)):
        findings.refuse("Account Number already exists. Please enter a different account number.")
    if _other_with(contact, books, "contact_number", contact.contact_number):
        findings.refuse(
            f"The contact number {contact.contact_number} is already assigned to another contact. "
            "The contact number must be unique across all contacts."
        )


def check_name(contact: Contact, *, books: CompanyBooks, findings: Findings) -> None:
    name = contact.name
    if not name.strip():
        findings.refuse("The contact name cannot be empty.")
        return
    if "<" in name or ">" in name:
        findings.refuse("The contact name cannot contain the characters < or >.")
    if name != name.strip() or "  " in name:
        findings.refuse("The contact name cannot contain leading, trailing or double spaces.")
    others = [
        other
        for other in books.contacts_with("name", folded(name))
        if other.status == "ACTIVE" and other.contact_id != contact.contact_id
    ]
    if others and contact.status == "ACTIVE":
        findings.refuse(
            f"The contact name {name} is already assigned to another contact. "
            "The contact name must be unique across all active contacts."
        )


def _other_with(contact: Contact, books: CompanyBooks, facet: str, value: str) -> bool:
    if not value:
        return False
    return any(other.contact_id != contact.contact_id for other in books.contacts_with(facet, value))
