"""Carries out what was planned for a chunk of shipments: a fixed number of statements, in the caller's transaction."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from itertools import chain
from typing import Any

from freightbridge.insert_rows import insert_rows, insert_values
from freightbridge.new_rows import NewRows
from freightbridge.transactions import require_transaction
from freightbridge.update_rows import update_rows
from invoices.domain.billable_shipments import Unbilled
from invoices.domain.derived_fields import DERIVED, derive_fields
from invoices.intake.plan_shipment import ShipmentPlan
from invoices.intake.row_content import content_as_json
from invoices.models import ChargeCode, Customer, Shipment, ShipmentCharge, SourceRow
from invoices.workflows.load_standing import Standing
from invoices.workflows.shipment_values import write_charge, write_fields

Judge = Callable[[Sequence[Unbilled]], None]
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
    # Those that stood already and are other ones now.
    to_assess: list[int] = field(default_factory=list)
    # Those whose status is another one now, new ones too.
    moved: list[int] = field(default_factory=list)


@dataclass(slots=True)
class ShipmentChanges:
    """Not written yet. `attributes`: what changes of the changed ones; `moved`: whose status is new, by number."""

    new: list[Shipment] = field(default_factory=list)
    changed: list[Shipment] = field(default_factory=list)
    attributes: set[str] = field(default_factory=lambda: set(ALWAYS_WRITTEN))
    moved: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ChargeChanges:
    """Not written yet. `new` by the shipment's number, each with the row that brings it; `removed`: ids."""

    new: dict[str, list[tuple[int, ShipmentCharge]]] = field(default_factory=lambda: defaultdict(list))
    changed: list[ShipmentCharge] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)


def apply_plans(
    plans: Sequence[ShipmentPlan], standing: Standing, *, judge: Judge, now: datetime, today: date
) -> Applied:
    """
    `judge`: says of shipments, before they go in, whether they are ready. `today`: in the tenant's time zone, for
    shipments without a date of their own.
    """
    require_transaction()
    taken = [plan for plan in plans if plan.number]
    applied = Applied()
    _make_customers(taken, standing, applied)
    _make_charge_codes(taken, standing, applied)
    shipments = _set_shipments(taken, standing, now=now, today=today)
    charges = _set_charges(taken, standing)
    judge([Unbilled(one, [charge for _, charge in charges.new.get(one.number, ())]) for one in shipments.new])
    _write_shipments(shipments, taken, standing, applied)
    _write_charges(charges, applied)
    _write_source_rows(taken, standing, applied)
    to_assess = [plan.number for plan in taken if plan.changes_something and not plan.is_new]
    applied.to_assess = [applied.shipment_ids[number] for number in to_assess]
    return applied


def _make_customers(plans: Sequence[ShipmentPlan], standing: Standing, applied: Applied) -> None:
    first = _first_rows((plan, plan.new_parties) for plan in plans)
    mentions = [standing.known.file.parties[key] for key in first]
    made = Customer.objects.bulk_create(
        Customer(code=mention.code, name=mention.name, is_supplier=mention.is_supplier) for mention in mentions
    )
    for (key, row), customer in zip(first.items(), made, strict=True):
        standing.customers[key] = customer
        applied.created[row]["customers"].append(customer.pk)


def _make_charge_codes(plans: Sequence[ShipmentPlan], standing: Standing, applied: Applied) -> None:
    """Without tax codes: which tax a freight company owes on a charge is never guessed."""
    first = _first_rows((plan, plan.new_codes) for plan in plans)
    mentions = [standing.known.file.codes[key] for key in first]
    made = ChargeCode.objects.bulk_create(ChargeCode(code=mention.code, name=mention.name) for mention in mentions)
    for (key, row), code in zip(first.items(), made, strict=True):
        standing.codes[key] = code
        applied.created[row]["charge_codes"].append(code.pk)


def _first_rows(wanted: Iterable[tuple[ShipmentPlan, Sequence[str]]]) -> dict[str, int]:
    """Key → the first row of the first shipment that needs it."""
    found: dict[str, int] = {}
    for plan, keys in wanted:
        for key in keys:
            found.setdefault(key, plan.rows[0].number)
    return found


def _set_shipments(plans: Sequence[ShipmentPlan], standing: Standing, *, now: datetime, today: date) -> ShipmentChanges:
    found, new = ShipmentChanges(), NewRows(Shipment, created_at=now)
    for plan in plans:
        shipment = standing.shipments.get(plan.number) or new()
        shipment.number = plan.number
        status_before = "" if plan.is_new else shipment.status
        if plan.changes_something:
            found.attributes |= write_fields(shipment, plan.writes, customers=standing.customers)
            shipment.updated_at = now
            derive_fields(shipment, created_date=today if plan.is_new else shipment.list_date)
            (found.new if plan.is_new else found.changed).append(shipment)
        if shipment.status != status_before:
            found.moved.append(plan.number)
    return found


def _set_charges(plans: Sequence[ShipmentPlan], standing: Standing) -> ChargeChanges:
    found, new = ChargeChanges(), NewRows(ShipmentCharge)
    write = partial(write_charge, codes=standing.codes, taxes=standing.taxes, customers=standing.customers)
    for plan in plans:
        there = standing.charges.get(plan.number, {})
        for key, planned in plan.charges.new.items():
            charge = new()
            charge.source_key = key
            write(charge, planned.values)
            found.new[plan.number].append((planned.row_number, charge))
        for key, planned in plan.charges.changed.items():
            write(there[key], planned.values)
            found.changed.append(there[key])
        found.removed += [there[key].pk for key in plan.charges.removed]
    return found


def _write_shipments(
    shipments: ShipmentChanges, plans: Sequence[ShipmentPlan], standing: Standing, applied: Applied
) -> None:
    insert_rows(shipments.new)
    update_rows(shipments.changed, sorted(shipments.attributes))
    standing.shipments.update({shipment.number: shipment for shipment in shipments.new})
    applied.shipment_ids = {plan.number: standing.shipments[plan.number].pk for plan in plans}
    applied.moved = [applied.shipment_ids[number] for number in shipments.moved]
    for plan in plans:
        if plan.is_new:
            applied.created[plan.rows[0].number]["shipments"].append(applied.shipment_ids[plan.number])


def _write_charges(charges: ChargeChanges, applied: Applied) -> None:
    for number, members in charges.new.items():
        for _, charge in members:
            charge.shipment_id = applied.shipment_ids[number]
    new = list(chain.from_iterable(charges.new.values()))
    ShipmentCharge.objects.filter(pk__in=charges.removed).delete()
    update_rows(charges.changed, CHARGE_ATTRIBUTES)
    insert_rows([charge for _, charge in new])
    for row, charge in new:
        applied.created[row]["charges"].append(charge.pk)


def _write_source_rows(plans: Sequence[ShipmentPlan], standing: Standing, applied: Applied) -> None:
    known = {number: values.rows for number, values in standing.values.items()}
    kept = [(plan.number, row, row.content) for plan in plans for row in plan.rows if row.content is not None]
    columns: dict[str, list[Any]] = {
        "key": [row.key for _, row, _ in kept],
        "shipment_id": [applied.shipment_ids[number] for number, _, _ in kept],
        "content": [content_as_json(content) for _, _, content in kept],
    }
    ids = insert_values(SourceRow, columns, unique=["tenant", "shipment", "key"], replaced=["content"])
    for (number, row, _), source_id in zip(kept, ids, strict=True):
        if row.key not in known.get(number, {}):
            applied.created[row.number]["source_rows"].append(source_id)
