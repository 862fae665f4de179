"""What an organisation is and what its settings hold. Field names follow Xero's; see xero_accounting.yaml."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    organisation_id: str
    name: str
    legal_name: str
    short_code: str
    base_currency: str
    country_code: str
    version: str
    timezone: str
    zone: str
    plan_class: str
    tax_number: str
    tax_name: str
    financial_year_end: tuple[int, int]
    sales_tax_basis: str
    sales_tax_period: str
    has_multicurrency: bool
    street: tuple[str, str, str, str]
    phone: tuple[str, str]
    created_at: datetime
    is_demo_company: bool = False
    sales_terms: tuple[int, str] | None = None
    bill_terms: tuple[int, str] | None = None
    period_lock_date: date | None = None
    end_of_year_lock_date: date | None = None
    approval_limits: tuple[int, int] | None = None
    takes_rounding_amount: bool = False
    # Opened by a caller with settings of his own; found by its id alone.
    is_copy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    organisation_id: str
    account_id: str
    code: str
    name: str
    type: str
    account_class: str
    tax_type: str
    updated_at: datetime
    status: str = "ACTIVE"
    description: str = ""
    system_account: str = ""
    enable_payments: bool = False
    show_in_expense_claims: bool = False
    bank_account_number: str = ""
    bank_account_type: str = ""
    currency_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxComponent:
    name: str
    rate: Decimal
    is_compound: bool = False
    is_non_recoverable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRate:
    """`applies_to` holds account classes (ASSET, EQUITY, EXPENSE, LIABILITY, REVENUE)."""

    organisation_id: str
    tax_type: str
    name: str
    report_tax_type: str
    applies_to: tuple[str, ...]
    components: tuple[TaxComponent, ...]
    status: str = "ACTIVE"

    @property
    def rate_key(self) -> str:
        return f"{self.organisation_id}/{self.tax_type}"

    @property
    def display_rate(self) -> Decimal:
        return sum((component.rate for component in self.components), Decimal(0))

    @property
    def effective_rate(self) -> Decimal:
        """Per cent. A compound component is charged on the others' tax as well."""
        plain = compound = Decimal(0)
        for part in self.components:
            if part.is_compound:
                compound += part.rate
            else:
                plain += part.rate
        return plain + compound * (1 + plain / 100) if compound else plain


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingOption:
    option_id: str
    name: str
    status: str = "ACTIVE"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingCategory:
    organisation_id: str
    category_id: str
    name: str
    options: tuple[TrackingOption, ...]
    status: str = "ACTIVE"

    def option(self, option_id: str) -> TrackingOption | None:
        return next((option for option in self.options if option.option_id == option_id), None)

    def option_named(self, name: str) -> TrackingOption | None:
        wanted = name.casefold()
        return next((option for option in self.options if option.name.casefold() == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    organisation_id: str
    code: str
    description: str

    @property
    def currency_key(self) -> str:
        return f"{self.organisation_id}/{self.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandingTheme:
    organisation_id: str
    theme_id: str
    name: str
    sort_order: int
    created_at: datetime
    logo_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPrice:
    unit_price: Decimal | None = None
    account_code: str = ""
    tax_type: str = ""
    cogs_account_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    organisation_id: str
    item_id: str
    code: str
    updated_at: datetime
    name: str = ""
    description: str = ""
    purchase_description: str = ""
    sales: ItemPrice = field(default_factory=ItemPrice)
    purchase: ItemPrice = field(default_factory=ItemPrice)
    inventory_account_code: str = ""
    is_sold: bool = True
    is_purchased: bool = True
