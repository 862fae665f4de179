"""Invoices, credit notes, quotes, and the money and papers that hang on them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingChoice:
    category_id: str
    option_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line without quantity, price and amount is a line of text only."""

    line_item_id: str
    description: str = ""
    quantity: Decimal | None = None
    unit_amount: Decimal | None = None
    line_amount: Decimal | None = None
    item_code: str = ""
    account_code: str = ""
    account_id: str = ""
    tax_type: str = ""
    tax_amount: Decimal | None = None
    discount_rate: Decimal | None = None
    discount_amount: Decimal | None = None
    tracking: tuple[TrackingChoice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What invoices, credit notes and quotes share. `created_by` is the client id of the app, or empty."""

    organisation_id: str
    document_id: str
    number: str
    contact_id: str
    document_date: date
    status: str
    line_amount_types: str
    lines: tuple[Line, ...]
    currency_code: str
    currency_rate: Decimal
    sub_total: Decimal
    total_tax: Decimal
    total: Decimal
    total_discount: Decimal = ZERO
    reference: str = ""
    branding_theme_id: str = ""
    created_at: datetime
    updated_at: datetime
    created_by: str = ""
    has_attachments: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice(Document):
    """`type` is ACCREC (a sales invoice) or ACCPAY (a bill)."""

    type: str
    due_date: date | None = None
    url: str = ""
    sent_to_contact: bool = False
    expected_payment_date: date | None = None
    planned_payment_date: date | None = None
    rounding_amount: Decimal = ZERO
    amount_paid: Decimal = ZERO
    amount_credited: Decimal = ZERO
    fully_paid_on_date: date | None = None

    @property
    def amount_due(self) -> Decimal:
        return self.total - self.amount_paid - self.amount_credited

    @property
    def has_money_applied(self) -> bool:
        return bool(self.amount_paid or self.amount_credited)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNote(Document):
    """`type` is ACCRECCREDIT or ACCPAYCREDIT."""

    type: str
    due_date: date | None = None
    sent_to_contact: bool = False
    amount_allocated: Decimal = ZERO
    amount_refunded: Decimal = ZERO
    fully_paid_on_date: date | None = None

    @property
    def remaining_credit(self) -> Decimal:
        return self.total - self.amount_allocated - self.amount_refunded

    @property
    def has_money_applied(self) -> bool:
        return bool(self.amount_allocated or self.amount_refunded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(Document):
    type: str = "QUOTE"
    title: str = ""
    summary: str = ""
    terms: str = ""
    expiry_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrder(Document):
    type: str = "PURCHASEORDER"
    delivery_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money against an invoice, or a refund of a credit note; `document_id` names either."""

    organisation_id: str
    payment_id: str
    document_id: str
    account_id: str
    payment_date: date
    amount: Decimal
    currency_rate: Decimal
    payment_type: str
    updated_at: datetime
    reference: str = ""
    status: str = "AUTHORISED"
    is_reconciled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    organisation_id: str
    allocation_id: str
    credit_note_id: str
    invoice_id: str
    amount: Decimal
    allocation_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """`owner` is the collection's name in the path (Invoices, Contacts, …)."""

    organisation_id: str
    attachment_id: str
    owner: str
    owner_id: str
    file_name: str
    mime_type: str
    content: bytes
    include_online: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryNote:
    """A line of a record's history. `number` keeps those of one moment in order."""

    organisation_id: str
    note_id: str
    owner_id: str
    changes: str
    details: str
    user: str
    noted_at: datetime
    number: int
