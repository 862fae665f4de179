"""
Shipments that come to an agreed status and go by themselves (F30, F63).

Whoever changes a status says so in the same transaction; a worker then makes one batch of all that came, by the
same workflow as the button. What does not go is told in the shipment's history.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from freightbridge.audit.record_event import SYSTEM, record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.active_connection import NotConnectedError
from integrations.models.send_batch import BatchTrigger
from invoices.domain.billable_shipments import PARTIES
from invoices.domain.find_triggers import find_triggers
from invoices.domain.send_by_itself import Decision, Verdict, on_status
from invoices.models import Customer, ReachedStatus, Shipment
from invoices.work_names import SEND_REACHED
from invoices.workflows.send_to_accounting import send_to_accounting
from invoices.workflows.sending_context import sending_context

NOT_SENT = "not sent by itself"
MOST_IN_A_BATCH = 1000


def status_reached(shipment_ids: Sequence[int], *, tenant: Tenant, now: datetime) -> None:
    """Shipments whose status is new. In the tenant's scope, in the transaction that changed it."""
    if not shipment_ids:
        return
    triggers = find_triggers()
    party = PARTIES[sending_context(tenant).customer_key]
    at_status = Shipment.objects.filter(pk__in=shipment_ids, status__in=triggers.statuses).select_related(party)
    going: list[Shipment] = []
    for shipment in at_status:
        decision = _decide(getattr(shipment, party), is_automatic=triggers.is_automatic)
        if decision.verdict == Verdict.GOES:
            going.append(shipment)
        elif decision.verdict == Verdict.HELD:
            record_event(action=NOT_SENT, subject=shipment, by=SYSTEM, now=now, reason=decision.reason)
    if going:
        reached = [ReachedStatus(shipment=shipment, at=now) for shipment in going]
        ReachedStatus.objects.bulk_create(reached, ignore_conflicts=True)
        enqueue_work(SEND_REACHED, [tenant.pk], now=now)


def goes_already(shipment_id: int) -> None:
    """A person sends it at the same time: it need not go by itself any more."""
    ReachedStatus.objects.filter(shipment=shipment_id).delete()


def send_reached(work: Work) -> Again | None:
    """Background work of a tenant: what is taken out of the list is in a batch, in one transaction."""
    with tenant_scope(work.tenant_id):
        now = read_clock()
        reached = ReachedStatus.objects.select_for_update(of=("self",)).select_related("shipment").order_by("id")
        taken = list(reached[:MOST_IN_A_BATCH])
        if not taken:
            return None
        _send([one.shipment for one in taken], now=now)
        ReachedStatus.objects.filter(pk__in=[one.pk for one in taken]).delete()
    return Again(at=now)


def sending_reached_gave_up(work: Work, reason: str) -> None:
    """Nobody waits for what does not come: each shipment says that a person must send it."""
    with tenant_scope(work.tenant_id):
        now, reached = read_clock(), ReachedStatus.objects.select_related("shipment")
        for one in reached:
            _tell(one.shipment, f"That is our fault; send it by the button. ({reason})", now=now)
        reached.all().delete()


def _decide(customer: Customer | None, *, is_automatic: bool) -> Decision:
    """Without a customer it goes into the batch, which skips it and says what is missing."""
    return on_status(
        is_automatic=is_automatic,
        own_sending=customer.own_sending if customer else "",
        grouping=customer.grouping if customer else "",
        customer=customer.name if customer else "",
    )


def _send(shipments: Sequence[Shipment], *, now: datetime) -> None:
    selected = Shipment.objects.filter(pk__in=[shipment.pk for shipment in shipments])
    try:
        send_to_accounting(selected, form_token=uuid.uuid4(), by=SYSTEM, now=now, trigger=BatchTrigger.STATUS)
    except NotConnectedError as error:
        for shipment in shipments:
            _tell(shipment, str(error), now=now)


def _tell(shipment: Shipment, reason: str, *, now: datetime) -> None:
    record_event(action=NOT_SENT, subject=shipment, by=SYSTEM, now=now, reason=reason)
