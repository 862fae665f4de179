import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from freightbridge.audit.models import AuditEvent
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import XeroConnection
from invoices.models import BillingEntity, Invoice
from tests.freight_factories import CustomerFactory
from tests.web.page_company import Visitor, assessed, company, sent

CURRENCY_QUERIES, TERMS_QUERIES = 24, 15


@pytest.fixture
def connected(tenant: Tenant) -> XeroConnection:
    return company(tenant)


def rows(page: str) -> list[list[str]]:
    """The words of each cell of the page's table."""
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    found = re.findall(r"<tr>(.*?)</tr>", body[1] if body else "", re.DOTALL)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in found]
    return [[" ".join(strip_tags(cell).split()) for cell in row] for row in cells]


def test_currencies_that_xero_has_not_come_first_with_what_to_do(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    assessed(tenant, 2, currency="EUR", exchange_rate="0.6")
    assessed(tenant)
    with tenant_scope(tenant):
        CustomerFactory(currency="NZD")
        CustomerFactory(currency="USD")

    page = operator.text("mapping_currencies")

    told = rows(page)
    assert [row[:3] for row in told] == [
        ["EUR", "2", "Not in Xero"],
        ["USD", "0", "Not in Xero"],
        ["AUD", "1", "Base currency currency AUD"],
        ["NZD", "0", "In Xero currency NZD"],
    ]
    assert "2 currencies in use are not in Xero." in page
    assert told[0][3].startswith("Add EUR in Xero under Settings, Currencies, with a plan that allows it")
    assert told[0][3].endswith("Unblocks 2, changes nothing already in Xero")


def test_currency_of_a_document_alone_is_listed_and_what_went_or_is_left_out_counts_for_none(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    sent(tenant, assessed(tenant))
    assessed(tenant, do_not_send_reason="Invoiced by hand")
    with tenant_scope(tenant):
        Invoice.objects.update(currency="GBP")

    assert [row[:2] for row in rows(operator.text("mapping_currencies"))] == [["GBP", "0"], ["AUD", "0"]]


@pytest.mark.parametrize("count", [1, 3])
def test_currencies_take_the_same_number_of_queries_for_any_number(
    tenant: Tenant, operator: Visitor, connected: XeroConnection, count: int
) -> None:
    for code in ("EUR", "USD", "NZD")[:count]:
        assessed(tenant, currency=code, exchange_rate="0.6")

    with CaptureQueriesContext(connection) as queries:
        page = operator.text("mapping_currencies")

    assert len(rows(page)) == count
    assert len(queries) == CURRENCY_QUERIES, "\n".join(query["sql"][:150] for query in queries)


def test_row_that_a_link_leads_to_is_marked(tenant: Tenant, operator: Visitor, connected: XeroConnection) -> None:
    assessed(tenant, currency="EUR", exchange_rate="0.6")
    assessed(tenant)

    page = operator.text("mapping_currencies", q="EUR")

    assert re.findall(r'<tr class="row-picked" id="picked">\s*<td><strong>(\w+)', page) == ["EUR"]


@pytest.mark.parametrize("kind", ["currencies", "charges", "taxes", "customers", "items"])
def test_company_without_freight_is_led_to_the_upload(operator: Visitor, connected: XeroConnection, kind: str) -> None:
    assert "Upload shipments</a>" in operator.text(f"mapping_{kind}")


def test_search_that_finds_no_customer_leads_back_to_all(operator: Visitor, connected: XeroConnection) -> None:
    page = operator.text("mapping_customers", q="nobody")

    assert "Show all customers</a>" in page
    assert "Upload shipments</a>" not in page


def test_currencies_without_a_connection_lead_to_it(operator: Visitor) -> None:
    assert "Go to the connection" in operator.text("mapping_currencies")


def test_payment_terms_tell_for_whom_which_days_count_and_where_they_change(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        CustomerFactory.create_batch(2)
        CustomerFactory(payment_terms_days=0)
        for _ in range(2):
            CustomerFactory(payment_terms_days=14)
        entity = BillingEntity.objects.get()

    page = operator.text("mapping_terms")

    assert rows(page) == [
        [
            "30 days after the invoice dateDefault",
            "Due date: date of the document + 30 days",
            "2 customers without terms of their own, where Acme Freight Pty Ltd invoices",
            "Letterhead of Acme Freight Pty Ltd",
        ],
        [
            "On the invoice date",
            "Due date: date of the document",
            "1 customer with these terms of their own",
            "Customers with 0 days",
        ],
        [
            "14 days after the invoice date",
            "Due date: date of the document + 14 days",
            "2 customers with these terms of their own",
            "Customers with 14 days",
        ],
    ]
    assert f"settings/entities/{entity.public_id}/#div_id_payment_terms_days" in page
    assert "Xero receives the due date itself" in page


@pytest.mark.parametrize("count", [1, 3])
def test_payment_terms_take_the_same_number_of_queries_for_any_number(
    tenant: Tenant, operator: Visitor, connected: XeroConnection, count: int
) -> None:
    with tenant_scope(tenant):
        for days in range(count):
            CustomerFactory(payment_terms_days=days)

    with CaptureQueriesContext(connection) as queries:
        page = operator.text("mapping_terms")

    assert len(rows(page)) == 1 + count
    assert len(queries) == TERMS_QUERIES, "\n".join(query["sql"][:150] for query in queries)


def test_company_that_nobody_invoices_for_is_led_to_who_invoices(operator: Visitor) -> None:
    assert "Set up who invoices</a>" in operator.text("mapping_terms")


def test_list_of_customers_keeps_those_of_the_terms(
    tenant: Tenant, operator: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        CustomerFactory(code="SOON", payment_terms_days=0)
        CustomerFactory(code="LATER", payment_terms_days=14)
        CustomerFactory(code="USUAL")

    page = operator.text("customers", terms="0")

    assert [code for code in ("SOON", "LATER", "USUAL") if f">{code}</a>" in page] == ["SOON"]
    assert "Nothing matches" in operator.text("customers", terms="7")


def test_terms_of_a_billing_entity_are_changed_with_its_letterhead(
    tenant: Tenant, admin: Visitor, connected: XeroConnection
) -> None:
    with tenant_scope(tenant):
        entity = BillingEntity.objects.get()
    assert 'id="div_id_payment_terms_days"' in admin.text("letterhead", entity.public_id)

    admin.post("letterhead_save", entity.public_id, name=entity.name, payment_terms_days="21")

    assert rows(admin.text("mapping_terms"))[0][0] == "21 days after the invoice dateDefault"
    with tenant_scope(tenant):
        details = AuditEvent.objects.get(action="letterhead changed").details
    assert {"before": 30, "after": 21} in details.values() or {"before": "30", "after": "21"} in details.values()
