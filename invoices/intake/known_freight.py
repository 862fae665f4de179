"""What is known already where the rows of a file come in. Plain values; the database is read elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from invoices.intake.cell_reading import Pointer, Value
from invoices.intake.row_content import RowContent
from invoices.intake.row_groups import FileGroups


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingCharge:
    """`values` by the names of `CHARGE_FIELDS`, empty ones left out. `invoice`: the one that bills it, in words."""

    values: Mapping[str, Value]
    invoice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingShipment:
    """`rows` in the order in which they came: what each said last time. `charges`: those that came from rows."""

    fields: Mapping[str, Value]
    rows: Mapping[str, RowContent] = field(default_factory=dict)
    charges: Mapping[str, StandingCharge] = field(default_factory=dict)
    has_other_charges: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """
    `file`: the whole file, of which some shipments are looked at. `party_names`, `charge_codes`, `tax_codes` of the
    tenant by folded code: the name, the code as it is written. `numbers`, `row_keys`: those of the shipments and
    rows that the file points at and the tenant has.
    """

    file: FileGroups
    party_names: Mapping[str, str] = field(default_factory=dict)
    party_codes: Mapping[str, str] = field(default_factory=dict)
    charge_codes: Mapping[str, str] = field(default_factory=dict)
    tax_codes: Mapping[str, str] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()
    row_keys: frozenset[str] = frozenset()

    def has(self, pointer: Pointer) -> bool:
        return pointer.row_key in self.row_keys if pointer.row_key else pointer.shipment_number in self.numbers
