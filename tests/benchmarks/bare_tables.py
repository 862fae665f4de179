"""Takes from tables what makes each row dear to write, and puts it back: all at once it costs a tenth."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connections
from django.db.models import Model

# Keys of these tables and on them, what must be unique but for the primary key, and every other index.
CONSTRAINTS = """
    SELECT conrelid::regclass, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE (contype = 'f' AND (conrelid = ANY(%(tables)s::regclass[]) OR confrelid = ANY(%(tables)s::regclass[])))
    OR (contype = 'u' AND conrelid = ANY(%(tables)s::regclass[])) ORDER BY contype DESC
"""
INDEXES = """
    SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY(%(tables)s::regclass[]) AND NOT indisprimary
    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype = 'u')
"""
# Where they hide rows from their owner too, he cannot check a key over all rows.
FORCED = "SELECT oid::regclass FROM pg_class WHERE relforcerowsecurity"


@contextmanager
def bare_tables(models: Sequence[type[Model]]) -> Iterator[None]:
    """As their owner, in a scratch database that nobody else uses. What was put back was checked over all rows."""
    tables = [model._meta.db_table for model in models]
    with connections["owner"].cursor() as cursor:
        cursor.execute(CONSTRAINTS, {"tables": tables})
        constraints = cursor.fetchall()
        cursor.execute(INDEXES, {"tables": tables})
        indexes = cursor.fetchall()
        cursor.execute(FORCED)
        forced = [table for (table,) in cursor.fetchall()]
    _run(f"ALTER TABLE {table} DROP CONSTRAINT {name}" for table, name, _ in reversed(constraints))
    _run(f"DROP INDEX {name}" for name, _ in indexes)
    _run(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables)
    yield
    _run(["SET maintenance_work_mem = '512MB'", *(definition for _, definition in indexes)])
    _run(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in forced)
    _run(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" for table, name, definition in constraints)
    _run(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in forced)
    _run(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables)


def _run(statements: Iterator[str] | list[str]) -> None:
    with connections["owner"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
