"""Asks for what the lists ask for, as the app's role and as a role that no row-level security binds, in turn."""

import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.db import connection, connections, transaction

from freightbridge.settle_memory import settle_memory
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from tests.benchmarks.stay_on_one_core import stay_on_one_core
from tests.list_addresses import list_addresses
from tests.list_queries import ListQuery, queries_of
from tests.web.page_company import visitor

# Each database has others, and figures are compared by their names.
IDS = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FORCED = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relforcerowsecurity"
FEWEST_ROUNDS = 5
# What is quick is asked more often in a round, so that no hiccup of the machine is in its median.
MOST_TURNS, TURNS_MILLISECONDS = 8, 12.0
# Milliseconds that it took.
Asking = Callable[[], float]


@dataclass(slots=True)
class Timed:
    """Milliseconds. `place`: which of the address's queries it is; `first`: what both took at first."""

    address: str
    place: int
    first: float = 0.0
    on: list[float] = field(default_factory=list)
    off: list[float] = field(default_factory=list)


def play(tenant: Tenant, *, seconds: float) -> list[Timed]:
    """
    After a VACUUM ANALYZE, as a database that has been in use has had it, and with memory settled as in a web process.
    The first round is not counted.
    """
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    _unbind_owner()
    asked = list(_asked(tenant))
    settle_memory()
    stay_on_one_core("default", "owner")
    for timed, on, off in asked:
        timed.first = on() + off()
    began = time.monotonic()
    for number in count(1):
        # Another order each time, so that nothing always comes after the same.
        order = random.Random(number)  # noqa: S311 no secret
        for timed, on, off in order.sample(asked, len(asked)):
            _time_in_turn(timed, on, off, order)
        if number >= FEWEST_ROUNDS and time.monotonic() - began > seconds:
            return [timed for timed, _, _ in asked]
    raise AssertionError  # pragma: no cover count() does not end


def _time_in_turn(timed: Timed, on: Asking, off: Asking, order: random.Random) -> None:
    """Once before it counts, or the first would read for the other what stands outside PostgreSQL's own memory."""
    off()
    turns = [(on, timed.on), (off, timed.off)]
    for _ in range(turns_of(timed)):
        for ask, into in order.sample(turns, 2):
            into.append(ask())


def turns_of(timed: Timed) -> int:
    return min(MOST_TURNS, max(1, int(TURNS_MILLISECONDS / timed.first)))


def _unbind_owner() -> None:
    """In this scratch database: the app's role stays bound, and the owner of the same rows is bound no more."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(FORCED)
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {connection.ops.quote_name(table)} NO FORCE ROW LEVEL SECURITY")


def _asked(tenant: Tenant) -> Iterator[tuple[Timed, Asking, Asking]]:
    """Every query once, with the first address that asks for it."""
    person = visitor(tenant, "operator")
    person.client.defaults["SERVER_NAME"] = "localhost"
    seen: set[str] = set()
    for address in list_addresses(tenant):
        name = IDS.sub("(an id)", str(address))
        for place, query in enumerate(queries_of(person, address), 1):
            if (text := f"{query.sql} {query.values}") not in seen:
                seen.add(text)
                yield Timed(name, place), _asking(query, tenant), _asking(query, tenant, as_owner=True)


def _asking(query: ListQuery, tenant: Tenant, *, as_owner: bool = False) -> Asking:
    """Each names its tenant itself too: without row-level security it reads the same rows."""

    def ask() -> float:
        with _unbound(tenant) if as_owner else tenant_scope(tenant):
            cursor: Any = connections["owner" if as_owner else "default"].cursor()
            began = time.perf_counter()
            cursor.execute(query.sql, query.values)
            cursor.fetchall()
            return 1000 * (time.perf_counter() - began)

    return ask


@contextmanager
def _unbound(tenant: Tenant) -> Iterator[None]:
    """The search functions ask for the setting, whoever calls them."""
    with transaction.atomic(using="owner"):
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant.pk)])
        yield
