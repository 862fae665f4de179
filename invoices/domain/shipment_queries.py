"""Shipments with what a list shows of them: a fixed number of queries for any number of rows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, DecimalField, ExpressionWrapper, F, Q, QuerySet, Sum, When
from django.db.models.functions import Round

from freightbridge.tenancy.scope import current_tenant_id
from invoices.models import Invoice, InvoiceLine, Shipment, ShipmentCharge
from invoices.models.invoice import InvoiceStatus
from invoices.models.shipment import Readiness
from invoices.models.shipment_charge import Side

AMOUNT = DecimalField(max_digits=18, decimal_places=2)
NET = Round(
    ExpressionWrapper(F("quantity") * F("unit_price") * (100 - F("discount_percent")) / 100, output_field=AMOUNT),
    precision=2,
)
# The same in SQL.
NET_SQL = "round(quantity * unit_price * (100 - discount_percent) / 100, 2)"
# Each page of a list asks these; Django takes longer to write them than PostgreSQL to answer.
NETS = f"""
    SELECT shipment_id, COALESCE(sum({NET_SQL}), 0)
    FROM {ShipmentCharge._meta.db_table}
    WHERE tenant_id = %s AND shipment_id = ANY(%s::bigint[]) AND side = '{Side.SELL}' GROUP BY 1
"""  # noqa: S608 the names of our own tables
BILLED = f"""
    SELECT DISTINCT shipment_id, invoice_id FROM {InvoiceLine._meta.db_table}
    WHERE tenant_id = %s AND shipment_id = ANY(%s::bigint[])
"""  # noqa: S608 likewise


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
    return dict(_rows(NETS, shipment_ids))


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
    pairs = _rows(BILLED, shipment_ids)
    invoices = _listed_invoices({invoice_id for _, invoice_id in pairs})
    found: dict[int, list[ListedInvoice]] = defaultdict(list)
    owners: dict[int, list[int]] = defaultdict(list)
    for shipment_id, invoice_id in pairs:
        owners[invoice_id].append(shipment_id)
    for invoice_id, invoice in invoices:
        for shipment_id in owners[invoice_id]:
            found[shipment_id].append(invoice)
    return found


def _rows(statement: str, shipment_ids: Sequence[int]) -> list[tuple[Any, ...]]:
    """No query for no shipment."""
    if not shipment_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, [current_tenant_id(), list(shipment_ids)])
        found: list[tuple[Any, ...]] = cursor.fetchall()
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
