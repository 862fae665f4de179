"""Which shipments go onto one invoice, by the customer's rule (F68)."""

from collections import defaultdict
from collections.abc import Hashable, Iterable

from invoices.domain.draft_input import Draft, ShipmentToBill
from invoices.domain.totals import sum_lines
from invoices.models.customer import Grouping
from invoices.models.invoice import InvoiceKind
from invoices.models.shipment import ShipmentDocument
from invoices.models.shipment_charge import Side


def group_shipments(shipments: Iterable[ShipmentToBill]) -> list[Draft]:
    """
    One draft for each group, in the order of the groups' first shipments.

    A group whose charges come to less than nothing becomes a credit note: Xero refuses a negative invoice. Costs are
    grouped by the supplier's own number, for that is what he billed together.
    """
    groups: dict[Hashable, list[ShipmentToBill]] = defaultdict(list)
    for shipment in shipments:
        groups[_key(shipment)].append(shipment)
    return [Draft(kind=_kind(members), shipments=tuple(members)) for members in groups.values()]


def _key(shipment: ShipmentToBill) -> Hashable:
    party = (shipment.customer_id, shipment.billing_entity_id, shipment.currency, shipment.exchange_rate)
    if shipment.side == Side.COST:
        return (*party, shipment.side, shipment.supplier_number)
    return (*party, shipment.document, shipment.grouping, _part(shipment))


def _part(shipment: ShipmentToBill) -> Hashable:
    year, week, _ = shipment.list_date.isocalendar()
    parts: dict[Grouping, Hashable] = {
        Grouping.PER_SHIPMENT: shipment.shipment_id,
        # Shipments without a reference have nothing in common.
        Grouping.BY_REFERENCE: shipment.customer_reference or shipment.shipment_id,
        Grouping.DAILY: shipment.list_date,
        Grouping.WEEKLY: (year, week),
        Grouping.MONTHLY: (shipment.list_date.year, shipment.list_date.month),
    }
    return parts[shipment.grouping]


def _kind(members: list[ShipmentToBill]) -> InvoiceKind:
    total = sum_lines(charge.amounts for member in members for charge in member.charges).total
    if members[0].side == Side.COST:
        return InvoiceKind.BILL_CREDIT_NOTE if total < 0 else InvoiceKind.BILL
    if total < 0:
        return InvoiceKind.SALES_CREDIT_NOTE
    return InvoiceKind.QUOTE if members[0].document == ShipmentDocument.QUOTE else InvoiceKind.SALES_INVOICE
