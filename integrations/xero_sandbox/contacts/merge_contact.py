"""Lays what a client sent over a contact: what was not sent is kept.

Source: developer.xero.com/documentation/api/accounting/contacts ("POST contacts").
"""

from dataclasses import replace
from typing import Any

from integrations.xero_sandbox.books.contact_records import Address, Contact, ContactPerson, Phone
from integrations.xero_sandbox.wire.sent_fields import Sent

ADDRESS_TYPES = ("STREET", "POBOX")
ADDRESS_PARTS = (
    "AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4",
    "City", "Region", "PostalCode", "Country", "AttentionTo",
)  # fmt: skip
PHONE_TYPES = ("DEFAULT", "DDI", "FAX", "MOBILE")

TEXT_FIELDS = {
    "Name": "name",
    "ContactNumber": "contact_number",
    "AccountNumber": "account_number",
    "FirstName": "first_name",
    "LastName": "last_name",
    "CompanyNumber": "company_number",
    "EmailAddress": "email",
    "DefaultCurrency": "default_currency",
}
KEPT_TEXTS = (
    "BankAccountDetails", "TaxNumber", "TaxNumberType", "AccountsReceivableTaxType", "AccountsPayableTaxType",
    "XeroNetworkKey", "SalesDefaultAccountCode", "PurchasesDefaultAccountCode", "SalesDefaultLineAmountType",
    "PurchasesDefaultLineAmountType", "TrackingCategoryName", "TrackingCategoryOption", "Website",
)  # fmt: skip
EDITING_FIELDS = frozenset(TEXT_FIELDS) | frozenset(KEPT_TEXTS) | {"Addresses", "Phones", "ContactPersons"}


def merged_contact(contact: Contact, sent: Sent) -> Contact:
    """IsCustomer and IsSupplier are set by Xero alone; sent values are ignored."""
    changes: dict[str, Any] = {field: sent.text(name) for name, field in TEXT_FIELDS.items() if sent.has(name)}
    texts = {name: sent.text(name) or "" for name in KEPT_TEXTS if sent.has(name)}
    if texts:
        changes["more"] = contact.more | texts
    if (addresses := sent.objects("Addresses")) is not None:
        changes["addresses"] = _merged_addresses(contact.addresses, addresses)
    if (phones := sent.objects("Phones")) is not None:
        changes["phones"] = _merged_phones(contact.phones, phones)
    if (persons := sent.objects("ContactPersons")) is not None:
        changes["persons"] = tuple(_person(person) for person in persons)
    return replace(contact, **changes)


def is_edit(sent: Sent) -> bool:
    """Whether a contact inside a document says more than which contact is meant."""
    named_by_id = sent.identifier("ContactID") is not None
    return named_by_id and any(sent.has(name) for name in EDITING_FIELDS)


def empty_slots() -> dict[str, Any]:
    """Every contact has these two addresses and four phones, filled or not."""
    return {
        "addresses": tuple(Address(address_type=kind) for kind in ADDRESS_TYPES),
        "phones": tuple(Phone(phone_type=kind) for kind in PHONE_TYPES),
    }


def _merged_addresses(held: tuple[Address, ...], sent: list[Sent]) -> tuple[Address, ...]:
    slots = {address.address_type: address for address in held}
    for given in sent:
        kind = given.text("AddressType") or "POBOX"
        parts = {name: given.text(name) or "" for name in ADDRESS_PARTS if given.has(name)}
        before = slots.get(kind, Address(address_type=kind))
        slots[kind] = replace(before, parts=before.parts | parts)
    return tuple(slots.values())


def _merged_phones(held: tuple[Phone, ...], sent: list[Sent]) -> tuple[Phone, ...]:
    slots = {phone.phone_type: phone for phone in held}
    for given in sent:
        kind = given.text("PhoneType") or "DEFAULT"
        before = slots.get(kind, Phone(phone_type=kind))
        slots[kind] = Phone(
            phone_type=kind,
            number=_kept(given, "PhoneNumber", before.number),
            area_code=_kept(given, "PhoneAreaCode", before.area_code),
            country_code=_kept(given, "PhoneCountryCode", before.country_code),
        )
    return tuple(slots.values())


def _kept(sent: Sent, name: str, before: str) -> str:
    value = sent.text(name)
    return before if value is None else value


def _person(sent: Sent) -> ContactPerson:
    return ContactPerson(
        first_name=sent.text("FirstName") or "",
        last_name=sent.text("LastName") or "",
        email=sent.text("EmailAddress") or "",
        include_in_emails=sent.flag("IncludeInEmails") or False,
    )
