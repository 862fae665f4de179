"""What drafting works on: charges of shipments as plain values, complete and checked."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from invoices.domain.totals import LineAmounts, Totals, line_amounts, sum_lines
from invoices.models.customer import Grouping
from invoices.models.invoice import InvoiceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeToBill:
    """A charge that no invoice bills yet. `tax_rate` and `discount_percent` in per cent."""

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
    """`terms_days` from issue to due date. `references`: all of them, the customer's own first."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An invoice to be: all its shipments share customer, entity, currency, rate and the customer's grouping."""

    kind: InvoiceKind
    shipments: tuple[ShipmentToBill, ...]

    @property
    def first(self) -> ShipmentToBill:
        return self.shipments[0]

    @property
    def sign(self) -> int:
        """A credit note shows as positive what was charged as negative."""
        return -1 if self.kind == InvoiceKind.SALES_CREDIT_NOTE else 1

    @property
    def charges(self) -> list[ChargeToBill]:
        return [charge for shipment in self.shipments for charge in shipment.charges]

    @property
    def totals(self) -> Totals:
        """With the signs that the document will show."""
        totals = sum_lines(charge.amounts for charge in self.charges)
        return Totals(net=self.sign * totals.net, tax=self.sign * totals.tax)

    @property
    def customer_reference(self) -> str:
        """Each once, in the order of the shipments; the longest list that a reference field keeps is cut there."""
        return ", ".join(dict.fromkeys(one.customer_reference for one in self.shipments if one.customer_reference))
