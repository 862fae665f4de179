"""What tests of the triggers set up and look at."""

from typing import Any

from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.run_due_work import run_one
from freightbridge.background_work.work_kinds import Queue
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import SendBatch
from invoices.models import SendTriggers


def agree(tenant: Tenant, **fields: Any) -> SendTriggers:
    """What the company agreed on."""
    with tenant_scope(tenant):
        triggers, _ = SendTriggers.objects.update_or_create(defaults=fields)
        return triggers


def triggers_of(tenant: Tenant) -> SendTriggers:
    with tenant_scope(tenant):
        return SendTriggers.objects.get()


def batches(tenant: Tenant) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """By whom, what set it going, and of each member its shipment and its outcome."""
    with tenant_scope(tenant):
        return [
            (
                batch.started_by,
                batch.trigger,
                list(batch.members.order_by("id").values_list("shipment__number", "outcome")),
            )
            for batch in SendBatch.objects.order_by("number")
        ]


def not_sent(tenant: Tenant) -> list[tuple[str, str]]:
    """Shipments that did not go by themselves, with the reason in their history."""
    with tenant_scope(tenant):
        events = AuditEvent.objects.filter(action="not sent by itself").order_by("id")
        return [(event.subject_name, event.details["reason"]) for event in events]


def work() -> None:
    """What workers do but delivering: nothing is called."""
    while any([run_one(Queue.BULK), run_one(Queue.INTERACTIVE)]):
        pass
