"""Shipments, customers, charge codes and uploads as the API takes and tells them: the fields of the pages' forms."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from freightbridge.rest.json_shapes import (
    Choice,
    Day,
    Flag,
    Identifier,
    ListOf,
    Member,
    Moment,
    Number,
    Record,
    Text,
    Whole,
)
from integrations.api.accounting_schemas import PROBLEM, ours
from invoices.models.customer import Grouping, OwnSending
from invoices.models.shipment import JobType, Readiness, ShipmentStatus, TransportMode
from invoices.models.shipment_charge import Side
from invoices.models.upload import RowOutcome, UploadState

MOST_CHARGES, MOST_REFERENCES = 200, 200
# What comes first in `ShipmentCharge.source_key` of a charge that the API owns; files have keys of other forms.
OWNED = "api/"
REFERENCE = Text(
    longest=100, is_filled=True, pattern="[^,;\\n]+", otherwise="No comma, semicolon or line end in a reference."
)


def text(longest: int, about: str = "", **options: Any) -> Member:
    return Member(shape=Text(longest=longest), about=about, default="", **options)


def choice(values: list[str], default: str, about: str = "") -> Member:
    return Member(shape=Choice(values), about=about, default=default)


def references(about: str) -> Member:
    return Member(shape=ListOf(REFERENCE, MOST_REFERENCES), about=about, default=[])


PROBLEMS = ours(ListOf(PROBLEM, 500), "Everything that stands in the way, at once.")

CHARGE = Record(
    "charge",
    {
        "source_id": Member(
            shape=Text(longest=90, is_filled=True),
            is_required=True,
            about="Your own id of the charge, unique on its shipment: the same id changes the charge, and adds none.",
        ),
        "side": choice(Side.values, Side.SELL),
        "charge_code": text(30, "FRT, THC …; without one the shipment is not ready."),
        "description": text(500, "Printed on the invoice."),
        "quantity": Member(shape=Number(), about="Up to 4 places."),
        "unit_price": Member(shape=Number(), about="Price of one, without tax, in the shipment's currency."),
        "discount_percent": Member(shape=Number(), about="From 0 to 100.", default=0),
        "tax_code": text(20, "Empty: the one of the charge code counts."),
        "cost_centre": text(60, "Whose charge it is, such as a warehouse; mapping lines may go by it."),
        "reference": text(255),
        "supplier": text(50, "Of a cost: code of who bills it."),
        "supplier_number": text(100, "Of a cost: the number of the supplier's own invoice."),
        "invoice": ours(
            Text(), "The number of the invoice that bills it, “draft”, or null. A billed charge is locked."
        ),
    },
)

SHIPMENT = Record(
    "shipment",
    {
        "id": ours(Identifier()),
        "number": Member(shape=Text(longest=60, is_filled=True), is_required=True, about="Yours, and unique."),
        "job_type": choice(JobType.values, JobType.BOOKING),
        "status": choice(ShipmentStatus.values, ShipmentStatus.BOOKED, "How far the job is in your system."),
        "customer": text(50, "Code of the customer who is billed."),
        "consignee": text(50, "Code of who receives."),
        "buyer": text(50, "Code of who buys the goods."),
        "shipper_name": text(255),
        "customer_reference": text(255, "Printed on the invoice."),
        "exporter_reference": text(255),
        "po": references("Purchase orders."),
        "quote": references("Quotes."),
        "bl": references("Bills of lading."),
        "awb": references("Air waybills."),
        "container": references("Containers."),
        "mode": choice(TransportMode.values, TransportMode.UNKNOWN),
        "origin": text(100),
        "destination": text(100),
        "incoterm": text(3, "A booking needs one before it can be invoiced."),
        "branch": text(60),
        "department": text(60),
        "goods": text(500),
        "weight_kg": Member(shape=Number()),
        "declared_value": Member(shape=Number(), about="What the goods are worth. A booking needs it. Not charged."),
        "etd_date": Member(shape=Day()),
        "eta_date": Member(shape=Day()),
        "delivery_date": Member(shape=Day()),
        "currency": text(3, "Three letters. One shipment has one currency."),
        "exchange_rate": Member(shape=Number(), about="Units of the currency for one unit of your own."),
        "charges": Member(
            shape=ListOf(CHARGE, MOST_CHARGES),
            default=[],
            about="All charges that you keep here. One that is not listed any more is taken off unless it is billed; "
            "those that came by a file or were typed in stay.",
        ),
        "other_charges": ours(ListOf(CHARGE, MOST_CHARGES), "Charges that came by a file or were typed in."),
        "readiness": ours(Choice(Readiness.values), "Whether the charges that are not billed yet can be sent."),
        "state": ours(Text(), "The state in the pages' words: Not ready, Ready, Queued, In Xero …"),
        "money": ours(Text(), "Unpaid, Part-paid, Paid, Credited; empty where there is no money to speak of."),
        "problems": PROBLEMS,
        "do_not_send_reason": ours(Text(), "Why it is not sent; empty where it may be."),
        "created_at": ours(Moment()),
        "updated_at": ours(Moment()),
        "page": ours(Text(longest=500), "Its page here."),
    },
)

CUSTOMER = Record(
    "customer",
    {
        "id": ours(Identifier()),
        "code": Member(
            shape=Text(longest=50, is_filled=True), is_required=True, about="Account number of the contact in Xero."
        ),
        "name": Member(shape=Text(longest=255, is_filled=True), is_required=True),
        "email": text(255),
        "tax_number": text(50),
        "street": text(500),
        "city": text(255),
        "region": text(255),
        "postal_code": text(50),
        "country": text(50, "Two letters, or the name."),
        "currency": text(3, "Empty: that of each shipment."),
        "payment_terms_days": Member(shape=Whole(0, 32767), about="Null: those of the billing entity."),
        "grouping": choice(Grouping.values, Grouping.PER_SHIPMENT, "What goes onto one invoice."),
        "own_sending": choice(OwnSending.values, OwnSending.BY_RULES, "Whether its shipments go by themselves."),
        "is_supplier": Member(shape=Flag(), default=False),
        "tax_code": text(20, "Decides before rules by country and charge code; usually empty."),
        "customer_group": text(60, "Tracking rules may go by it."),
        "page": ours(Text(longest=500)),
    },
)

CHARGE_CODE = Record(
    "charge code",
    {
        "id": ours(Identifier()),
        "code": Member(shape=Text(longest=30, is_filled=True), is_required=True),
        "name": Member(shape=Text(longest=255, is_filled=True), is_required=True, about="Printed on invoices."),
        "sales_tax_code": text(20, "Without one its charges cannot be invoiced."),
        "purchase_tax_code": text(20),
    },
)

UPLOAD = Record(
    "upload",
    {
        "number": ours(Whole()),
        "file_name": ours(Text()),
        "state": ours(Choice(UploadState.values)),
        "state_text": ours(Text(), "The state in the page's words."),
        "failure": ours(Text(longest=2000), "Why it could not be read, or stopped."),
        "notes": ours(ListOf(Text(longest=1000), 100), "What a person should know of how the file was read."),
        "rows": ours(Whole(), "Rows of the file; of them so far:"),
        "new": ours(Whole()),
        "changed": ours(Whole()),
        "same": ours(Whole()),
        "refused": ours(Whole()),
        "errors": ours(Whole(), "Rows with a value that was refused."),
        "uploaded_at": ours(Moment()),
        "finished_at": ours(Moment()),
        "page": ours(Text(longest=500), "Its page, where a person matches the columns of a file that is new to us."),
    },
)
REMARK = Record(
    "remark",
    {
        "column": ours(Text()),
        "value": ours(Text()),
        "text": ours(Text(longest=1000)),
        "is_error": ours(Flag()),
        "is_warning": ours(Flag()),
    },
)
UPLOAD_ROW = Record(
    "upload row",
    {
        "row": ours(Whole(), "Its number in the file."),
        "outcome": ours(Choice(RowOutcome.values), "What will become of it, and after the import what became of it."),
        "shipment_number": ours(Text()),
        "shipment_id": ours(Identifier()),
        "remarks": ours(ListOf(REMARK, 500), "The same words as on the page and in the report."),
    },
)


def amount(value: Decimal | None) -> str | None:
    """Without zeros that say nothing."""
    return None if value is None else f"{value.normalize():f}"


def as_form_data(values: Mapping[str, Any]) -> dict[str, str]:
    """As the browser would send it, so that the pages' own forms can check it."""
    return {name: _form_text(value) for name, value in values.items()}


def _form_text(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)
