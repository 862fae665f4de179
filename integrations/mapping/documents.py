"""What a document will be in Xero, before anybody speaks to Xero: the gateway writes exactly this."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from integrations.mapping.rules import TrackingChoice
from integrations.mapping.source import DocumentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedLine:
    """
    `origins` tell a person where each value came from, by the field's name.

    `unit_amount` has at most 4 decimals; net and tax are what Xero must answer.
    """

    description: str
    quantity: Decimal
    unit_amount: Decimal
    discount_percent: Decimal
    account_code: str
    tax_type: str
    item_code: str
    net_amount: Decimal
    tax_amount: Decimal
    account_origin: str
    tax_origin: str
    tracking: tuple[TrackingChoice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedDocument:
    """`customer_code` is resolved to a contact by the first step of the delivery."""

    kind: DocumentKind
    customer_code: str
    number: str
    reference: str
    issue_date: date
    due_date: date
    currency: str
    exchange_rate: Decimal
    url: str
    branding_theme_id: str
    target_status: str
    lines: tuple[MappedLine, ...]
    net_total: Decimal
    tax_total: Decimal

    @property
    def total(self) -> Decimal:
        return self.net_total + self.tax_total


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedContact:
    """A contact to be created; its account number is our customer code (F2)."""

    customer_code: str
    name: str
    email: str
    tax_number: str
    street: str
    city: str
    region: str
    postal_code: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedItem:
    """An item to be created; an empty account leaves out its side, an empty tax leaves it to the account."""

    code: str
    name: str
    sales_account: str
    sales_tax: str
    purchase_account: str
    purchase_tax: str
