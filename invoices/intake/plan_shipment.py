"""
Decides what the rows of one shipment change: in the dry run to tell it, in the import to do it. Pure.

Only news counts. A row that says what it said last time changes nothing, so nobody's edits are undone by
uploading a file again; what a file leaves empty is left as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from invoices.intake.cell_reading import Value
from invoices.intake.column_match import MatchRules
from invoices.intake.known_freight import Known, StandingShipment
from invoices.intake.parsed_rows import PointedAmount, Remark
from invoices.intake.plan_charges import ChargePlan, plan_charges
from invoices.intake.plan_header import HeaderPlan, plan_header
from invoices.intake.resolve_codes import Resolver
from invoices.intake.row_content import RowContent
from invoices.intake.row_groups import KeyedRow, RowGroup


class Outcome(StrEnum):
    """Of a row; `RowOutcome` has the same words."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


class RowPlan(NamedTuple):
    """`content` None: what is kept of the row stays as it is."""

    number: int
    key: str
    outcome: Outcome
    remarks: tuple[Remark, ...]
    content: RowContent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentPlan:
    """
    `writes`: fields of the shipment with their new values. `new_parties`, `new_codes`: folded codes that must be
    made first, as the file's mentions have them. Without a number, its one row is refused.
    """

    number: str
    is_new: bool
    rows: tuple[RowPlan, ...]
    writes: Mapping[str, Value] = field(default_factory=dict)
    charges: ChargePlan = field(default_factory=ChargePlan)
    new_parties: tuple[str, ...] = ()
    new_codes: tuple[str, ...] = ()

    @property
    def changes_something(self) -> bool:
        return bool(self.is_new or self.writes or self.charges.changes_something)


def plan_shipment(
    group: RowGroup, *, standing: StandingShipment | None, known: Known, rules: MatchRules
) -> ShipmentPlan:
    if not group.number:
        return ShipmentPlan(number="", is_new=False, rows=(_refused(group.rows[0]),))
    before = standing or StandingShipment(fields={})
    resolver = Resolver(known=known)
    header = plan_header(group, before, resolver, rules)
    charges = plan_charges(group, before, resolver, currency=header.currency)
    remarks = {row.row.number: _remarks(row, header, charges, resolver, known) for row in group.rows}
    return ShipmentPlan(
        number=group.number,
        is_new=standing is None,
        rows=tuple(_row_plan(row, before, header, charges, remarks[row.row.number]) for row in group.rows),
        writes=header.writes,
        charges=charges,
        new_parties=tuple(resolver.new_parties),
        new_codes=tuple(resolver.new_codes),
    )


def _refused(keyed: KeyedRow) -> RowPlan:
    refusal = keyed.row.refusal
    remarks = (*((refusal,) if refusal else ()), *keyed.row.remarks)
    return RowPlan(number=keyed.row.number, key="", outcome=Outcome.REFUSED, remarks=remarks)


def _row_plan(
    keyed: KeyedRow, before: StandingShipment, header: HeaderPlan, charges: ChargePlan, remarks: tuple[Remark, ...]
) -> RowPlan:
    number, stored = keyed.row.number, before.rows.get(keyed.key)
    content = RowContent(fields=keyed.row.fields, charges=charges.contents.get(number, {}))
    if stored is None:
        outcome = Outcome.NEW
    elif number in charges.changed_rows or number in header.changed_rows:
        outcome = Outcome.CHANGED
    else:
        outcome = Outcome.SAME
    kept = content if content != stored else None
    return RowPlan(number=number, key=keyed.key, outcome=outcome, remarks=remarks, content=kept)


def _remarks(
    keyed: KeyedRow, header: HeaderPlan, charges: ChargePlan, resolver: Resolver, known: Known
) -> tuple[Remark, ...]:
    number = keyed.row.number
    return (
        *keyed.row.remarks,
        *(_pointed(amount, known) for amount in keyed.row.pointed),
        *header.remarks.get(number, ()),
        *charges.remarks.get(number, ()),
        *resolver.remarks.get(number, ()),
    )


def _pointed(amount: PointedAmount, known: Known) -> Remark:
    pointer, noun = amount.pointer, "charge" if amount.is_charge else "value"
    there = known.file.row_keys.get(pointer.row_key)
    is_in_file = there is not None or (not pointer.row_key and pointer.shipment_number in known.file.numbers)
    if is_in_file:
        where = f"row {there} of this file" if there else f"the rows of {pointer.shipment_number}"
        text = f"Stands on {where}: no {noun} here."
    elif known.has(pointer):
        text = f"Stands on a row of {pointer.shipment_number} that was uploaded before: no {noun} here."
    else:
        text = f"Stands on a row of {pointer.shipment_number} that is neither in this file nor uploaded before."
        if amount.is_charge:
            text = f"{text} Upload that row too, or it is never charged."
    is_missing = amount.is_charge and not is_in_file and not known.has(pointer)
    return Remark(column=amount.column, value=amount.value, text=text, is_warning=is_missing)
