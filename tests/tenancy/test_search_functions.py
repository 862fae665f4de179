"""The functions that search as the tables' owner: they answer with the tenant of the scope, and with no other."""

import pytest
from django.db import connection

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import AccountingLogEntry
from invoices.models import Invoice, Shipment
from tests.architecture.table_rules import OWNER_FUNCTIONS
from tests.benchmarks.many_shipments import make_searchable
from tests.web.page_company import assessed, company, sent

pytestmark = pytest.mark.django_db
SEARCHES = {
    "search_shipments": "SELECT search_shipments('o-')",
    "search_invoices": "SELECT search_invoices('o-')",
    "search_accounting_log": f"SELECT search_accounting_log('xero has', {'NULL, ' * 8} FALSE)",
    "shipments_with_references": "SELECT shipments_with_references(ARRAY['po77'])",
}
# It stands before every schema that a careless function would look through.
FALSE_TABLE = """
    CREATE TEMPORARY TABLE invoices_shipment (id bigint, tenant_id bigint, search_text text, list_date date);
    INSERT INTO invoices_shipment VALUES (-1, {tenant}, 'po-77', '2026-01-01')
"""


@pytest.fixture
def filled(tenant: Tenant, other_tenant: Tenant) -> None:
    """Both have the same."""
    for one in (tenant, other_tenant):
        company(one)
        sent(one, assessed(one, 2, customer_reference="PO-77"))
        make_searchable(one)


def ids(search: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(SEARCHES[search])
        return {found for (found,) in cursor.fetchall()}


def own(search: str) -> set[int]:
    model = {"search_invoices": Invoice, "search_accounting_log": AccountingLogEntry}.get(search, Shipment)
    rows = model.objects.all()
    return set(
        (rows.filter(event="created") if search == "search_accounting_log" else rows).values_list("pk", flat=True)
    )


def test_every_function_of_the_owner_is_searched_here() -> None:
    assert sorted(SEARCHES) == OWNER_FUNCTIONS


@pytest.mark.parametrize("search", SEARCHES)
def test_search_finds_the_tenants_own_rows_and_no_others(
    tenant: Tenant, other_tenant: Tenant, filled: None, search: str
) -> None:
    found, there = {}, {}
    for one in (tenant, other_tenant):
        with tenant_scope(one):
            found[one], there[one] = ids(search), own(search)

    assert found == there
    assert all(found.values())
    assert not found[tenant] & found[other_tenant]


@pytest.mark.parametrize("search", SEARCHES)
def test_search_without_a_tenant_finds_nothing(filled: None, search: str) -> None:
    assert ids(search) == set()


@pytest.mark.parametrize("search", SEARCHES)
def test_search_reads_no_table_that_the_caller_has_made(tenant: Tenant, filled: None, search: str) -> None:
    with tenant_scope(tenant), connection.cursor() as cursor:
        cursor.execute(FALSE_TABLE.format(tenant=tenant.pk))

        assert -1 not in ids(search)


def test_search_functions_fix_their_path_and_belong_to_the_tables_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, proconfig, proowner = (SELECT relowner FROM pg_class WHERE relname = 'invoices_shipment')"
            " FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY 1"
        )
        functions = cursor.fetchall()

    assert functions == [(name, ["search_path=pg_catalog, pg_temp"], True) for name in OWNER_FUNCTIONS]
