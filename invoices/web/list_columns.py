"""The columns of the shipment list that a member may choose; number and state are always there."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ListColumn:
    """`is_usual`: shown to whoever never chose."""

    name: str
    label: str
    is_usual: bool = True


COLUMNS = (
    ListColumn(name="customer", label="Customer"),
    ListColumn(name="route", label="Route"),
    ListColumn(name="etd", label="ETD"),
    ListColumn(name="reference", label="Reference"),
    ListColumn(name="bills", label="B/L, AWB", is_usual=False),
    ListColumn(name="containers", label="Containers", is_usual=False),
    ListColumn(name="branch", label="Branch", is_usual=False),
    ListColumn(name="status", label="Status in the TMS", is_usual=False),
    ListColumn(name="amount", label="Amount"),
    ListColumn(name="invoice", label="Invoice"),
    ListColumn(name="exported", label="Exported"),
    ListColumn(name="money", label="Money"),
)


def shown_columns(chosen: Collection[str] | None) -> dict[str, bool]:
    """By name; `chosen` None: the usual ones. A name that is gone is nobody's column any more."""
    return {column.name: column.is_usual if chosen is None else column.name in chosen for column in COLUMNS}
