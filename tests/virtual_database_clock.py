"""
PostgreSQL's clock as a test moves it: `clock_timestamp()` is found in a schema of its own before the real one.

So the code under test reads the clock as always, in every thread and process that opens a connection meanwhile.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg2
from django.db import connections

from tests.addresses import owner_url

# A sequence, since what it holds is seen by everybody at once, and is no table that tests would empty.
MAKE = """
CREATE SCHEMA virtual_clock;
CREATE SEQUENCE virtual_clock.microseconds;
CREATE FUNCTION virtual_clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
$$ SELECT pg_catalog.to_timestamp(last_value / 1000000) + last_value % 1000000 * interval '1 microsecond'
   FROM virtual_clock.microseconds $$;
GRANT USAGE ON SCHEMA virtual_clock TO PUBLIC;
GRANT SELECT ON virtual_clock.microseconds TO PUBLIC;
"""
NAME = "SELECT quote_ident(current_database())"
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class VirtualClock:
    now: datetime

    def set(self, now: datetime) -> None:
        self.now = now
        _as_owner("SELECT setval('virtual_clock.microseconds', %s)", (now - EPOCH) // MICROSECOND)


@contextmanager
def virtual_database_clock(start: datetime) -> Iterator[VirtualClock]:
    """It stands still until it is set. Open connections are closed on both sides, so that all see the same clock."""
    clock = VirtualClock(start)
    _as_owner(MAKE)
    try:
        clock.set(start)
        _search("SET search_path = virtual_clock, pg_catalog, public")
        yield clock
    finally:
        _search("RESET search_path")
        _as_owner("DROP SCHEMA virtual_clock CASCADE")


def _search(change: str) -> None:
    _as_owner(f"ALTER DATABASE {_as_owner(NAME)} {change}")
    connections.close_all()


def _as_owner(statement: str, *arguments: object) -> str:
    """The first column of the first row, where there is one."""
    with closing(psycopg2.connect(owner_url())) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement, arguments or None)
        row = cursor.fetchone() if cursor.description else None
    return str(row[0]) if row else ""
