"""The page on which columns are matched: from rules to what its form shows, and from the form back to rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from invoices.intake.freight_fields import CHARGE_FIELDS, SHIPMENT_FIELDS, Field, Kind
from invoices.intake.upload_template import REQUIRED
from invoices.models import Upload

# Kinds that may stand in several columns.
SEVERAL = {Kind.TEXT, Kind.REFERENCES}
SHOWN_SAMPLES = 3
SPARE_AMOUNTS = 2
Rules = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """`chosen`: a column for each select of the form, the last one empty where one more may follow."""

    field: Field
    name: str
    chosen: list[str]
    default: str
    is_required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountRow:
    """A column of amounts that are charges of one kind."""

    column: str = ""
    code: str = ""
    description: str = ""
    currency: str = ""
    side: str = "sell"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileColumn:
    """`label` for the selects: with the first thing that stands in it. `sure`: of the proposal, in per cent."""

    name: str
    label: str
    samples: list[str]
    used_for: list[str]
    sure: int | None


def file_columns(upload: Upload, rules: Rules) -> list[FileColumn]:
    used = _uses(rules)
    found = []
    for position, name in enumerate(upload.header):
        values = [row[position] for row in upload.sample if position < len(row) and row[position]]
        sure = upload.confidence.get(name)
        found.append(
            FileColumn(
                name=name,
                label=f"{name} (such as {values[0][:30]})" if values else f"{name} (empty)",
                samples=[value[:60] for value in dict.fromkeys(values)][:SHOWN_SAMPLES],
                used_for=used.get(name, []),
                sure=round(sure * 100) if sure is not None else None,
            )
        )
    return found


def shipment_rows_of(rules: Rules) -> list[FieldRow]:
    return [
        _row(field, f"field-{name}", rules.get("fields", {}).get(name, {})) for name, field in SHIPMENT_FIELDS.items()
    ]


def charge_rows_of(rules: Rules) -> list[FieldRow]:
    """For files in which each row is a charge."""
    rule: Rules = next((one for one in rules.get("charges", []) if _is_in_rows(one)), {})
    return [_row(field, f"charge-{name}", rule.get(name, {})) for name, field in CHARGE_FIELDS.items()]


def amount_rows_of(rules: Rules) -> list[AmountRow]:
    """For files with a column for each charge; a few empty ones follow."""
    amounts = [
        AmountRow(
            column=one["unit_price"]["columns"][0],
            **{
                ours: one.get(theirs, {}).get("default", "")
                for ours, theirs in {
                    "code": "charge_code",
                    "description": "description",
                    "currency": "currency",
                }.items()
            },
            side=one.get("side", {}).get("default", "sell"),
        )
        for one in rules.get("charges", [])
        if not _is_in_rows(one)
    ]
    return [*amounts, *(AmountRow() for _ in range(SPARE_AMOUNTS))]


def rules_from(data: QueryDict, *, before: Rules) -> dict[str, Any]:
    """As JSON. Words that were translated before stay translated: the form does not show them."""
    fields = {name: _rule(data, f"field-{name}", before.get("fields", {}).get(name, {})) for name in SHIPMENT_FIELDS}
    old: Rules = next((one for one in before.get("charges", []) if _is_in_rows(one)), {})
    in_rows = {name: _rule(data, f"charge-{name}", old.get(name, {})) for name in CHARGE_FIELDS}
    in_rows = {name: rule for name, rule in in_rows.items() if rule}
    charges = [in_rows] if in_rows.get("unit_price") else []
    return {
        "fields": {name: rule for name, rule in fields.items() if rule},
        "charges": [*charges, *_amounts(data)],
        "date_order": data.get("date_order", ""),
        "decimal_mark": data.get("decimal_mark", "point"),
    }


def _row(field: Field, name: str, rule: Mapping[str, Any]) -> FieldRow:
    columns = list(rule.get("columns", []))
    return FieldRow(
        field=field,
        name=name,
        chosen=[*columns, ""] if field.kind in SEVERAL or not columns else columns,
        default=rule.get("default", ""),
        is_required=field.name in REQUIRED,
    )


def _rule(data: QueryDict, name: str, before: Mapping[str, Any]) -> dict[str, Any]:
    columns = [column for column in data.getlist(name) if column]
    default = data.get(f"{name}-default", "").strip()
    if not columns and not default:
        return {}
    kept = {key: before[key] for key in ("values", "combine") if key in before}
    return {**kept, **({"columns": columns} if columns else {}), **({"default": default} if default else {})}


def _amounts(data: QueryDict) -> list[dict[str, Any]]:
    lists = [data.getlist(f"amount-{name}") for name in ("column", "code", "description", "currency", "side")]
    found = []
    for column, *words in zip(*lists, strict=False):
        code, description, currency, side = (word.strip() for word in words)
        if column:
            texts = {
                "charge_code": code.upper(),
                "description": description,
                "currency": currency.upper(),
                "side": side,
            }
            defaults = {name: {"default": text} for name, text in texts.items() if text}
            found.append({**defaults, "charge_code": {"default": code.upper()}, "unit_price": {"columns": [column]}})
    return found


def _is_in_rows(charge: Mapping[str, Any]) -> bool:
    return bool(charge.get("charge_code", {}).get("columns"))


def _uses(rules: Rules) -> dict[str, list[str]]:
    """What each column is used for, in the titles of our fields."""
    uses: dict[str, list[str]] = {}
    for name, rule in rules.get("fields", {}).items():
        _add(uses, rule.get("columns", []), SHIPMENT_FIELDS[name].title)
    for charge in rules.get("charges", []):
        code = charge.get("charge_code", {}).get("default", "")
        for name, rule in charge.items():
            title = CHARGE_FIELDS[name].title
            _add(uses, rule.get("columns", []), title if _is_in_rows(charge) else f"Charge {code}")
    return uses


def _add(uses: dict[str, list[str]], columns: Sequence[str], title: str) -> None:
    for column in columns:
        uses.setdefault(column, []).append(title)
