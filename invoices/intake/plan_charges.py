"""What the rows of a shipment change about its charges. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from invoices.intake.cell_reading import Value
from invoices.intake.known_freight import StandingCharge, StandingShipment
from invoices.intake.merge_fields import shown
from invoices.intake.parsed_rows import ParsedCharge, Remark
from invoices.intake.resolve_codes import Resolver
from invoices.intake.row_groups import KeyedRow, RowGroup

Values = Mapping[str, Value]
# How each is resolved.
CODES = {"charge_code": Resolver.charge_code, "tax_code": Resolver.tax_code, "supplier_code": Resolver.party}
# Not kept on the charge itself.
NOT_STORED = {"currency", "supplier_name"}


class PlannedCharge(NamedTuple):
    """Codes in `values` are such as stand or will stand; those that nobody knows are not in it."""

    row_number: int
    values: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargePlan:
    """All by the charges' keys; `contents` by row number: what the rows say of charges, to be kept."""

    new: Mapping[str, PlannedCharge] = field(default_factory=dict)
    changed: Mapping[str, PlannedCharge] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    remarks: Mapping[int, list[Remark]] = field(default_factory=dict)
    contents: Mapping[int, Mapping[str, Values]] = field(default_factory=dict)
    changed_rows: frozenset[int] = frozenset()

    @property
    def changes_something(self) -> bool:
        return bool(self.new or self.changed or self.removed)


def plan_charges(group: RowGroup, before: StandingShipment, resolver: Resolver, *, currency: str) -> ChargePlan:
    """`currency`: of the shipment. Unknown codes are told to the resolver."""
    planner = ChargePlanner(before, resolver, currency)
    for keyed in group.rows:
        planner.plan_row(keyed)
    planner.plan_vanished(group)
    return ChargePlan(
        new=planner.new,
        changed=planner.changed,
        removed=tuple(planner.removed),
        remarks=planner.remarks,
        contents=planner.contents,
        changed_rows=frozenset(planner.changed_rows),
    )


@dataclass(slots=True)
class ChargePlanner:
    """Gathers the plan, one row after the other."""

    before: StandingShipment
    resolver: Resolver
    currency: str
    new: dict[str, PlannedCharge] = field(default_factory=dict)
    changed: dict[str, PlannedCharge] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    remarks: dict[int, list[Remark]] = field(default_factory=dict)
    contents: dict[int, dict[str, Values]] = field(default_factory=dict)
    changed_rows: set[int] = field(default_factory=set)

    # Charges by key as the rows had them last time: of all rows, since a charge may stand on another one now.
    said: dict[str, Values] = field(init=False)

    def __post_init__(self) -> None:
        rows = self.before.rows.values()
        self.said = {key: charge for content in rows for key, charge in content.charges.items()}

    def plan_row(self, keyed: KeyedRow) -> None:
        number = keyed.row.number
        self.contents[number] = {}
        own = str(keyed.row.fields.get("currency", self.currency))
        for key, charge in keyed.charges.items():
            if own != self.currency:
                text = f"The row is in {own}, the shipment in {self.currency}: the charge was not taken."
                self.tell(number, refused_charge(charge, text))
            else:
                self.plan_charge(key, charge, number)

    def plan_charge(self, key: str, charge: ParsedCharge, number: int) -> None:
        planned = PlannedCharge(row_number=number, values=self.resolved(charge, number))
        standing, said = self.before.charges.get(key), self.said.get(key)
        self.contents[number][key] = charge.values
        if standing is None:
            # One that came before and is gone was taken out by a person.
            if said != charge.values:
                self.new[key] = planned
                self.changed_rows.add(number)
        elif self.is_news(planned, standing, is_said=said == charge.values):
            self.change(key, planned, charge, standing)

    def is_news(self, planned: PlannedCharge, standing: StandingCharge, *, is_said: bool) -> bool:
        """A code that was unknown last time and is known now is news too, whatever the row says."""
        names = [name for name in CODES if name not in standing.values] if is_said else list(planned.values)
        return any(planned.values.get(name) != standing.values.get(name) for name in names if name in planned.values)

    def change(self, key: str, planned: PlannedCharge, charge: ParsedCharge, standing: StandingCharge) -> None:
        self.changed[key] = planned
        self.changed_rows.add(planned.row_number)
        if standing.invoice:
            text = f"The charge is on {standing.invoice}; what was sent changes only once somebody sends the change."
            column, value = charge.columns["unit_price"], price_of(charge.values)
            self.tell(planned.row_number, Remark(column=column, value=value, text=text, is_warning=True))

    def plan_vanished(self, group: RowGroup) -> None:
        """A row that had a charge last time and has none now."""
        there = {key for keyed in group.rows for key in keyed.charges}
        for keyed in group.rows:
            stored = self.before.rows.get(keyed.key)
            for key, values in (stored.charges if stored else {}).items():
                if key not in there and key in self.before.charges:
                    self.take_back(key, values, keyed)

    def take_back(self, key: str, values: Values, keyed: KeyedRow) -> None:
        """A row without a key of its own may be another one by now, so nothing is taken off on its word."""
        number, standing = keyed.row.number, self.before.charges[key]
        name = f"{shown(values.get('charge_code', 'a charge'))} {price_of(standing.values)}"
        if standing.invoice or "row_key" not in keyed.row.fields:
            self.contents[number][key] = values
            reason = f"is on {standing.invoice}" if standing.invoice else "came with an earlier upload"
            text = f"The shipment also has {name}, which {reason} and is not in this file. It stays."
        else:
            self.removed.append(key)
            self.changed_rows.add(number)
            text = f"The row no longer has {name}: the charge was taken off."
        self.tell(number, Remark(column="", value="", text=text, is_warning=True))

    def resolved(self, charge: ParsedCharge, number: int) -> dict[str, Value]:
        values = {name: value for name, value in charge.values.items() if name not in NOT_STORED}
        for name, resolve in CODES.items():
            if name in values:
                found = resolve(self.resolver, str(values.pop(name)), row=number, column=charge.columns[name])
                if found is not None:
                    values[name] = found
        return values

    def tell(self, row: int, remark: Remark) -> None:
        self.remarks.setdefault(row, []).append(remark)


def price_of(values: Values) -> str:
    return shown(values.get("unit_price", ""))


def refused_charge(charge: ParsedCharge, text: str) -> Remark:
    return Remark(column=charge.columns["unit_price"], value=price_of(charge.values), text=text, is_error=True)
