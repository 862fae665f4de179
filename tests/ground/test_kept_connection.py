"""The connection that tests share: what one of them did to its session, the next does not feel."""

from typing import Any

import pytest
from django.db import connection

from tests.conftest import as_if_new

SESSION = ["SELECT pg_backend_pid()", "SHOW TimeZone", "SHOW statement_timeout"]


def ask(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_connection_is_as_if_new_and_still_the_same() -> None:
    before = [ask(statement) for statement in SESSION]
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 5000")
        cursor.execute("SET TimeZone = 'Australia/Sydney'")
        cursor.execute("SELECT pg_advisory_lock(1)")

    as_if_new(connection)

    assert [ask(statement) for statement in SESSION] == before
    assert ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()") == 0
