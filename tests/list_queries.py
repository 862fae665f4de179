"""What a page asks of PostgreSQL, to be asked again."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from tests.list_addresses import Address
from tests.web.page_company import Visitor

# Of sign-in, tenancy and the clock; they are the same for every page, and read no list.
GROUND = ("django_session", "access_", "set_config", "clock_timestamp", "SAVEPOINT", "tenancy_")


@dataclass(frozen=True, slots=True)
class ListQuery:
    """`values`: of its placeholders."""

    address: Address
    sql: str
    values: Any


def queries_of(person: Visitor, address: Address) -> list[ListQuery]:
    """Those that read; in their order."""
    found: list[ListQuery] = []

    def noting(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(("SELECT", "WITH", "(SELECT")) and not any(word in sql for word in GROUND):
            found.append(ListQuery(address, sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(noting):
        response = person.get(address.page, **address.query)
    assert response.status_code in {200, 302}, address
    return found
