"""Asks for every list of two companies in turn, our page and the barest SQL, and takes the time of both."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import chain, zip_longest
from typing import Any

from django.db import connection, connections

from freightbridge.settle_memory import settle_memory
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.ui.keyset import Order, position_of
from integrations.models import AccountingLogEntry
from invoices.models import Invoice, Shipment
from tests.benchmarks.list_cases import INVOICES, LOG, SHIPMENTS, Case, ListKind, cases_of, counts_sql, rows_sql
from tests.benchmarks.many_shipments import SEEDS
from tests.benchmarks.stay_on_one_core import stay_on_one_core
from tests.benchmarks.timing import Timing
from tests.web.page_company import Visitor, visitor

DAY = date(2025, 10, 1)
# So often a round the queries go again by themselves, and no longer than that; but once.
MOST_TURNS, TURNS_MILLISECONDS = 8, 24.0
Statement = tuple[str, Any]
# Of sign-in and tenancy, which the floor does not do; they are the same for every page.
GROUND = ("django_session", "access_", "set_config", "clock_timestamp", "SAVEPOINT", "tenancy_")
ROWS: dict[ListKind, tuple[Any, Order]] = {
    SHIPMENTS: (Shipment, Order(("list_date", "id"))),
    INVOICES: (Invoice, Order(("issue_date", "id"))),
    LOG: (AccountingLogEntry, Order(("at", "id"))),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    timing: Timing
    tenant: Tenant
    page: Callable[[], tuple[float, float, list[Statement]]]
    floor: list[Statement]

    def ask(self, *, is_counted: bool) -> None:
        """The floor once more before it counts, or our page would read for it what PostgreSQL's memory has lost."""
        self._asked_alone(self.floor)
        request, queries, statements = self.page()
        floor = self._asked_alone(self.floor)
        if not is_counted:
            return
        self.timing.requests.append(request)
        self.timing.queries.append(queries)
        self.timing.floor.append(floor)
        ours = [(self.timing.queries, statements)] * turns_of(queries)
        floors = [(self.timing.floor, self.floor)] * turns_of(floor)
        for into, asked in filter(None, chain.from_iterable(zip_longest(ours, floors))):
            into.append(self._asked_alone(asked))

    def _asked_alone(self, statements: Sequence[Statement]) -> float:
        with tenant_scope(self.tenant), connection.cursor() as cursor, _milliseconds() as took:
            for sql, values in statements:
                cursor.execute(sql, values)
                # Now and then a page notes when it was seen.
                if cursor.description:
                    cursor.fetchall()
        return took[0]


def turns_of(milliseconds: float) -> int:
    return max(1, min(MOST_TURNS, int(TURNS_MILLISECONDS / milliseconds)))


def play(companies: Mapping[str, Tenant], *, rounds: int) -> list[Timing]:
    """
    After a VACUUM ANALYZE, as a database that has been in use has had it, and with memory settled as in a web process.
    The first round is not counted. In each the page is asked for once; its queries then go again by themselves, in
    turn with the floor, so that a 95th percentile is of more than a hundred where they are quick.
    """
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    asked = [one for name, tenant in companies.items() for one in _asked(name, tenant)]
    settle_memory()
    stay_on_one_core("default")
    for number in range(rounds + 1):
        # Another order each time, so that nothing always comes after the same.
        for one in random.Random(number).sample(asked, len(asked)):  # noqa: S311 no secret
            one.ask(is_counted=number > 0)
    return [one.timing for one in asked]


def _asked(name: str, tenant: Tenant) -> Iterator[Asked]:
    person = visitor(tenant, "operator")
    person.client.defaults["SERVER_NAME"] = "localhost"
    for case in _cases(tenant):
        before = _deepest(tenant, case) if case.is_deep else None
        yield Asked(
            timing=Timing(case=case.name, company=name), tenant=tenant, page=_page(person, case, before),
            floor=_floor(tenant, case, before),
        )  # fmt: skip


def _cases(tenant: Tenant) -> tuple[Case, ...]:
    with tenant_scope(tenant):
        shipment = Shipment.objects.select_related("bill_to").order_by("id")[SEEDS // 2]
        assert shipment.bill_to is not None
        # The copies of a number begin with it, which no numbers do in life; with the last copy's nothing else begins.
        whole = Shipment.objects.order_by("-id").values_list("number", flat=True)[0]
        return cases_of(shipment.number, whole, shipment.bill_to.code, DAY)


def _deepest(tenant: Tenant, case: Case) -> Any:
    """The row after which the last full page begins."""
    model, order = ROWS[case.kind]
    with tenant_scope(tenant):
        return model.objects.order_by(*order.fields)[60]


def _page(person: Visitor, case: Case, before: Any) -> Callable[[], tuple[float, float, list[Statement]]]:
    """Milliseconds of the request, those of its queries on freight, and these."""
    query = dict(case.query) | ({"after": position_of(before, ROWS[case.kind][1])} if before else {})

    def ask() -> tuple[float, float, list[Statement]]:
        spent, statements = 0.0, list[Statement]()

        def taking_time(execute: Any, sql: str, values: Any, *rest: Any) -> Any:
            nonlocal spent
            with _milliseconds() as took:
                answer = execute(sql, values, *rest)
            if not any(word in sql for word in GROUND):
                spent += took[0]
                statements.append((sql, values))
            return answer

        with _milliseconds() as whole, connection.execute_wrapper(taking_time):
            person.text(case.kind.page, **query)
        return whole[0], spent, statements

    return ask


def _floor(tenant: Tenant, case: Case, before: Any) -> list[Statement]:
    values: dict[str, Any] = {**case.values, "tenant": tenant.pk}
    if before:
        values["first"], values["second"] = (getattr(before, name) for name in ROWS[case.kind][1].fields)
    return [(sql, values) for sql in (rows_sql(case), counts_sql(case)) if sql]


@contextmanager
def _milliseconds() -> Iterator[list[float]]:
    took: list[float] = []
    began = time.perf_counter()
    yield took
    took.append(1000 * (time.perf_counter() - began))
