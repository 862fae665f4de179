"""Shipments with what a list shows of them: a fixed number of queries for any number of rows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, DecimalField, ExpressionWrapper, F, Q, QuerySet, Sum, When
from django.db.models.functions import Round

from invoices.models import Invoice, InvoiceLine, Shipment, ShipmentCharge
from invoices.models.invoice import InvoiceStatus
from invoices.models.shipment import Readiness
from invoices.models.shipment_charge import Side

AMOUNT = DecimalField(max_digits=18, decimal_places=2)
NET = Round(
    ExpressionWrapper(F("quantity") * F("unit_price") * (100 - F("discount_percent")) / 100, output_field=AMOUNT),
    precision=2,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedInvoice:
    """
    `state` and what follows it are empty while nothing was handed over. `problems`: as the outbox keeps them.
    `exported_at`: when it last went to accounting, by file or through the API.
    """

    public_id: UUID
    number: str
    kind: str
    state: str
    xero_id: UUID | None
    unknown_since: datetime | None
    money_state: str
    problems: list[dict[str, Any]]
    support_code: str
    # Where its document is, or is to go; None until it is handed over.
    connection_id: int | None
    exported_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedShipment:
    """`net`: its sell charges before tax, in its currency."""

    shipment: Shipment
    net: Decimal
    invoices: list[ListedInvoice]


def listed_shipments(shipments: Sequence[Shipment]) -> list[ListedShipment]:
    """Three queries. `shipments` with their `bill_to`."""
    ids = [shipment.pk for shipment in shipments]
    nets, invoices = net_of_charges(ids), _invoices_of(ids)
    return [
        ListedShipment(shipment=shipment, net=nets.get(shipment.pk, Decimal(0)), invoices=invoices[shipment.pk])
        for shipment in shipments
    ]


def net_of_charges(shipment_ids: Sequence[int]) -> dict[int, Decimal]:
    """What is sold, billed or not, before tax."""
    charges = ShipmentCharge.objects.filter(shipment__pk__is_among=shipment_ids, side=Side.SELL)
    return dict(charges.order_by().values_list("shipment_id").annotate(net=Sum(NET, default=Decimal(0))))


def can_go(shipments: QuerySet[Shipment]) -> QuerySet[Shipment]:
    """Those that sending would draft an invoice for, by the last check of each."""
    return shipments.filter(readiness=Readiness.READY, do_not_send_reason="")


def sales_can_go(shipments: QuerySet[Shipment]) -> QuerySet[Shipment]:
    return shipments.filter(sales_readiness=Readiness.READY, do_not_send_reason="")


def both_sides_can_go(shipments: QuerySet[Shipment]) -> QuerySet[Shipment]:
    """Neither side lacks anything, and one at least has something."""
    standing = shipments.exclude(sales_readiness=Readiness.NOT_READY).exclude(cost_readiness=Readiness.NOT_READY)
    ready = Q(sales_readiness=Readiness.READY) | Q(cost_readiness=Readiness.READY)
    return standing.filter(ready, do_not_send_reason="")


def unbilled_totals(shipments: QuerySet[Shipment], *, side: Side = Side.SELL) -> list[tuple[str, Decimal]]:
    """Currency and sum before tax of what is not on an invoice yet; never added up over currencies."""
    charges = ShipmentCharge.objects.filter(shipment__in=shipments.values("id"), side=side, invoice=None)
    sums = charges.order_by().values_list("shipment__currency").annotate(net=Sum(NET, default=Decimal(0)))
    return sorted(sums)


def _invoices_of(shipment_ids: Sequence[int]) -> dict[int, list[ListedInvoice]]:
    """Newest first, without voided ones."""
    lines = InvoiceLine.objects.filter(shipment__pk__is_among=shipment_ids).order_by()
    pairs = list(lines.values_list("shipment_id", "invoice_id").distinct())
    invoices = _listed_invoices({invoice_id for _, invoice_id in pairs})
    found: dict[int, list[ListedInvoice]] = defaultdict(list)
    owners: dict[int, list[int]] = defaultdict(list)
    for shipment_id, invoice_id in pairs:
        owners[invoice_id].append(shipment_id)
    for invoice_id, invoice in invoices:
        for shipment_id in owners[invoice_id]:
            found[shipment_id].append(invoice)
    return found


def _listed_invoices(invoice_ids: Iterable[int]) -> Iterable[tuple[int, ListedInvoice]]:
    """Of several jobs on one invoice the newest one that has problems tells them."""
    rows = Invoice.objects.filter(pk__is_among=invoice_ids).exclude(status=InvoiceStatus.VOIDED)
    fields = ["pk", "public_id", "number", "kind", "xero_document__state", "xero_document__xero_id"]
    fields += ["xero_document__unknown_since", "xero_document__money_state", "sync_jobs__problems"]
    fields += ["sync_jobs__correlation_id", "xero_document__connection_id", "xero_document__exported_at"]
    fields += ["xero_document__sent_at"]
    seen: set[int] = set()
    has_problem = Case(When(sync_jobs__problem_code__gt="", then=1), default=0)
    for row in rows.order_by("-pk", has_problem.desc(), "-sync_jobs__pk").values_list(*fields):
        if row[0] not in seen:
            seen.add(row[0])
            yield row[0], _listed_invoice(row)


def _listed_invoice(row: Sequence[Any]) -> ListedInvoice:
    return ListedInvoice(
        public_id=row[1],
        number=row[2],
        kind=row[3],
        state=row[4] or "",
        xero_id=row[5],
        unknown_since=row[6],
        money_state=row[7] or "",
        problems=row[8] or [],
        support_code=row[9] or "",
        connection_id=row[10],
        exported_at=max((moment for moment in row[11:13] if moment), default=None),
    )
