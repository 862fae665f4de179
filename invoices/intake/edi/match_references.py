"""Finds the one shipment that the references of a message name, or says why there is none. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from invoices.intake.cell_reading import Value
from invoices.intake.edi.freight_message import Reference, ReferenceKind

NOT_IN_NUMBERS = re.compile(r"[\W_]+")
BL_PREFIX = re.compile(r"[a-z]{4}(?=\d{5})")
NUMBER = "number"
# Shorter ones occur everywhere, and only a shipment's own number may be as short.
SHORTEST = 4
# Where each kind of reference may stand on a shipment.
PLACES: Mapping[ReferenceKind, tuple[str, ...]] = {
    ReferenceKind.SHIPMENT: (NUMBER, "exporter", "other", "customer"),
    ReferenceKind.BOOKING: (NUMBER, "booking", "other", "bl"),
    ReferenceKind.BL: (NUMBER, "bl", "other"),
    ReferenceKind.AWB: (NUMBER, "awb", "bl", "other"),
    ReferenceKind.PRO: (NUMBER, "pro", "bl", "awb", "other"),
    ReferenceKind.CONTAINER: ("container",),
    ReferenceKind.ORDER: ("po", "customer", "exporter"),
    ReferenceKind.OTHER: ("other", "customer", "exporter"),
}
SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentNames:
    """What a shipment may be found by: `names` by where it stands, its number among them."""

    number: str
    currency: str
    names: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """`problem`: why there is no shipment. `remark`: what should be looked at although there is one."""

    shipment: ShipmentNames | None = None
    by: str = ""
    problem: str = ""
    remark: str = ""


@dataclass(slots=True)
class ReferenceIndex:
    """Shipments by what names them."""

    by_name: dict[tuple[str, str], list[ShipmentNames]] = field(default_factory=dict)

    @classmethod
    def of(cls, shipments: Iterable[ShipmentNames]) -> "ReferenceIndex":
        index = cls()
        for shipment in shipments:
            for place, names in shipment.names.items():
                for name in dict.fromkeys(compact(one) for one in names):
                    index.by_name.setdefault((place, name), []).append(shipment)
        return index

    def named_by(self, reference: Reference) -> list[ShipmentNames]:
        """Each once."""
        found = {
            shipment.number: shipment
            for place in PLACES[reference.kind]
            for spelling in spellings(reference)
            if place == NUMBER or len(spelling) >= SHORTEST
            for shipment in self.by_name.get((place, spelling), [])
        }
        return list(found.values())


def declared_shipment(fields: Mapping[str, Value]) -> ShipmentNames:
    """One that a message of the file describes; bills of the same file may name it."""
    number = str(fields["number"])
    names = {place: value for place, value in fields.items() if isinstance(value, tuple)} | {NUMBER: (number,)}
    return ShipmentNames(number=number, currency=str(fields.get("currency", "")), names=names)


def compact(text: str) -> str:
    """As it is compared: without spaces, hyphens and case."""
    return NOT_IN_NUMBERS.sub("", text).casefold()


def spellings(reference: Reference) -> list[str]:
    """As it is compared. A bill of lading may stand with the carrier's four letters before it, or without them."""
    value = compact(reference.value)
    found = [value, BL_PREFIX.sub("", value, count=1)] if reference.kind is ReferenceKind.BL else [value]
    return list(dict.fromkeys(found))


def find_shipment(references: Sequence[Reference], index: ReferenceIndex) -> Match:
    """The surest kind of reference that names any shipment decides; a less sure one that disagrees is told."""
    if not references:
        return Match(problem="It names no shipment: neither a number nor a B/L, AWB, container or PRO number.")
    found: ShipmentNames | None = None
    by = ""
    for kind in ReferenceKind:
        of_kind = [one for one in references if one.kind is kind]
        named = {shipment.number: shipment for one in of_kind for shipment in index.named_by(one)}
        if found is None and len(named) > 1:
            return Match(problem=_several(of_kind, list(named)))
        if found is None and named:
            found, by = next(iter(named.values())), ", ".join(str(one) for one in of_kind)
        elif found is not None and named and found.number not in named:
            return Match(shipment=found, by=by, remark=_disagreement(of_kind, list(named), found))
    if found is None:
        return Match(problem=_nobody(references))
    return Match(shipment=found, by=by)


def _nobody(references: Sequence[Reference]) -> str:
    named = _listed([str(one) for one in references])
    return f"No shipment is known by {named}. Add the reference to its shipment, then check the file again."


def _several(references: Sequence[Reference], numbers: Sequence[str]) -> str:
    named, shipments = _listed([str(one) for one in references]), _listed(sorted(numbers))
    return f"{named[:1].upper()}{named[1:]} names several shipments, {shipments}, and not what each of them costs."


def _disagreement(references: Sequence[Reference], numbers: Sequence[str], found: ShipmentNames) -> str:
    named = _listed([str(one) for one in references])
    return f"But {named} stands on {_listed(sorted(numbers))}, not on {found.number}. Is it the right shipment?"


def _listed(texts: Sequence[str]) -> str:
    more = f" and {len(texts) - SHOWN} more" if len(texts) > SHOWN else ""
    return ", ".join(texts[:SHOWN]) + more
