"""A contact as Xero writes it, in the lengths in which it appears.

Shapes: recorded answers of a live demo company, and developer.xero.com/documentation/api/accounting/contacts.
"""

from typing import Any

from integrations.xero_sandbox.books.contact_records import Address, Contact, Phone
from integrations.xero_sandbox.wire.wire_dates import with_offset

Json = dict[str, Any]
ONLY_WITH_PAGES = frozenset({"Website", "Discount", "PaymentTerms", "HasAttachments", "MergedToContactID"})
ALWAYS_IN_ADDRESS = ("City", "Region", "PostalCode", "Country")


def contact_as_written(contact: Contact) -> Json:
    """In full, as the answer to a write and inside one document."""
    return {
        **_head(contact),
        "BankAccountDetails": contact.more.get("BankAccountDetails", ""),
        **_texts(contact, without="BankAccountDetails"),
        "Addresses": [_address(address) for address in contact.addresses],
        "Phones": [_phone(phone) for phone in contact.phones],
        "UpdatedDateUTC": with_offset(contact.updated_at),
        "ContactGroups": [],
        "IsSupplier": contact.is_supplier,
        "IsCustomer": contact.is_customer,
        **_default_currency(contact),
        "SalesTrackingCategories": [],
        "PurchasesTrackingCategories": [],
        "ContactPersons": _persons(contact),
        "HasValidationErrors": False,
    }


def contact_in_list(contact: Contact) -> Json:
    """One of many; empty parts of addresses and phones are left out."""
    return {
        **_head(contact),
        **_texts(contact),
        "Addresses": [{"AddressType": address.address_type, **address.parts} for address in contact.addresses],
        "Phones": [_phone(phone) if phone.number else {"PhoneType": phone.phone_type} for phone in contact.phones],
        "UpdatedDateUTC": with_offset(contact.updated_at),
        "ContactGroups": [],
        "IsSupplier": contact.is_supplier,
        "IsCustomer": contact.is_customer,
        **_default_currency(contact),
        **({"MergedToContactID": contact.merged_to} if contact.merged_to else {}),
        "ContactPersons": _persons(contact),
        "HasAttachments": contact.has_attachments,
        "HasValidationErrors": False,
    }


def contact_unpaged(contact: Contact) -> Json:
    """A list without page= tells less; which fields are missing there is unconfirmed."""
    full = contact_in_list(contact) | {"ContactPersons": []}
    return {name: value for name, value in full.items() if name not in ONLY_WITH_PAGES}


def contact_in_summary(contact: Contact) -> Json:
    """A list with summaryOnly=true: no addresses, phones or persons."""
    full = contact_in_list(contact)
    return full | {"Addresses": [], "Phones": [], "ContactPersons": []}


def contact_alone(contact: Contact, attachments: list[Json]) -> Json:
    return contact_in_list(contact) | {"Attachments": attachments}


def contact_in_document_list(contact: Contact) -> Json:
    return {
        "ContactID": contact.contact_id,
        "Name": contact.name,
        "Addresses": [],
        "Phones": [],
        "ContactGroups": [],
        "ContactPersons": [],
        "HasValidationErrors": False,
    }


def contact_in_quote(contact: Contact) -> Json:
    email = {"EmailAddress": contact.email} if contact.email else {}
    return {"ContactID": contact.contact_id, "Name": contact.name, **email}


def _head(contact: Contact) -> Json:
    optional = {
        "ContactNumber": contact.contact_number,
        "AccountNumber": contact.account_number,
        "FirstName": contact.first_name,
        "LastName": contact.last_name,
        "CompanyNumber": contact.company_number,
        "EmailAddress": contact.email,
    }
    return {
        "ContactID": contact.contact_id,
        "ContactStatus": contact.status,
        "Name": contact.name,
        **{name: value for name, value in optional.items() if value},
    }


def _texts(contact: Contact, *, without: str = "") -> Json:
    return {name: value for name, value in contact.more.items() if name != without and value}


def _default_currency(contact: Contact) -> Json:
    return {"DefaultCurrency": contact.default_currency} if contact.default_currency else {}


def _address(address: Address) -> Json:
    return {
        "AddressType": address.address_type,
        **dict.fromkeys(ALWAYS_IN_ADDRESS, ""),
        **address.parts,
    }


def _phone(phone: Phone) -> Json:
    return {
        "PhoneType": phone.phone_type,
        "PhoneNumber": phone.number,
        "PhoneAreaCode": phone.area_code,
        "PhoneCountryCode": phone.country_code,
    }


def _persons(contact: Contact) -> list[Json]:
    return [
        {
            "FirstName": person.first_name,
            "LastName": person.last_name,
            "EmailAddress": person.email,
            "IncludeInEmails": person.include_in_emails,
        }
        for person in contact.persons
    ]
