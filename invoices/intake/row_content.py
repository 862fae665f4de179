"""What a row of a file said last time, as it is kept beside its shipment; so that the next time only news counts."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from invoices.intake.cell_reading import Value
from invoices.intake.freight_fields import CHARGE_FIELDS, SHIPMENT_FIELDS, Field, Kind


class RowContent(NamedTuple):
    """`charges` by their keys; all by the names of our fields."""

    fields: Mapping[str, Value] = MappingProxyType({})
    charges: Mapping[str, Mapping[str, Value]] = MappingProxyType({})


def content_as_json(content: RowContent) -> dict[str, Any]:
    return {
        "fields": _all_as_json(content.fields),
        "charges": {key: _all_as_json(charge) for key, charge in content.charges.items()},
    }


def content_from_json(stored: Mapping[str, Any]) -> RowContent:
    """Fields that are no longer known, from an older version, are passed over."""
    return RowContent(
        fields=_values(stored["fields"], SHIPMENT_FIELDS),
        charges={key: _values(charge, CHARGE_FIELDS) for key, charge in stored["charges"].items()},
    )


def _values(stored: Mapping[str, Any], known: Mapping[str, Field]) -> dict[str, Value]:
    return {name: _from_json(known[name].kind, value) for name, value in stored.items() if name in known}


def _all_as_json(values: Mapping[str, Value]) -> dict[str, Any]:
    return {name: value if isinstance(value, str) else _as_json(value) for name, value in values.items()}


def _as_json(value: Value) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def _from_json(kind: Kind, stored: Any) -> Value:
    if kind is Kind.NUMBER:
        return Decimal(stored)
    if kind is Kind.DATE:
        return date.fromisoformat(stored)
    return tuple(stored) if kind is Kind.REFERENCES else str(stored)
