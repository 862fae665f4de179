"""
Inserts new rows with one statement, their values column by column in arrays: Django's bulk_create costs several times
as much, here and in PostgreSQL, which would have to parse a statement with a place for every value. COPY is refused by
PostgreSQL for tables under row-level security.
"""

from collections.abc import Mapping, Sequence

from django.db import connection, models

from freightbridge.column_values import are_alike, as_array, as_text, kind_of
from freightbridge.tenancy.models import TenantModel
from freightbridge.tenancy.scope import current_tenant_id
from freightbridge.transactions import require_transaction

# The public id of a row that is given none: PostgreSQL rolls the dice faster than Python.
OWN_ID = "gen_random_uuid()"


def insert_rows(rows: Sequence[TenantModel], *, unique: Sequence[str] = (), replaced: Sequence[str] = ()) -> None:
    """
    Rows of one model, in the tenant's scope and the caller's transaction. Each has its id afterwards. If none of them
    has a public id, PostgreSQL gives them theirs, and keeps them to itself.

    `unique`, `replaced`: where a row with the same values in the fields `unique` stands already, the fields
    `replaced` of it are written instead. Raises TransactionError, IntegrityError.
    """
    require_transaction()
    if not rows:
        return
    attributes = [field.attname for field in rows[0]._meta.concrete_fields if not field.primary_key]
    if all(row.public_id is None for row in rows):
        attributes.remove("public_id")
    values = [vars(row) for row in rows]
    columns = {attribute: [row[attribute] for row in values] for attribute in attributes}
    alias = connection.alias
    ids = _insert(type(rows[0]), columns, unique=unique, replaced=replaced)
    for row, pk in zip(rows, ids, strict=True):
        row.id = pk
        state = row._state  # noqa: SLF001 Django has no public name for it
        state.adding, state.db = False, alias


def insert_values(
    model: type[TenantModel],
    columns: Mapping[str, Sequence[object]],
    *,
    unique: Sequence[str] = (),
    replaced: Sequence[str] = (),
) -> list[int]:
    """
    As `insert_rows`, of rows that nobody needs as objects: by the attributes of the model, all but their own ids and
    the tenant's, what each row has. Returns their ids, in the same order.
    """
    require_transaction()
    if not next(iter(columns.values())):
        return []
    of_tenant = [current_tenant_id()] * len(next(iter(columns.values())))
    return _insert(model, {**columns, "tenant_id": of_tenant}, unique=unique, replaced=replaced)


def _insert(
    model: type[TenantModel],
    columns: Mapping[str, Sequence[object]],
    *,
    unique: Sequence[str],
    replaced: Sequence[str],
) -> list[int]:
    """What all rows say alike is sent once."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    alike = {name for name in list(columns)[1:] if are_alike(columns[name], fields[name])}
    own = [name for name in columns if name not in alike]
    parameters = [as_text(columns[name][0], kind_of(fields[name])) for name in columns if name in alike]
    parameters += [as_array(columns[name], kind_of(fields[name])) for name in own]
    statement = _statement(
        model, alike=[fields[name] for name in columns if name in alike], own=[fields[name] for name in own]
    )
    with connection.cursor() as cursor:
        cursor.execute(statement + _conflict(model, unique, replaced) + " RETURNING id", parameters)
        return [pk for (pk,) in cursor.fetchall()]


def _statement(model: type[TenantModel], *, alike: Sequence[models.Field], own: Sequence[models.Field]) -> str:
    """Its parameters: the values of `alike`, then the arrays of `own`."""
    quote = connection.ops.quote_name
    names = [quote(str(field.column)) for field in own]
    given = {quote(str(field.column)): f"%s::{kind_of(field)}" for field in alike}
    given |= {name: f"given.{name}" for name in names}
    given = {quote("public_id"): OWN_ID} | given
    arrays = ", ".join(f"%s::{kind_of(field)}[]" for field in own)
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(given)}) "  # noqa: S608 names of ours
        f"SELECT {', '.join(given.values())} FROM unnest({arrays}) AS given ({', '.join(names)})"
    )


def _conflict(model: type[TenantModel], unique: Sequence[str], replaced: Sequence[str]) -> str:
    if not unique:
        return ""
    quote = connection.ops.quote_name
    key = ", ".join(quote(_column(model, name)) for name in unique)
    pairs = ", ".join(f"{quote(name)} = EXCLUDED.{quote(name)}" for name in (_column(model, one) for one in replaced))
    return f" ON CONFLICT ({key}) DO UPDATE SET {pairs}"


def _column(model: type[TenantModel], name: str) -> str:
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]
