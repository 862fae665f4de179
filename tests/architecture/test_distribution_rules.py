"""The road to several database servers stays open: each rule holds, and finds the table that would close it."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connections
from django.db.backends.utils import CursorWrapper

from tests.architecture import distribution_rules as rules

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
Rule = Callable[[CursorWrapper], Iterator[str]]
# A sample for each rule; made by the owner inside the test's transaction, which is rolled back.
KEYED = "tenant_id bigint NOT NULL, id bigint PRIMARY KEY, UNIQUE (tenant_id, id)"
CASCADING = "REFERENCES invoices_customer (tenant_id, id) ON DELETE CASCADE"
BREACHES = [
    (rules.unfit_tenant_columns, "tenant_id int NOT NULL", "leak.tenant_id is integer: it must be a bigint, always"),
    (
        rules.unfit_tenant_columns,
        "tenant_id bigint",
        "leak.tenant_id is bigint or nothing: it must be a bigint, always",
    ),
    (rules.tables_without_tenant_key, "tenant_id bigint, id bigint PRIMARY KEY", "leak has no UNIQUE (tenant_id, id)"),
    (rules.uniques_without_tenant, f"{KEYED}, number text UNIQUE", "leak.leak_number_key is unique without the tenant"),
    (
        rules.uniques_without_tenant,
        f"{KEYED}, thing_id bigint UNIQUE",
        "leak.leak_thing_id_key is unique without the tenant",
    ),
    (
        rules.keys_across_servers,
        f"{KEYED}, session varchar REFERENCES django_session (session_key)",
        "leak.leak_session_fkey leads to django_session, which is not on the list of reference tables",
    ),
    (
        rules.keys_across_servers,
        f"{KEYED}, customer_id bigint REFERENCES invoices_customer (id)",
        "leak.leak_customer_id_fkey leads to invoices_customer without the tenant, or changes rows by itself",
    ),
    (
        rules.keys_across_servers,
        f"{KEYED}, customer_id bigint, FOREIGN KEY (tenant_id, customer_id) {CASCADING}",
        "leak.leak_tenant_id_customer_id_fkey leads to invoices_customer without the tenant, or changes rows by itself",
    ),
    (
        rules.keys_across_servers,
        "customer_id bigint REFERENCES invoices_customer (id)",
        "leak.leak_customer_id_fkey leads from a table of all tenants into invoices_customer",
    ),
]


@pytest.mark.parametrize("rule", dict.fromkeys(rule for rule, _, _ in BREACHES), ids=lambda rule: rule.__name__)
def test_tables_can_be_distributed(rule: Rule) -> None:
    with connections["owner"].cursor() as cursor:
        assert list(rule(cursor)) == []


@pytest.mark.parametrize(("rule", "columns", "finding"), BREACHES)
def test_rule_finds_the_table_that_cannot(rule: Rule, columns: str, finding: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"CREATE TABLE leak ({columns})")
        assert list(rule(cursor)) == [finding]


def test_lists_name_nothing_that_is_gone() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s)", [[*rules.WITHOUT_TENANT]])
        assert {name for (name,) in cursor.fetchall()} == rules.WITHOUT_TENANT
