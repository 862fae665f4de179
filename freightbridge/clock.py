"""The one clock: PostgreSQL's, read once at the edge of a unit of work and passed on as `now`."""

from datetime import UTC, datetime
from typing import cast

from django.db import connection


def read_clock() -> datetime:
    """The database server's moment, aware, in UTC: all workers agree on it whatever their machines think."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cast("tuple[datetime]", cursor.fetchone())
    return row[0].astimezone(UTC)
