"""
What keeps the way open to many database servers, with the rows distributed by their tenant, as Citus does it.

There every key must contain the distribution column, a key leads to rows of the same tenant or to a table that each
server has whole (a reference table), and the column's type never changes: docs.citusdata.com, "Creating and Modifying
Distributed Objects" and "Limitations". Django's own primary key, `id`, is swapped for (tenant_id, id) in SQL when the
rows are distributed; so that key must stand already.
"""

from collections.abc import Iterator

from django.db.backends.utils import CursorWrapper

from tests.architecture.table_rules import TENANT_TABLES

# Each server would have these whole: they are small, and many tenants' rows lead to them.
REFERENCE_TABLES = {"access_user", "tenancy_tenant"}
# Unique without the tenant, each with what becomes of it on that day.
WITHOUT_TENANT = {
    # Asked for by a hash of 256 random bits, for ten minutes: the table stays on one server, as the directory does.
    "integrations_oauthstate_state_sha256_key",
    # Two companies must not write into one set of books: held by a reference table of the active organisations.
    "connection_active_once",
}
OF_TENANTS = """
    SELECT c.oid FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
"""
COLUMNS = """
    SELECT c.relname, format_type(a.atttypid, NULL), a.attnotnull FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' WHERE c.oid IN ({tables})
"""
UNIQUES = """
    SELECT c.relname, name.relname, i.indisprimary, ARRAY(
        SELECT a.attname::text FROM unnest(i.indkey) key JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = key
        ORDER BY a.attname
    )
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class name ON name.oid = i.indexrelid
    WHERE i.indisunique AND c.oid IN ({tables})
"""
FOREIGN_KEYS = """
    SELECT c.relname, con.conname, target.relname, con.confdeltype::text, target.oid IN ({tables}),
        c.oid IN ({tables}), ARRAY(
            SELECT a.attname::text FROM unnest(con.conkey) key
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = key
        )
    FROM pg_constraint con JOIN pg_class c ON c.oid = con.conrelid JOIN pg_class target ON target.oid = con.confrelid
    WHERE con.contype = 'f' AND (c.oid IN ({tables}) OR target.oid IN ({tables}))
"""
NO_ACTION = "a"


def unfit_tenant_columns(cursor: CursorWrapper) -> Iterator[str]:
    """The distribution column is the same everywhere, and no row is without it."""
    for table, kind, is_required in _asked(cursor, COLUMNS):
        if (kind, is_required) != ("bigint", True):
            yield f"{table}.tenant_id is {kind}{'' if is_required else ' or nothing'}: it must be a bigint, always"


def tables_without_tenant_key(cursor: CursorWrapper) -> Iterator[str]:
    """What takes the primary key's place stands already."""
    keys: dict[str, list[list[str]]] = {}
    for table, _name, _is_primary, columns in _asked(cursor, UNIQUES):
        keys.setdefault(table, []).append(columns)
    for (table,) in _asked(cursor, TENANT_TABLES):
        if ["id", "tenant_id"] not in keys.get(table, []):
            yield f"{table} has no UNIQUE (tenant_id, id)"


def uniques_without_tenant(cursor: CursorWrapper) -> Iterator[str]:
    """A one-to-one key may be without it: what it leads to has one tenant, so the tenant can be put in front of it."""
    one_to_one = {
        (table, column)
        for table, *_, columns in _asked(cursor, FOREIGN_KEYS)
        if "tenant_id" in columns
        for column in columns
    }
    for table, name, is_primary, columns in _asked(cursor, UNIQUES):
        if "tenant_id" in columns or name in WITHOUT_TENANT or (is_primary and columns == ["id"]):
            continue
        if len(columns) != 1 or (table, columns[0]) not in one_to_one:
            yield f"{table}.{name} is unique without the tenant"


def keys_across_servers(cursor: CursorWrapper) -> Iterator[str]:
    for table, name, target, action, is_to_tenants, is_from_tenants, columns in _asked(cursor, FOREIGN_KEYS):
        if not is_from_tenants:
            yield f"{table}.{name} leads from a table of all tenants into {target}"
        elif not is_to_tenants and target not in REFERENCE_TABLES:
            yield f"{table}.{name} leads to {target}, which is not on the list of reference tables"
        elif is_to_tenants and ("tenant_id" not in columns or action != NO_ACTION):
            yield f"{table}.{name} leads to {target} without the tenant, or changes rows by itself"


def _asked(cursor: CursorWrapper, query: str) -> list[tuple[object, ...]]:
    cursor.execute(query.replace("{tables}", OF_TENANTS))
    return cursor.fetchall()
