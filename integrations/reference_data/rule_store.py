"""Reads and writes the rules that people keep as plain rows. In the tenant's scope."""

from typing import Any

from django.db import models

from integrations.mapping.rule_rows import LINES, SENDING, TAX_CODES, TAX_PLACES, TRACKING, Row, RuleSet, RuleTable
from integrations.models import ChargeRule, ConnectionSettings, TaxPlaceRule, TaxRule, TrackingRule, XeroConnection

MODELS: dict[str, Any] = {
    LINES.name: ChargeRule,
    TAX_CODES.name: TaxRule,
    TAX_PLACES.name: TaxPlaceRule,
    TRACKING.name: TrackingRule,
}
NOT_RULES = {"id", "public_id", "tenant", "connection"}


def read_rules(connection: XeroConnection) -> RuleSet:
    found: dict[str, list[Row]] = {}
    for table in (LINES, TAX_CODES, TAX_PLACES, TRACKING):
        rows = MODELS[table.name].objects.filter(connection=connection).order_by(*table.key)
        found[table.name] = [dict(zip(table.fields, row, strict=True)) for row in rows.values_list(*table.fields)]
    settings = ConnectionSettings.objects.get(connection=connection)
    found[SENDING.name] = [{"name": one.name, "value": _told(settings, one)} for one in sending_fields()]
    return found


def put_row(connection: XeroConnection, table: RuleTable, row: Row) -> None:
    if table == SENDING:
        _put_setting(connection, row)
        return
    key = {name: row[name] for name in table.key}
    values = {name: row.get(name, "") for name in table.values}
    MODELS[table.name].objects.update_or_create(connection=connection, **key, defaults=values)


def remove_row(connection: XeroConnection, table: RuleTable, row: Row) -> int:
    """How many there were: one or none."""
    key = {name: row[name] for name in table.key}
    count: int = MODELS[table.name].objects.filter(connection=connection, **key).delete()[0]
    return count


def sending_fields() -> list[models.Field]:
    return [field for field in ConnectionSettings._meta.concrete_fields if field.name not in NOT_RULES]


def _told(settings: ConnectionSettings, field: models.Field) -> str:
    value = getattr(settings, field.name)
    return "" if value is None else str(value)


def _put_setting(connection: XeroConnection, row: Row) -> None:
    """A version of before a field existed says nothing of it."""
    fields = {field.name: field for field in sending_fields()}
    if row["name"] in fields:
        field = fields[row["name"]]
        value = field.to_python(row["value"]) if row["value"] or not field.null else None
        ConnectionSettings.objects.filter(connection=connection).update(**{field.name: value})
