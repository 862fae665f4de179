"""
How the columns of a file become our fields, as typed values; and the same as JSON, which is what is remembered.

    {"fields": {<field>: {"columns": [name, …], "default": text, "values": {their word: ours}, "combine": how}},
     "charges": [{<charge field>: {…}}, …],
     "date_order": "day" | "month" | "", "decimal_mark": "point" | "comma"}

A field takes the cells of its columns, with a comma between where they are several, and `default` where they are
empty; without columns, `default` is what every row says. `values` translates; to "" means that it stands for
nothing. Each entry of `charges` makes a charge of every row that has its `unit_price`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from invoices.intake.freight_fields import CHARGE_FIELDS, SHIPMENT_FIELDS, Field, Kind
from invoices.intake.header_row import folded

MOST_CHARGES = 60


class Combine(StrEnum):
    """What the rows of one shipment say together."""

    FIRST = "first"
    SUM = "sum"
    LIST = "list"


COMBINED_KIND = {Combine.SUM: Kind.NUMBER, Combine.LIST: Kind.TEXT}


class DateOrder(StrEnum):
    """How 3/4/2026 is meant; asked only where it could be either."""

    UNKNOWN = ""
    DAY_FIRST = "day"
    MONTH_FIRST = "month"


class DecimalMark(StrEnum):
    POINT = "point"
    COMMA = "comma"


class ColumnMatchError(Exception):
    """The match cannot be used. The message says what to change in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    columns: tuple[str, ...] = ()
    default: str = ""
    # Folded words of the file → what they mean.
    values: Mapping[str, str] = field(default_factory=dict)
    combine: Combine = Combine.FIRST


ChargeRule = Mapping[str, FieldRule]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRules:
    fields: Mapping[str, FieldRule]
    charges: tuple[ChargeRule, ...] = ()
    date_order: DateOrder = DateOrder.UNKNOWN
    decimal_mark: DecimalMark = DecimalMark.POINT

    @property
    def columns(self) -> list[str]:
        """Every column that is used, once."""
        return list(dict.fromkeys(column for rule in self.all_rules for column in rule.columns))

    def column_of(self, field: str) -> str:
        """As a person is told of it: the columns in the file, or ours where the match says what every row says."""
        rule = self.fields.get(field, FieldRule())
        return column_label(SHIPMENT_FIELDS[field], rule)

    @property
    def all_rules(self) -> list[FieldRule]:
        return [*self.fields.values(), *(rule for charge in self.charges for rule in charge.values())]

    @property
    def declared_codes(self) -> dict[str, str]:
        """Charge codes that the match itself names, each with its description."""
        named = [charge for charge in self.charges if not charge["charge_code"].columns]
        return {charge["charge_code"].default: _description(charge) for charge in named}


def column_label(field: Field, rule: FieldRule) -> str:
    return " + ".join(rule.columns) or field.title


def charge_column(column: str, *, code: str, description: str, currency: str = "", side: str = "sell") -> ChargeRule:
    """A column whose amounts are charges of one kind."""
    return {
        "charge_code": FieldRule(default=code),
        "description": FieldRule(default=description),
        "unit_price": FieldRule(columns=(column,)),
        "currency": FieldRule(default=currency),
        "side": FieldRule(default=side),
    }


def read_rules(value: Any) -> MatchRules:
    """From JSON. Raises ColumnMatchError: such JSON comes from forms and from older versions."""
    known = {"fields", "charges", "date_order", "decimal_mark"}
    if not isinstance(value, dict) or value.keys() - known or not isinstance(value.get("charges", []), list):
        raise ColumnMatchError("The column match is not in the form that is expected. Match the columns again.")
    if len(value.get("charges", [])) > MOST_CHARGES:
        raise ColumnMatchError(f"More than {MOST_CHARGES} charges in a row cannot be matched. Take some out.")
    return MatchRules(
        fields=_field_rules(value.get("fields", {}), SHIPMENT_FIELDS),
        charges=tuple(_charge_rule(charge) for charge in value.get("charges", [])),
        date_order=_choice(DateOrder, value.get("date_order", "")),
        decimal_mark=_choice(DecimalMark, value.get("decimal_mark", DecimalMark.POINT)),
    )


def write_rules(rules: MatchRules) -> dict[str, Any]:
    """As JSON; what has its usual value is left out."""
    return {
        "fields": {name: _rule_json(rule) for name, rule in rules.fields.items()},
        "charges": [{name: _rule_json(rule) for name, rule in charge.items()} for charge in rules.charges],
        "date_order": rules.date_order.value,
        "decimal_mark": rules.decimal_mark.value,
    }


def check_rules(rules: MatchRules, *, header: Sequence[str]) -> list[str]:
    """Everything that hinders reading a file with this header, in sentences. Empty: it can be read."""
    there = {folded(name) for name in header}
    problems = [f"The file has no column “{column}”." for column in rules.columns if folded(column) not in there]
    if not rules.fields.get("number", FieldRule()).columns:
        problems.append("No column is matched to the shipment number, by which rows become shipments.")
    return problems


def _field_rules(value: Any, known: Mapping[str, Field]) -> dict[str, FieldRule]:
    if not isinstance(value, dict) or value.keys() - known.keys():
        raise ColumnMatchError("The column match names fields that are not known. Match the columns again.")
    rules = {name: _field_rule(rule) for name, rule in value.items()}
    for name, rule in rules.items():
        if known[name].kind is not COMBINED_KIND.get(rule.combine, known[name].kind):
            raise ColumnMatchError(f"{known[name].title} cannot be put together as “{rule.combine}” over several rows.")
    return rules


def _charge_rule(value: Any) -> dict[str, FieldRule]:
    rules = _field_rules(value, CHARGE_FIELDS)
    if not {"charge_code", "unit_price"} <= rules.keys() or not rules["unit_price"].columns:
        raise ColumnMatchError("A charge needs a charge code and a column with its price.")
    code = rules["charge_code"]
    if not code.columns and not 0 < len(code.default) <= CHARGE_FIELDS["charge_code"].longest:
        raise ColumnMatchError("A charge needs a charge code: a column that has it, or one of up to 30 letters.")
    return rules


def _field_rule(value: Any) -> FieldRule:
    if not isinstance(value, dict) or value.keys() - {"columns", "default", "values", "combine"}:
        raise ColumnMatchError("The column match is not in the form that is expected. Match the columns again.")
    values = value.get("values", {})
    columns, default = value.get("columns", []), value.get("default", "")
    if not isinstance(values, dict) or not _are_texts(columns) or not _are_texts([default, *values, *values.values()]):
        raise ColumnMatchError("A column or a value of the column match is not a text. Match the columns again.")
    return FieldRule(
        columns=tuple(columns),
        default=default,
        values={folded(theirs): ours for theirs, ours in values.items()},
        combine=_choice(Combine, value.get("combine", Combine.FIRST)),
    )


def _are_texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _choice(kind: type[Any], value: Any) -> Any:
    try:
        return kind(value)
    except ValueError as error:
        raise ColumnMatchError(f"“{value}” is not possible here. Choose one of the offered values.") from error


def _rule_json(rule: FieldRule) -> dict[str, Any]:
    whole = {
        "columns": list(rule.columns),
        "default": rule.default,
        "values": dict(rule.values),
        "combine": rule.combine.value,
    }
    return {name: value for name, value in whole.items() if value and value != Combine.FIRST}


def _description(charge: ChargeRule) -> str:
    return charge.get("description", FieldRule()).default or charge["charge_code"].default
