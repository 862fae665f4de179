"""The values that a column of a log has ever had: the choices of the filters over it."""

from django.db import connection

from freightbridge.tenancy.models import TenantModel
from freightbridge.tenancy.scope import current_tenant_id

MOST = 300
# One step down the index for each value, however many rows there are of each; DISTINCT would read them all.
STEPS = """
    WITH RECURSIVE step AS (
        (SELECT {column} AS value FROM {table} WHERE tenant_id = %(tenant)s ORDER BY {column} LIMIT 1)
        UNION ALL
        SELECT (
            SELECT {column} FROM {table} WHERE tenant_id = %(tenant)s AND {column} > step.value
            ORDER BY {column} LIMIT 1
        ) FROM step WHERE step.value IS NOT NULL
    )
    SELECT value FROM step WHERE value IS NOT NULL LIMIT %(most)s
"""


def known_values(log: type[TenantModel], column: str) -> list[str]:
    """In order, in the tenant's scope. `column`: of text, with an index that begins with the tenant and it."""
    statement = STEPS.format(column=column, table=log._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"tenant": current_tenant_id(), "most": MOST})
        return [value for (value,) in cursor.fetchall()]
