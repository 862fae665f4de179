"""What a row of a file may say about a shipment and its charges: our fields, in the words of our template."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a cell of the field is read."""

    TEXT = "text"
    # Names something: never shortened, since half a code names something else.
    CODE = "code"
    # Several in one cell, with commas, semicolons or line ends between.
    REFERENCES = "references"
    NUMBER = "number"
    DATE = "date"
    CURRENCY = "currency"
    INCOTERM = "incoterm"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """
    `title` is its column in our template, `meaning` the sentence beside it.

    `longest` in characters; `whole_digits` and `places` around the decimal mark; `unit` may follow a number.
    """

    name: str
    title: str
    kind: Kind
    meaning: str
    example: str = ""
    longest: int = 255
    whole_digits: int = 12
    places: int = 2
    unit: str = ""


SHIPMENT_FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field(
            name="number",
            title="Shipment Number",
            kind=Kind.CODE,
            longest=60,
            example="SHP-10001",
            meaning="Your number of the booking or job. Rows with the same number become one shipment.",
        ),
        Field(
            name="row_key",
            title="Row ID",
            kind=Kind.CODE,
            longest=50,
            example="88412",
            meaning="A number that only this row has, if your system gives one. By it the row is known again.",
        ),
        Field(
            name="job_type",
            title="Job Type",
            kind=Kind.CHOICE,
            example="booking",
            meaning="booking or warehouse. Booking where empty.",
        ),
        Field(
            name="status",
            title="Status",
            kind=Kind.CHOICE,
            example="delivered",
            meaning="booked, in transit, arrived, delivered, invoice ready, closed or cancelled. Booked where empty.",
        ),
        Field(
            name="customer_code",
            title="Customer Code",
            kind=Kind.CODE,
            longest=50,
            example="BLUE001",
            meaning="Who is billed: the account number of the contact in your accounting.",
        ),
        Field(
            name="customer_name",
            title="Customer Name",
            kind=Kind.TEXT,
            example="Blue Mountains Imports Pty Ltd",
            meaning="Needed once for each customer that is not known yet.",
        ),
        Field(name="consignee_code", title="Consignee Code", kind=Kind.CODE, longest=50, meaning="Who receives."),
        Field(name="consignee_name", title="Consignee Name", kind=Kind.TEXT, meaning="Its name, if it is not known."),
        Field(name="buyer_code", title="Buyer Code", kind=Kind.CODE, longest=50, meaning="Who buys the goods."),
        Field(name="buyer_name", title="Buyer Name", kind=Kind.TEXT, meaning="Its name, if it is not known."),
        Field(name="shipper_name", title="Shipper", kind=Kind.TEXT, meaning="Who sends the goods."),
        Field(
            name="customer_reference",
            title="Customer Reference",
            kind=Kind.TEXT,
            example="PO-7781",
            meaning="The customer's own reference; it is printed on the invoice.",
        ),
        Field(
            name="exporter_reference", title="Exporter Reference", kind=Kind.TEXT, meaning="The exporter's reference."
        ),
        Field(name="po", title="PO Numbers", kind=Kind.REFERENCES, meaning="Purchase orders, with commas between."),
        Field(name="quote", title="Quote Numbers", kind=Kind.REFERENCES, meaning="Quotes, with commas between."),
        Field(name="bl", title="B/L Numbers", kind=Kind.REFERENCES, meaning="Bills of lading, with commas between."),
        Field(name="awb", title="AWB Numbers", kind=Kind.REFERENCES, meaning="Air waybills, with commas between."),
        Field(
            name="container",
            title="Container Numbers",
            kind=Kind.REFERENCES,
            example="MSKU1234565",
            meaning="Containers, with commas between.",
        ),
        Field(
            name="mode",
            title="Mode",
            kind=Kind.CHOICE,
            example="sea",
            meaning="air, sea, road, rail or courier. Unknown where empty.",
        ),
        Field(
            name="origin", title="Origin", kind=Kind.TEXT, longest=100, example="CNSHA", meaning="Where it comes from."
        ),
        Field(
            name="destination",
            title="Destination",
            kind=Kind.TEXT,
            longest=100,
            example="AUSYD",
            meaning="Where it goes.",
        ),
        Field(
            name="incoterm",
            title="Incoterm",
            kind=Kind.INCOTERM,
            example="FOB",
            meaning="Three letters. A booking needs one before it can be invoiced.",
        ),
        Field(name="branch", title="Branch", kind=Kind.TEXT, longest=60, meaning="Your branch that handles it."),
        Field(name="department", title="Department", kind=Kind.TEXT, longest=60, meaning="Your department."),
        Field(
            name="goods",
            title="Goods",
            kind=Kind.TEXT,
            longest=500,
            example="Ceramic tiles",
            meaning="What is carried or stored.",
        ),
        Field(
            name="weight_kg",
            title="Weight (kg)",
            kind=Kind.NUMBER,
            whole_digits=11,
            places=3,
            unit="kg",
            example="1240.5",
            meaning="Gross weight in kilograms.",
        ),
        Field(
            name="declared_value",
            title="Value of Goods",
            kind=Kind.NUMBER,
            whole_digits=14,
            example="18500.00",
            meaning="What the goods are worth, in the currency of the row. A booking needs it. It is not charged.",
        ),
        Field(name="etd_date", title="ETD", kind=Kind.DATE, example="2026-03-04", meaning="Day of departure."),
        Field(name="eta_date", title="ETA", kind=Kind.DATE, example="2026-03-21", meaning="Day of arrival."),
        Field(name="delivery_date", title="Delivery Date", kind=Kind.DATE, meaning="Day of delivery."),
        Field(
            name="currency",
            title="Currency",
            kind=Kind.CURRENCY,
            example="AUD",
            meaning="Three letters. One shipment has one currency.",
        ),
        Field(
            name="exchange_rate",
            title="Exchange Rate",
            kind=Kind.NUMBER,
            whole_digits=12,
            places=6,
            meaning="Units of the row's currency for one unit of your own, such as 0.65 USD for one AUD.",
        ),
        Field(
            name="document",
            title="Becomes",
            kind=Kind.CHOICE,
            meaning="invoice or quote. What the sending rules say where empty.",
        ),
    )
}

CHARGE_FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field(
            name="charge_code",
            title="Charge Code",
            kind=Kind.CODE,
            longest=30,
            example="FRT",
            meaning="What is charged, or the cost centre of a warehouse.",
        ),
        Field(
            name="description",
            title="Charge Description",
            kind=Kind.TEXT,
            longest=500,
            example="Ocean freight",
            meaning="Printed on the invoice; the name of the charge code where empty.",
        ),
        Field(
            name="quantity",
            title="Quantity",
            kind=Kind.NUMBER,
            whole_digits=9,
            places=4,
            example="1",
            meaning="How many. 1 where the file has no such column.",
        ),
        Field(
            name="unit_price",
            title="Unit Price",
            kind=Kind.NUMBER,
            places=4,
            example="1250.00",
            meaning="Price of one, without tax. Rows without a price add no charge.",
        ),
        Field(
            name="discount_percent",
            title="Discount %",
            kind=Kind.NUMBER,
            whole_digits=3,
            places=4,
            unit="%",
            meaning="From 0 to 100.",
        ),
        Field(
            name="tax_code",
            title="Tax Code",
            kind=Kind.CODE,
            longest=20,
            meaning="Where empty, the tax code of the charge code counts.",
        ),
        Field(
            name="cost_centre",
            title="Cost Centre",
            kind=Kind.CODE,
            longest=60,
            example="SYD-WH1",
            meaning="Whose charge it is, such as a warehouse; mapping lines may go by it.",
        ),
        Field(name="reference", title="Charge Reference", kind=Kind.TEXT, meaning="A reference of this charge."),
        Field(name="side", title="Side", kind=Kind.CHOICE, meaning="sell or cost. Sell where empty."),
        Field(name="currency", title="Charge Currency", kind=Kind.CURRENCY, meaning="If the row names no other."),
        Field(
            name="supplier_code",
            title="Supplier Code",
            kind=Kind.CODE,
            longest=50,
            meaning="Whom you pay, on the cost side.",
        ),
        Field(name="supplier_name", title="Supplier Name", kind=Kind.TEXT, meaning="Its name, if it is not known."),
        Field(
            name="supplier_number",
            title="Supplier Invoice Number",
            kind=Kind.CODE,
            longest=100,
            meaning="The number of the supplier's invoice.",
        ),
    )
}
# Field of the code → field of the name, for everybody a shipment names.
PARTIES = {"customer_code": "customer_name", "consignee_code": "consignee_name", "buyer_code": "buyer_name"}
REFERENCE_FIELDS = ("po", "quote", "bl", "awb", "container")
