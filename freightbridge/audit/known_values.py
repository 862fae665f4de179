"""Who has ever done something here, and what: the choices of the filters over the activity."""

from typing import Literal

from django.db import connection

from freightbridge.audit.models import AuditEvent
from freightbridge.tenancy.scope import current_tenant_id

MOST = 300
# One step down the index for each value, however many events there are of each; DISTINCT would read them all.
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


def known_values(column: Literal["actor", "action"]) -> list[str]:
    """In order, in the tenant's scope."""
    statement = STEPS.format(column=column, table=AuditEvent._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"tenant": current_tenant_id(), "most": MOST})
        return [value for (value,) in cursor.fetchall()]
