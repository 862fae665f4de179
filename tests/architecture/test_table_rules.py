"""Every table keeps its tenants apart, and each rule finds the table that does not."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connections
from django.db.backends.utils import CursorWrapper

from tests.architecture import table_rules as rules

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
Rule = Callable[[CursorWrapper], Iterator[str]]
RULES = [rules.unlisted_global_tables, rules.open_tables, rules.plain_foreign_keys, rules.uniques_over_tenants]
# A sample for each rule; made by the owner inside the test's transaction, which is rolled back.
BREACHES = {
    rules.unlisted_global_tables: ("CREATE TABLE leak (id bigint)", "leak has no tenant and is not on the list"),
    rules.open_tables: ("CREATE TABLE leak (tenant_id bigint)", "leak has no forced row-level security"),
    rules.plain_foreign_keys: (
        "CREATE TABLE leak (tenant_id bigint, customer_id bigint REFERENCES invoices_customer (id))",
        "leak.leak_customer_id_fkey points to invoices_customer without the tenant",
    ),
    rules.uniques_over_tenants: (
        "CREATE TABLE leak (tenant_id bigint, number text UNIQUE)",
        "leak.leak_number_key is unique over all tenants",
    ),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_tables_keep_the_rule(rule: Rule) -> None:
    with connections["owner"].cursor() as cursor:
        assert list(rule(cursor)) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule_finds_its_breach(rule: Rule) -> None:
    statement, finding = BREACHES[rule]

    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
        found = list(rule(cursor))

    assert found[0].startswith(finding)


def test_keys_between_tenant_models_are_composite() -> None:
    assert list(rules.missing_keys()) == []


def test_app_role_owns_nothing_and_is_bound_by_policies() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, EXISTS (SELECT 1 FROM pg_class WHERE relowner = pg_roles.oid)"
            " FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False)


def test_security_definer_functions_are_on_the_list() -> None:
    """Such a function runs as its owner; each must ask for the tenant itself, and is listed once it is checked."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY 1"
        )
        assert [name for (name,) in cursor.fetchall()] == rules.OWNER_FUNCTIONS
