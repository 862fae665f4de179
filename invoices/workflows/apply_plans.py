"""Carries out what was planned for a chunk of shipments: a fixed number of statements, in the caller's transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from freightbridge.insert_rows import insert_rows
from freightbridge.transactions import require_transaction
from freightbridge.update_rows import update_rows
from invoices.domain.derived_fields import DERIVED, derive_fields
from invoices.intake.plan_shipment import ShipmentPlan
from invoices.intake.row_content import content_as_json
from invoices.models import ChargeCode, Customer, Shipment, ShipmentCharge, SourceRow
from invoices.workflows.load_standing import Standing
from invoices.workflows.shipment_values import write_charge, write_fields

ALWAYS_WRITTEN = {*DERIVED, "updated_at"}
CHARGE_ATTRIBUTES = (
    "charge_code", "tax_code", "supplier", "description", "quantity", "unit_price", "discount_percent",
    "cost_centre", "reference", "side", "supplier_number",
)  # fmt: skip


@dataclass(slots=True)
class Applied:
    """`created` by row number: kind → ids, as `UploadRow.created` keeps them."""

    shipment_ids: dict[str, int] = field(default_factory=dict)
    created: dict[int, dict[str, list[int]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    to_assess: list[int] = field(default_factory=list)
    # Those whose status is another one now, new ones too.
    moved: list[int] = field(default_factory=list)


def apply_plans(plans: Sequence[ShipmentPlan], standing: Standing, *, now: datetime, today: date) -> Applied:
    """`today`: in the tenant's time zone, for shipments without a date of their own."""
    require_transaction()
    taken = [plan for plan in plans if plan.number]
    applied = Applied()
    _make_customers(taken, standing, applied)
    _make_charge_codes(taken, standing, applied)
    _write_shipments(taken, standing, applied, now=now, today=today)
    _write_charges(taken, standing, applied)
    _write_source_rows(taken, standing, applied)
    applied.to_assess = [applied.shipment_ids[plan.number] for plan in taken if plan.changes_something]
    return applied


def _make_customers(plans: Sequence[ShipmentPlan], standing: Standing, applied: Applied) -> None:
    first = _first_rows((plan, plan.new_parties) for plan in plans)
    mentions = [standing.known.file.parties[key] for key in first]
    made = Customer.objects.bulk_create(
        Customer(code=mention.code, name=mention.name, is_supplier=mention.is_supplier) for mention in mentions
    )
    for (key, row), customer in zip(first.items(), made, strict=True):
        standing.customer_ids[key] = customer.pk
        applied.created[row]["customers"].append(customer.pk)


def _make_charge_codes(plans: Sequence[ShipmentPlan], standing: Standing, applied: Applied) -> None:
    """Without tax codes: which tax a freight company owes on a charge is never guessed."""
    first = _first_rows((plan, plan.new_codes) for plan in plans)
    mentions = [standing.known.file.codes[key] for key in first]
    made = ChargeCode.objects.bulk_create(ChargeCode(code=mention.code, name=mention.name) for mention in mentions)
    for (key, row), code in zip(first.items(), made, strict=True):
        standing.code_ids[key] = code.pk
        applied.created[row]["charge_codes"].append(code.pk)


def _first_rows(wanted: Iterable[tuple[ShipmentPlan, Sequence[str]]]) -> dict[str, int]:
    """Key → the first row of the first shipment that needs it."""
    found: dict[str, int] = {}
    for plan, keys in wanted:
        for key in keys:
            found.setdefault(key, plan.rows[0].number)
    return found


def _write_shipments(
    plans: Sequence[ShipmentPlan], standing: Standing, applied: Applied, *, now: datetime, today: date
) -> None:
    new: list[Shipment] = []
    changed: list[Shipment] = []
    moved: list[str] = []
    attributes = set(ALWAYS_WRITTEN)
    for plan in plans:
        shipment = standing.shipments.get(plan.number) or Shipment(number=plan.number, created_at=now)
        status_before = "" if plan.is_new else shipment.status
        if plan.changes_something:
            attributes |= write_fields(shipment, plan.writes, customer_ids=standing.customer_ids)
            shipment.updated_at = now
            derive_fields(shipment, created_date=today if plan.is_new else shipment.list_date)
            (new if plan.is_new else changed).append(shipment)
        if shipment.status != status_before:
            moved.append(plan.number)
    insert_rows(new)
    update_rows(changed, sorted(attributes))
    standing.shipments.update({shipment.number: shipment for shipment in new})
    applied.shipment_ids = {plan.number: standing.shipments[plan.number].pk for plan in plans}
    applied.moved = [applied.shipment_ids[number] for number in moved]
    for plan in plans:
        if plan.is_new:
            applied.created[plan.rows[0].number]["shipments"].append(applied.shipment_ids[plan.number])


def _write_charges(plans: Sequence[ShipmentPlan], standing: Standing, applied: Applied) -> None:
    new: list[tuple[int, ShipmentCharge]] = []
    changed, removed = [], []
    ids = {"code_ids": standing.code_ids, "tax_ids": standing.tax_ids, "customer_ids": standing.customer_ids}
    for plan in plans:
        there = standing.charges.get(plan.number, {})
        for key, planned in plan.charges.new.items():
            charge = ShipmentCharge(shipment_id=applied.shipment_ids[plan.number], source_key=key)
            write_charge(charge, planned.values, **ids)
            new.append((planned.row_number, charge))
        for key, planned in plan.charges.changed.items():
            write_charge(there[key], planned.values, **ids)
            changed.append(there[key])
        removed += [there[key].pk for key in plan.charges.removed]
    ShipmentCharge.objects.filter(pk__in=removed).delete()
    update_rows(changed, CHARGE_ATTRIBUTES)
    insert_rows([charge for _, charge in new])
    for row, charge in new:
        applied.created[row]["charges"].append(charge.pk)


def _write_source_rows(plans: Sequence[ShipmentPlan], standing: Standing, applied: Applied) -> None:
    known = {number: values.rows for number, values in standing.values.items()}
    kept = [
        (plan.number, row, SourceRow(
            shipment_id=applied.shipment_ids[plan.number], key=row.key, content=content_as_json(row.content)
        ))
        for plan in plans
        for row in plan.rows
        if row.content is not None
    ]  # fmt: skip
    insert_rows([source for _, _, source in kept], unique=["tenant", "shipment", "key"], replaced=["content"])
    for number, row, source in kept:
        if row.key not in known.get(number, {}):
            applied.created[row.number]["source_rows"].append(source.pk)
