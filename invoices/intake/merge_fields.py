"""What the rows of one shipment say together: the first wins, amounts add up, lists grow. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from invoices.intake.cell_reading import Value
from invoices.intake.column_match import Combine, MatchRules
from invoices.intake.freight_fields import SHIPMENT_FIELDS, Kind
from invoices.intake.parsed_rows import ParsedRow, Remark
from invoices.intake.source_table import cell_text

Fields = Mapping[str, Value]
# They tell rows apart, and say nothing about the shipment.
OF_THE_ROW = {"number", "row_key"}
# Names go with their codes, row by row.
UNCOMPARED = {"customer_name", "consignee_name", "buyer_name"}


def combine_of(name: str, rules: MatchRules) -> Combine:
    if SHIPMENT_FIELDS[name].kind is Kind.REFERENCES:
        return Combine.LIST
    return rules.fields[name].combine if name in rules.fields else Combine.FIRST


def merge_fields(rows: Iterable[Fields], rules: MatchRules) -> dict[str, Value]:
    """What one row says is taken as it stands."""
    first, *others = rows
    merged = {name: value for name, value in first.items() if name not in OF_THE_ROW}
    if not others:
        return merged
    for row in others:
        for name, value in row.items():
            if name not in OF_THE_ROW:
                before = merged.get(name)
                merged[name] = value if before is None else _combined(combine_of(name, rules), before, value)
    return {name: _fitted(name, value) for name, value in merged.items()}


def contradictions(rows: Sequence[ParsedRow], rules: MatchRules) -> dict[int, list[Remark]]:
    """Row number → where it says something else than the first row of its shipment that says anything."""
    if len(rows) == 1:
        return {}
    first: dict[str, tuple[Value, int]] = {}
    found: dict[int, list[Remark]] = {}
    for row in rows:
        for name, value in row.fields.items():
            if name in OF_THE_ROW | UNCOMPARED or combine_of(name, rules) is not Combine.FIRST:
                continue
            said, number = first.setdefault(name, (value, row.number))
            if said != value:
                found.setdefault(row.number, []).append(_contradiction(name, value, said, number, rules))
    return found


def _contradiction(name: str, value: Value, said: Value, number: int, rules: MatchRules) -> Remark:
    text = f"Row {number} of the same shipment says {shown(said)}, which counts."
    return Remark(column=rules.column_of(name), value=shown(value), text=text, is_warning=True)


def shown(value: Value) -> str:
    return ", ".join(value) if isinstance(value, tuple) else cell_text(value)


def _combined(combine: Combine, before: Value, value: Value) -> Value:
    if combine is Combine.SUM and isinstance(before, Decimal) and isinstance(value, Decimal):
        return before + value
    if combine is Combine.LIST:
        return tuple(dict.fromkeys((*_listed(before), *_listed(value))))
    return before


def _listed(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (shown(value),)


def _fitted(name: str, value: Value) -> Value:
    """Texts that became a list are one text again, as long as there is room for."""
    field = SHIPMENT_FIELDS[name]
    if isinstance(value, tuple) and field.kind is not Kind.REFERENCES:
        text = "; ".join(value)
        return text if len(text) <= field.longest else f"{text[: field.longest - 1]}…"
    return value
