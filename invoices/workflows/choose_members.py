"""Which waiting members of a batch are prepared next: never a part only of what goes onto one invoice."""

from collections.abc import Collection

from django.db.models import QuerySet

from integrations.models import BatchMember, SendBatch
from integrations.models.connection_settings import SentSides
from integrations.models.send_batch import MemberOutcome
from invoices.domain.billable_shipments import PARTIES
from invoices.models import ShipmentCharge
from invoices.models.customer import Grouping
from invoices.models.shipment_charge import Side

CHUNK = 500
# A bigger chunk would hold its transaction too long, and the PDF takes no more shipments; what is beyond goes onto a
# second invoice.
MOST = 2000


def next_members(batch: SendBatch, *, customer_key: str) -> list[BatchMember]:
    """In the order of the shipments. Empty: none is waiting."""
    waiting = batch.members.filter(outcome=MemberOutcome.WAITING).order_by("id")
    chunk = list(waiting[:CHUNK])
    if len(chunk) == CHUNK:
        chunk = _whole_customers(chunk, waiting, f"shipment__{PARTIES[customer_key]}")
    if batch.sides == SentSides.BOTH:
        chunk += _same_bills(chunk, waiting)
    return sorted(chunk, key=lambda member: member.pk)


def _whole_customers(chunk: list[BatchMember], waiting: QuerySet[BatchMember], party: str) -> list[BatchMember]:
    """Customers who get invoices for several shipments come with all of theirs, or wait for the next chunk."""
    of_chunk = waiting.filter(pk__in=[member.pk for member in chunk])
    customers = of_chunk.exclude(**{f"{party}__grouping": Grouping.PER_SHIPMENT}).exclude(**{party: None})
    grouped = dict(customers.values_list("pk", party))
    whole = [member for member in chunk if member.pk not in grouped]
    for customer in dict.fromkeys(grouped.values()):
        his = list(waiting.filter(**{party: customer})[:MOST])
        if not whole or len(whole) + len(his) <= MOST:
            whole += his
    return whole


def _same_bills(chunk: list[BatchMember], waiting: QuerySet[BatchMember]) -> list[BatchMember]:
    """Those whose costs stand on a supplier's invoice that a member of the chunk has a part of."""
    found: list[BatchMember] = []
    newest: Collection[BatchMember] = chunk
    while newest and len(chunk) + len(found) < MOST:
        costs = _open_costs().filter(shipment__in=[one.shipment_id for one in newest])
        numbers = set(costs.values_list("supplier_id", "supplier_number"))
        if not numbers:
            break
        sharing = _open_costs().filter(
            supplier__in={supplier for supplier, _ in numbers}, supplier_number__in={number for _, number in numbers}
        )
        there = {one.pk for one in (*chunk, *found)}
        more = waiting.filter(shipment__in=sharing.values("shipment")).exclude(pk__in=there)
        newest = list(more[: MOST - len(there)])
        found += newest
    return found


def _open_costs() -> QuerySet[ShipmentCharge]:
    return (
        ShipmentCharge.objects.filter(side=Side.COST, invoice=None).exclude(supplier=None).exclude(supplier_number="")
    )
