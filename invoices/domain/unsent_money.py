"""What is earned and not in the ledger yet: sell charges before tax, by age, cause and customer (N9)."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from invoices.domain.age_buckets import Bucket, bucket_number
from invoices.domain.shipment_queries import NET
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
    """
    A few queries, however many shipments wait. The age is that of the day the list of shipments is ordered by.

    Each reads one table, and what they have in common is found here: before PostgreSQL has counted the rows of a
    first upload, it would join ten thousand by comparing each with each.
    """
    nets = _net_by_shipment()
    rows = Shipment.objects.filter(accounting_state__in=UNSENT_STATES).order_by("list_date", "id")
    annotated = rows.annotate(bucket=bucket_number(buckets, "list_date"))
    waiting = [
        row for row in annotated.values_list("id", "currency", "cause", "bill_to_id", "bucket") if row[0] in nets
    ]
    sums: dict[tuple[str, str, int | None, int], list[Decimal]] = defaultdict(list)
    for shipment_id, currency, cause, bill_to_id, bucket in waiting:
        sums[currency, cause, bill_to_id, bucket].append(nets[shipment_id])
    customers = Customer.objects.in_bulk({row[3] for row in waiting if row[3]})
    groups = [
        UnsentGroup(
            currency=currency,
            cause=cause,
            customer_code=customers[bill_to_id].code if bill_to_id else "",
            customer_name=customers[bill_to_id].name if bill_to_id else "",
            bucket=bucket,
            shipments=len(amounts),
            net=sum(amounts, Decimal(0)),
        )
        for (currency, cause, bill_to_id, bucket), amounts in sums.items()
    ]
    return Unsent(groups=groups, oldest_id=waiting[0][0] if waiting else None)


def _net_by_shipment() -> dict[int, Decimal]:
    """What is free, and what stands on documents that wait."""
    charges = ShipmentCharge.objects.filter(side=Side.SELL).order_by()
    documents = list(Invoice.objects.filter(ON_WAITING_DOCUMENT).order_by().values_list("id", flat=True))
    nets: dict[int, Decimal] = defaultdict(Decimal)
    for part in (charges.filter(invoice=None, quote=None), charges.filter(invoice__in=documents)):
        for shipment_id, net in part.values_list("shipment_id").annotate(net=Sum(NET, default=Decimal(0))):
            nets[shipment_id] += net
    return nets


def drafts_by_currency() -> list[tuple[str, int, Decimal]]:
    """Sales invoices that nobody has approved: currency, how many, over how much before tax."""
    drafts = Invoice.objects.filter(kind=InvoiceKind.SALES_INVOICE, status=InvoiceStatus.DRAFT).order_by()
    sums = drafts.values_list("currency").annotate(count=Count("id"), net=Sum(F("net_total"), default=Decimal(0)))
    return sorted(sums)
