"""
Checks shipments before anybody clicks: what an invoice would lack (F31), and what its mapping would refuse.

The result stands on the shipment, so that lists show and filter it without checking again.
"""

import time
from collections.abc import Sequence
from datetime import date, datetime

from freightbridge.background_work.work_kinds import STRETCH_SECONDS, Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.update_rows import update_rows
from integrations.mapping.document_identity import NO_MARK
from integrations.mapping.map_document import map_document
from integrations.mapping.problems import Problem, problem
from integrations.problem_catalogue import describe
from invoices.domain.billable_shipments import BillableShipment, load_billable
from invoices.domain.grouping import group_shipments
from invoices.models import Shipment
from invoices.models.shipment import Readiness
from invoices.workflows.hand_over_to_accounting import exportable_of_draft
from invoices.workflows.sending_context import SendingContext, sending_context

CHUNK = 500


def assess_all(work: Work) -> Again | None:
    """Background work: every shipment that may have something to invoice, in the order of their ids."""
    stop_at, last_id = time.monotonic() + STRETCH_SECONDS, work.cursor
    while time.monotonic() < stop_at:
        with tenant_scope(work.tenant_id):
            following = Shipment.objects.filter(pk__gt=last_id).order_by("id")
            chunk = list(following.values_list("id", flat=True)[:CHUNK])
            assess_shipments(chunk, tenant=Tenant.objects.get(pk=work.tenant_id), now=read_clock())
        if len(chunk) < CHUNK:
            return None
        last_id = chunk[-1]
    return Again(at=read_clock(), cursor=last_id)


def assessing_gave_up(work: Work, reason: str) -> None:
    """The states on the list stay as they were; sending checks everything once more."""
    del work, reason


def assess_shipments(shipment_ids: Sequence[int], *, tenant: Tenant, now: datetime) -> None:
    """In the tenant's scope; a fixed number of queries. Only shipments whose result changed are written."""
    context = sending_context(tenant)
    billable = load_billable(shipment_ids, customer_key=context.customer_key)
    context.load_rules({one.customer.code for one in billable if one.customer})
    changed = [one.shipment for one in billable if _assess(one, context, today=context.today(now))]
    update_rows(changed, ["readiness", "readiness_problems"])


def problems_of(one: BillableShipment, context: SendingContext, *, today: date) -> list[Problem]:
    """All of them at once; empty for what can go."""
    if one.missing:
        return [problem("FB-401", missing.field, text=missing.text) for missing in one.missing]
    if one.to_bill is None or one.customer is None or context.rules is None:
        return []
    (draft,) = group_shipments([one.to_bill])
    source = exportable_of_draft(draft, one.customer, today=today)
    return list(map_document(source, rules=context.rules, mark=NO_MARK).problems)


def _assess(one: BillableShipment, context: SendingContext, *, today: date) -> bool:
    """True: the shipment's result is another one now."""
    problems = [describe.to_json(found) for found in problems_of(one, context, today=today)]
    before = (one.shipment.readiness, one.shipment.readiness_problems)
    one.shipment.readiness = _readiness(one, has_problems=bool(problems))
    one.shipment.readiness_problems = problems
    return before != (one.shipment.readiness, one.shipment.readiness_problems)


def _readiness(one: BillableShipment, *, has_problems: bool) -> Readiness:
    if not one.charges:
        return Readiness.NOTHING
    return Readiness.NOT_READY if has_problems else Readiness.READY
