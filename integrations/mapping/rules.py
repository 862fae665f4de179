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
    tax_type: str = ""


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
    """A mapping line; what it leaves empty is decided by a less specific line, then by the default of its side."""

    account_code: str
    tax_type: str = ""
    item_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingChoice:
    """An option of a tracking category, both by name."""

    category: str
    option: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRules:
    """
    Everything the mapping may look at. Sides are "sales" and "purchases".

    `contacts` holds the contact of each linked customer code. `creates_contacts`: an unknown customer
    becomes a contact, where it is otherwise held. `charge_targets` by side, charge code and cost centre, of which
    one may be empty; `tax_places` (our tax code) by side, place and charge code; `tracking` by category, dimension
    and value, and `tracking_options` what Xero has. `version`: of these rules, as people changed them.
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
    charge_targets: dict[tuple[str, str, str], ChargeTarget]
    tax_types: dict[tuple[str, str], str]
    accounts: dict[str, LedgerAccount]
    tax_rates: dict[str, TaxRate]
    items: frozenset[str]
    tax_places: dict[tuple[str, str, str], str] = field(default_factory=dict)
    tracking: dict[tuple[str, str, str], str] = field(default_factory=dict)
    tracking_options: frozenset[TrackingChoice] = frozenset()
    matches_items: bool = False
    creates_items: bool = False
    version: int | None = None
    contacts: dict[str, Contact] = field(default_factory=dict)

    def takes_currency(self, currency: str) -> bool:
        return currency == self.base_currency or currency in self.currencies
