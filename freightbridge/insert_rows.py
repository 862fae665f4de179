"""
Inserts new rows with one statement, their values in one JSON document: Django's bulk_create costs several times as
much, here and in PostgreSQL, which would have to parse a statement with a place for every value.
"""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from freightbridge.tenancy.models import TenantModel
from freightbridge.transactions import require_transaction


def insert_rows(rows: Sequence[TenantModel], *, unique: Sequence[str] = (), replaced: Sequence[str] = ()) -> None:
    """
    Rows of one model, in the tenant's scope and the caller's transaction. Each has its id afterwards.

    `unique`, `replaced`: where a row with the same values in the fields `unique` stands already, the fields
    `replaced` of it are written instead. Raises TransactionError, IntegrityError.
    """
    require_transaction()
    if not rows:
        return
    columns = {str(field.column): field.attname for field in rows[0]._meta.concrete_fields if not field.primary_key}
    written = [{column: _written(getattr(row, attribute)) for column, attribute in columns.items()} for row in rows]
    with connection.cursor() as cursor:
        statement = _statement(type(rows[0]), list(columns), unique, replaced)
        cursor.execute(statement, [json.dumps(written)])
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = pk
            state = row._state  # noqa: SLF001 Django has no public name for it
            state.adding, state.db = False, connection.alias


def _written(value: object) -> object:
    """
    Amounts, dates, ids and bytes, which JSON does not know: PostgreSQL reads them as it reads any literal. Inside a
    JSON column nobody would, so there they are refused as Django refuses them.
    """
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


def _statement(model: type[TenantModel], columns: Sequence[str], unique: Sequence[str], replaced: Sequence[str]) -> str:
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))
    statement = (
        f"INSERT INTO {table} ({names}) "  # noqa: S608 names of ours
        f"SELECT {names} FROM json_populate_recordset(NULL::{table}, %s) AS given"
    )
    if unique:
        key = ", ".join(quote(_column(model, name)) for name in unique)
        pairs = ", ".join(
            f"{quote(name)} = EXCLUDED.{quote(name)}" for name in (_column(model, one) for one in replaced)
        )
        statement += f" ON CONFLICT ({key}) DO UPDATE SET {pairs}"
    return f"{statement} RETURNING id"


def _column(model: type[TenantModel], name: str) -> str:
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]
