"""What a document is mapped by: the organisation's sending rules, and the part of its reference data they name."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerAccount:
    """A line of the organisation's chart of accounts, as its reference data has it."""

    code: str
    name: str
    account_class: str
    kind: str
    is_active: bool
    is_system: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRate:
    """`rate` in per cent; `applies_to` names the classes of accounts it may stand with."""

    tax_type: str
    name: str
    rate: Decimal
    is_active: bool
    applies_to: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    contact_id: str
    name: str
    account_number: str
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeTarget:
    """Where a charge code goes; an empty account means that the default of its side is used."""

    account_code: str
    item_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRules:
    """
    Everything the mapping may look at. Sides are "sales" and "purchases".

    `contacts` holds the contact of each linked customer code. `creates_contacts`: an unknown customer
    becomes a contact, where it is otherwise held.
    """

    organisation_id: str
    base_currency: str
    country: str
    currencies: frozenset[str]
    lock_date: date | None
    target_status: str
    sends_customer_reference: bool
    reference_template: str
    creates_contacts: bool
    attaches_pdf: bool
    branding_theme_id: str
    default_accounts: dict[str, str]
    charge_targets: dict[tuple[str, str], ChargeTarget]
    tax_types: dict[tuple[str, str], str]
    accounts: dict[str, LedgerAccount]
    tax_rates: dict[str, TaxRate]
    items: frozenset[str]
    contacts: dict[str, Contact] = field(default_factory=dict)
