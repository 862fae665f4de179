"""Plans whole files against what stands, and settles the plans without a database, as often as a test wants."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from invoices.intake.cell_reading import Value
from invoices.intake.column_match import MatchRules
from invoices.intake.known_freight import Known, StandingCharge, StandingShipment
from invoices.intake.plan_shipment import RowPlan, ShipmentPlan, plan_shipment
from invoices.intake.propose_match import propose_match
from invoices.intake.read_table import read_table
from invoices.intake.row_content import RowContent, content_as_json, content_from_json
from invoices.intake.row_groups import FileGroups, group_rows
from invoices.intake.row_parser import parse_rows

CODES = {"frt": "FRT", "thc": "THC", "ins": "INS"}


def csv_file(header: Sequence[str], *rows: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


@dataclass(slots=True)
class Store:
    """What a tenant has, as plain values."""

    shipments: dict[str, StandingShipment] = field(default_factory=dict)
    customers: dict[str, str] = field(default_factory=dict)
    charge_codes: dict[str, str] = field(default_factory=lambda: dict(CODES))
    parties: dict[str, tuple[str, str]] = field(default_factory=dict)

    def known(self, file: FileGroups) -> Known:
        rows = {key for shipment in self.shipments.values() for key in shipment.rows}
        return Known(
            file=file,
            party_names={code.lower(): name for code, name in self.customers.items()},
            party_codes={code.lower(): code for code in self.customers},
            charge_codes=self.charge_codes,
            tax_codes={"gst": "GST"},
            row_keys=frozenset(rows),
            numbers=frozenset(self.shipments),
        )

    def plan(self, content: bytes, rules: MatchRules | None = None) -> dict[str, ShipmentPlan]:
        """By shipment number; rows that are refused under their row number."""
        table = read_table(content)
        rules = rules or propose_match(table.header, table.rows).rules
        file = group_rows(parse_rows(table, rules), declared_codes=rules.declared_codes)
        plans = [
            plan_shipment(group, standing=self.shipments.get(group.number), known=self.known(file), rules=rules)
            for group in file.groups
        ]
        self.parties = {key: (mention.code, mention.name) for key, mention in file.parties.items()}
        return {plan.number or f"row {plan.rows[0].number}": plan for plan in plans}

    def upload(self, content: bytes, rules: MatchRules | None = None) -> dict[str, ShipmentPlan]:
        """Planned and settled."""
        plans = self.plan(content, rules)
        for plan in plans.values():
            if plan.number:
                self.settle(plan)
        return plans

    def settle(self, plan: ShipmentPlan) -> None:
        self.customers.update(self.parties[key] for key in plan.new_parties)
        before = self.shipments.get(plan.number) or StandingShipment(fields={})
        charges = {key: charge for key, charge in before.charges.items() if key not in plan.charges.removed}
        for key, planned in {**plan.charges.new, **plan.charges.changed}.items():
            old: Mapping[str, Value] = charges[key].values if key in charges else {}
            charges[key] = StandingCharge(values={"side": "sell", **old, **planned.values})
        rows = {**before.rows, **{row.key: stored(row) for row in plan.rows if row.content is not None}}
        self.shipments[plan.number] = StandingShipment(
            fields={**before.fields, **plan.writes}, rows=rows, charges=charges
        )

    def edit(self, number: str, **fields: Value) -> None:
        """By a person, on the shipment's page."""
        shipment = self.shipments[number]
        self.shipments[number] = replace(shipment, fields={**shipment.fields, **fields})

    def edit_charge(self, number: str, key: str, **values: Value) -> None:
        shipment = self.shipments[number]
        edited = replace(shipment.charges[key], values={**shipment.charges[key].values, **values})
        self.shipments[number] = replace(shipment, charges={**shipment.charges, key: edited})

    def take_out(self, number: str, key: str) -> None:
        shipment = self.shipments[number]
        charges = {other: charge for other, charge in shipment.charges.items() if other != key}
        self.shipments[number] = replace(shipment, charges=charges)

    def invoice(self, number: str, key: str) -> None:
        shipment = self.shipments[number]
        billed = replace(shipment.charges[key], invoice="invoice INV-00001")
        self.shipments[number] = replace(shipment, charges={**shipment.charges, key: billed})


def stored(row: RowPlan) -> RowContent:
    """Through JSON and back, as the database has it."""
    assert row.content is not None
    return content_from_json(content_as_json(row.content))


def texts(plan: ShipmentPlan) -> list[str]:
    return [remark.text for row in plan.rows for remark in row.remarks]


def outcomes(plans: Mapping[str, ShipmentPlan]) -> list[str]:
    return [row.outcome.value for plan in plans.values() for row in plan.rows]
