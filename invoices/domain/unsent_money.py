"""What is earned and not in the ledger yet: sell charges before tax, by age, cause and customer (N9)."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from freightbridge.tenancy.scope import current_tenant_id
from invoices.domain.age_buckets import Bucket, bucket_number
from invoices.domain.shipment_queries import NET_SQL
from invoices.models import Customer, Invoice, Shipment, ShipmentCharge
from invoices.models.invoice import InvoiceKind, InvoiceStatus
from invoices.models.shipment_charge import Side

READY_STATES = ("ready", "cancelled")
MOVING_STATES = ("queued", "sending", "unknown")
# Of a shipment. "Do not send" is not among them: that money goes another way.
UNSENT_STATES = ("not ready", *READY_STATES, *MOVING_STATES, "attention")
# Of a document, and how far it may have come in Xero without being in the ledger.
WAITING_DOCUMENT = Q(
    invoice__xero_document__state__in=(*MOVING_STATES, "attention"),
    invoice__xero_document__xero_status__in=("", "DRAFT"),
)
ON_WAITING_DOCUMENT = Q(
    xero_document__state__in=(*MOVING_STATES, "attention"),
    xero_document__xero_status__in=("", "DRAFT"),
)
READY, MOVING = "ready", "moving"
OF_SHIPMENTS = ("id", "currency", "cause", "bill_to_id", "bucket", "list_date")
# Of shipments that wait, those with charges that are free or stand on documents that wait: by group, with the day and
# the id of the oldest. Joined in full, and narrowed only then: a full join never compares each with each, as PostgreSQL
# would join ten thousand of a first upload before it has counted them.
TOGETHER = f"""
    SELECT currency, cause, bill_to_id, bucket, count(*), sum(net), min(ARRAY[list_date - DATE 'epoch', id])
    FROM (
        SELECT told.*, charged.net FROM ({{shipments}}) told FULL JOIN (
            SELECT shipment_id, COALESCE(sum({NET_SQL}), 0) AS net FROM {ShipmentCharge._meta.db_table}
            WHERE tenant_id = %s AND side = '{Side.SELL}'
                AND (invoice_id = ANY(%s::bigint[]) OR invoice_id IS NULL AND quote_id IS NULL)
            GROUP BY 1
        ) charged ON charged.shipment_id = told.id OFFSET 0
    ) waiting
    WHERE id IS NOT NULL AND net IS NOT NULL GROUP BY 1, 2, 3, 4
"""  # noqa: S608 the names of our own tables


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsentGroup:
    """`bucket`: its place in the list. `cause`: a code, READY or MOVING."""

    currency: str
    cause: str
    customer_code: str
    customer_name: str
    bucket: int
    shipments: int
    net: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """`oldest_id`: of the shipment that has waited longest; None where nothing waits."""

    groups: list[UnsentGroup]
    oldest_id: int | None


def unsent_charges() -> QuerySet[ShipmentCharge]:
    """What a standing quote offers is not earned yet."""
    free = Q(invoice=None, quote=None)
    return ShipmentCharge.objects.filter(
        free | WAITING_DOCUMENT, side=Side.SELL, shipment__accounting_state__in=UNSENT_STATES
    )


def unsent_shipments(shipments: QuerySet[Shipment]) -> QuerySet[Shipment]:
    """
    Their state is said beside their charges: it has an index. For each the first charge is looked for, where EXISTS
    would let PostgreSQL read the charges of all shipments first.
    """
    first = unsent_charges().filter(shipment=OuterRef("pk")).order_by().values("pk")[:1]
    return shipments.alias(unsent=Subquery(first)).filter(unsent__isnull=False, accounting_state__in=UNSENT_STATES)


def held_up_by(shipments: QuerySet[Shipment], cause: str) -> QuerySet[Shipment]:
    """Those with this cause: the code of a problem, READY or MOVING."""
    return shipments.filter(cause=cause)


def load_unsent(buckets: list[Bucket]) -> Unsent:
    """Three queries, however many shipments wait. The age is that of the day the list of shipments is ordered by."""
    documents = list(Invoice.objects.filter(ON_WAITING_DOCUMENT).order_by().values_list("id", flat=True))
    waiting = Shipment.objects.filter(accounting_state__in=UNSENT_STATES).order_by()
    told = waiting.annotate(bucket=bucket_number(buckets, "list_date")).values_list(*OF_SHIPMENTS)
    shipments, values = told.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(TOGETHER.format(shipments=shipments), (*values, current_tenant_id(), documents))
        rows = cursor.fetchall()
    customers = Customer.objects.in_bulk({row[2] for row in rows if row[2]})
    groups = [
        UnsentGroup(
            currency=currency,
            cause=cause,
            customer_code=customers[bill_to_id].code if bill_to_id else "",
            customer_name=customers[bill_to_id].name if bill_to_id else "",
            bucket=bucket,
            shipments=count,
            net=net,
        )
        for currency, cause, bill_to_id, bucket, count, net, _ in rows
    ]
    return Unsent(groups=groups, oldest_id=min(row[6] for row in rows)[1] if rows else None)


def drafts_by_currency() -> list[tuple[str, int, Decimal]]:
    """Sales invoices that nobody has approved: currency, how many, over how much before tax."""
    # By the list's state, which has an index: drafts are few among all that there are.
    drafts = Invoice.objects.filter(kind=InvoiceKind.SALES_INVOICE, list_state=InvoiceStatus.DRAFT).order_by()
    sums = drafts.values_list("currency").annotate(count=Count("id"), net=Sum(F("net_total"), default=Decimal(0)))
    return sorted(sums)
