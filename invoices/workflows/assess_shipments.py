"""
Checks shipments before anybody clicks: what an invoice would lack (F31), and what its mapping would refuse.

The result stands on the shipment, so that lists show and filter it without checking again.
"""

import time
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import STRETCH_SECONDS, Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.update_rows import update_rows
from integrations.mapping.document_identity import NO_MARK
from integrations.mapping.map_document import map_document
from integrations.mapping.problems import Problem, problem
from integrations.models.connection_settings import SentSides
from integrations.problem_catalogue import describe
from invoices.domain.billable_shipments import BillableShipment, Unbilled
from invoices.domain.draft_input import ShipmentToBill
from invoices.domain.grouping import group_shipments
from invoices.domain.readiness import Missing
from invoices.models import Customer, Shipment, ShipmentCharge
from invoices.models.shipment import Readiness
from invoices.work_names import CREATE_ITEMS
from invoices.workflows.hand_over_to_accounting import exportable_of_draft
from invoices.workflows.route_shipments import contexts_of, contexts_of_new
from invoices.workflows.sending_context import SendingContext

CHUNK = 500
ITEM_NOT_FOUND = "FB-308"
# What a check writes onto a shipment.
RESULT = ["readiness", "readiness_problems", "sales_readiness", "cost_readiness", "not_ready_since"]
WORST_FIRST = (Readiness.NOT_READY, Readiness.READY, Readiness.NOTHING)


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
    """
    In the tenant's scope; a fixed number of queries for each organisation they go to. Only shipments whose result
    changed are written.
    """
    changed = []
    for context, ids in contexts_of(shipment_ids, tenant=tenant):
        changed += _assess_found(context.load_billable(ids), context, now=now)
    update_rows(changed, RESULT)


def assess_new(found: Sequence[Unbilled], *, tenant: Tenant, now: datetime) -> None:
    """Of shipments that go into the database after this: nothing is written but their attributes."""
    for context, members in contexts_of_new(found, tenant=tenant):
        _assess_found(context.billable_of(members), context, now=now)


def _assess_found(billable: Iterable[BillableShipment], context: SendingContext, *, now: datetime) -> list[Shipment]:
    """Those whose result is another one now."""
    changed = [one.shipment for one in billable if _assess(one, context, now=now)]
    _create_items(changed, context, now=now)
    return changed


def _create_items(shipments: Sequence[Shipment], context: SendingContext, *, now: datetime) -> None:
    if context.connection and context.rules and context.rules.creates_items and any(map(_lacks_item, shipments)):
        enqueue_work(CREATE_ITEMS, [context.connection.pk], now=now)


def _lacks_item(shipment: Shipment) -> bool:
    return any(found["code"] == ITEM_NOT_FOUND for found in shipment.readiness_problems)


def problems_of(one: BillableShipment, context: SendingContext, *, sides: str, today: date) -> list[Problem]:
    """All of them at once; empty for what can go. `sides`: what of it is to be sent."""
    of_costs = cost_problems(one, context, today=today) if sides == SentSides.BOTH else []
    return [*sales_problems(one, context, today=today), *of_costs]


def sales_problems(one: BillableShipment, context: SendingContext, *, today: date) -> list[Problem]:
    if one.missing:
        return _missing(one.missing, customer_code=one.customer.code if one.customer else "")
    if one.to_bill is None or one.customer is None:
        return []
    return _refusals([one.to_bill], {one.customer.pk: one.customer}, context, today=today)


def cost_problems(one: BillableShipment, context: SendingContext, *, today: date) -> list[Problem]:
    if one.missing_costs:
        return _missing(one.missing_costs)
    return _refusals(one.to_pay, one.suppliers, context, today=today)


def nothing_to_send(one: BillableShipment, *, sides: str) -> bool:
    return not one.charges and not (one.costs and sides == SentSides.BOTH)


def _missing(fields: Iterable[Missing], *, customer_code: str = "") -> list[Problem]:
    """Payment terms are the customer's, so that his code leads to where they are entered."""
    words = {"due_date": {"customer": customer_code}} if customer_code else {}
    return [problem("FB-401", missing.field, text=missing.text, **words.get(missing.field, {})) for missing in fields]


def _refusals(
    parts: Sequence[ShipmentToBill], parties: dict[int, Customer], context: SendingContext, *, today: date
) -> list[Problem]:
    """What the mapping would refuse, and what could get no number."""
    if context.rules is None:
        return []
    found: list[Problem] = []
    for draft in group_shipments(parts):
        taken = context.taken.get((draft.first.billing_entity_id, draft.kind))
        found += [taken] if taken else []
        source = exportable_of_draft(draft, parties[draft.first.customer_id], today=today)
        found += map_document(source, rules=context.rules, mark=NO_MARK).problems
    return list(dict.fromkeys(found))


def _assess(one: BillableShipment, context: SendingContext, *, now: datetime) -> bool:
    """True: the shipment's result is another one now."""
    today = context.today(now)
    of_sales, of_costs = sales_problems(one, context, today=today), cost_problems(one, context, today=today)
    shipment = one.shipment
    before = [getattr(shipment, name) for name in RESULT]
    shipment.sales_readiness = _readiness(one.charges, of_sales)
    shipment.cost_readiness = _readiness(one.costs, of_costs)
    shown = [*of_sales, *of_costs] if context.sides == SentSides.BOTH else of_sales
    shipment.readiness = combined_readiness(shipment, sides=context.sides)
    is_stuck = shipment.readiness == Readiness.NOT_READY
    shipment.not_ready_since = (shipment.not_ready_since or now) if is_stuck else None
    shipment.readiness_problems = [describe.to_json(found) for found in shown]
    return before != [getattr(shipment, name) for name in RESULT]


def combined_readiness(shipment: Shipment, *, sides: str) -> str:
    """Of what is sent: the worse of two sides, of which one may have nothing."""
    both = (
        {shipment.sales_readiness, shipment.cost_readiness} if sides == SentSides.BOTH else {shipment.sales_readiness}
    )
    return next(state for state in WORST_FIRST if state in both)


def _readiness(charges: Sequence[ShipmentCharge], problems: Sequence[Problem]) -> Readiness:
    if not charges:
        return Readiness.NOTHING
    return Readiness.NOT_READY if problems else Readiness.READY
