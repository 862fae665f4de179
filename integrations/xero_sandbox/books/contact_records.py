"""A contact: a customer or a supplier of an organisation."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`parts` holds what was given, by Xero's names (AddressLine1, City, …)."""

    address_type: str
    parts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    phone_type: str
    number: str = ""
    area_code: str = ""
    country_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPerson:
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    include_in_emails: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """
    `more` holds texts that Xero only stores (TaxNumber, Website, …), by its own names.

    `merged_to`: the contact that took its place.
    """

    organisation_id: str
    contact_id: str
    name: str
    updated_at: datetime
    status: str = "ACTIVE"
    contact_number: str = ""
    account_number: str = ""
    first_name: str = ""
    last_name: str = ""
    company_number: str = ""
    email: str = ""
    default_currency: str = ""
    addresses: tuple[Address, ...] = ()
    phones: tuple[Phone, ...] = ()
    persons: tuple[ContactPerson, ...] = ()
    more: dict[str, str] = field(default_factory=dict)
    is_customer: bool = False
    is_supplier: bool = False
    has_attachments: bool = False
    merged_to: str = ""
