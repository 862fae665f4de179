"""What drafting works on: charges of shipments as plain values, complete and checked."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from invoices.domain.totals import LineAmounts, Totals, line_amounts, sum_lines
from invoices.models.customer import Grouping
from invoices.models.invoice import InvoiceKind
from invoices.models.shipment import ShipmentDocument
from invoices.models.shipment_charge import Side

CREDIT_NOTES = {InvoiceKind.SALES_CREDIT_NOTE, InvoiceKind.BILL_CREDIT_NOTE}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeToBill:
    """
    A charge that no invoice bills yet. `tax_rate` and `discount_percent` in per cent. `quote_id`: the standing quote
    that offers it.
    """

    charge_id: int
    shipment_id: int
    shipment_number: str
    charge_code_id: int
    charge_code: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    discount_percent: Decimal
    tax_code_id: int
    tax_code: str
    tax_rate: Decimal
    cost_centre: str = ""
    quote_id: int | None = None

    @property
    def amounts(self) -> LineAmounts:
        return line_amounts(
            quantity=self.quantity,
            unit_price=self.unit_price,
            discount_percent=self.discount_percent,
            tax_rate=self.tax_rate,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentToBill:
    """
    One side of a shipment: what its customer is billed, or what one supplier billed under one number of his, who then
    is the `customer_id`. `terms_days` from issue to due date. `references`: all of them, the customer's own first.
    """

    shipment_id: int
    number: str
    customer_id: int
    billing_entity_id: int
    base_currency: str
    currency: str
    exchange_rate: Decimal
    terms_days: int
    customer_reference: str
    references: tuple[str, ...]
    list_date: date
    grouping: Grouping
    charges: tuple[ChargeToBill, ...]
    side: Side = Side.SELL
    document: ShipmentDocument = ShipmentDocument.INVOICE
    supplier_number: str = ""
    dimensions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """
    An invoice to be: all its shipments share customer, entity, currency, rate and the customer's grouping; those of a
    bill the supplier and his number.
    """

    kind: InvoiceKind
    shipments: tuple[ShipmentToBill, ...]

    @property
    def first(self) -> ShipmentToBill:
        return self.shipments[0]

    @property
    def sign(self) -> int:
        """A credit note shows as positive what was charged as negative."""
        return -1 if self.kind in CREDIT_NOTES else 1

    @property
    def quote_id(self) -> int | None:
        """The quote that all its charges stand on, if there is one."""
        quotes = {charge.quote_id for charge in self.charges}
        return quotes.pop() if len(quotes) == 1 else None

    @property
    def charges(self) -> list[ChargeToBill]:
        return [charge for shipment in self.shipments for charge in shipment.charges]

    @property
    def totals(self) -> Totals:
        """With the signs that the document will show."""
        totals = sum_lines(charge.amounts for charge in self.charges)
        return Totals(net=self.sign * totals.net, tax=self.sign * totals.tax)

    @property
    def customer_references(self) -> tuple[str, ...]:
        """Each once, in the order of the shipments."""
        return tuple(dict.fromkeys(one.customer_reference for one in self.shipments if one.customer_reference))
