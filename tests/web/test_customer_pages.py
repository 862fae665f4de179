import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.audit.models import AuditEvent
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import ContactLink, XeroConnection
from integrations.web.contact_states import contact_states
from invoices.models import Customer
from tests.conftest import NOW
from tests.freight_factories import CustomerFactory
from tests.web.contact_records import contact
from tests.web.page_company import Visitor, assessed, company

QUERIES = 17
CUSTOMER = {"code": "C-1", "name": "Coastal", "grouping": "monthly", "currency": "aud", "payment_terms_days": "14"}


def names(page: str) -> list[str]:
    return re.findall(r'href="[^"]*/customers/[0-9a-f-]{36}/">([^<]+)</a>', page)


@pytest.mark.parametrize("count", [1, 3])
def test_customers_takes_the_same_number_of_queries_for_any_number_of_rows(
    tenant: Tenant, viewer: Visitor, count: int
) -> None:
    company(tenant)
    with tenant_scope(tenant):
        CustomerFactory.create_batch(count)

    with CaptureQueriesContext(connection) as queries:
        page = viewer.text("customers")

    assert len(names(page)) == count
    assert len(queries) == QUERIES, "\n".join(query["sql"][:150] for query in queries)


def test_customers_are_found_by_code_and_by_a_piece_of_their_name(tenant: Tenant, viewer: Visitor) -> None:
    with tenant_scope(tenant):
        CustomerFactory(code="C-1", name="Coastal")
        CustomerFactory(code="C-2", name="Bluegum")

    assert [names(viewer.text("customers", q=text)) for text in ("c-1", "gum", "x")] == [["C-1"], ["C-2"], []]


def states(connection: XeroConnection) -> dict[str, str]:
    """Of the contact of each customer, as its page shows it."""
    codes = Customer.objects.values_list("code", flat=True)
    return {code: state.pill.label for code, state in contact_states(connection, codes).items()}


@pytest.mark.parametrize(("unknown_customer", "unmatched"), [("create", "Will be created"), ("hold", "Not matched")])
def test_customers_show_how_they_stand_with_contacts(tenant: Tenant, unknown_customer: str, unmatched: str) -> None:
    connected = company(tenant, unknown_customer=unknown_customer)
    with tenant_scope(tenant):
        for code in ("LINKED", "GONE", "NUMBERED", "TWICE", "NONE"):
            CustomerFactory(code=code)
        for code in ("LINKED", "GONE"):
            link = contact(connected, name=f"{code} Ltd", is_active=code == "LINKED")
            ContactLink.objects.create(
                connection=connected, customer_code=code, contact_id=link.key, contact_name=link.name,
                matched_by="hand", matched_at=NOW,
            )  # fmt: skip
        for code in ("NUMBERED", "TWICE", "TWICE"):
            contact(connected, name=f"{code} Ltd", code=code)

        found = states(connected)

    assert found == {
        "LINKED": "Matched",
        "GONE": "Archived in Xero",
        "NUMBERED": "Will match",
        "TWICE": "Ambiguous",
        "NONE": unmatched,
    }


def test_new_customer_is_saved_and_written_down(tenant: Tenant, operator: Visitor) -> None:
    response = operator.post("customer_new", **CUSTOMER)

    with tenant_scope(tenant):
        customer, event = Customer.objects.get(), AuditEvent.objects.get()
    assert response["Location"] == f"/o/acme-freight/customers/{customer.public_id}/"
    assert (customer.currency, customer.payment_terms_days, customer.grouping) == ("AUD", 14, "monthly")
    assert (event.action, event.details["Name"]) == ("customer entered", {"before": "", "after": "Coastal"})


def test_customer_code_is_unique(tenant: Tenant, operator: Visitor) -> None:
    with tenant_scope(tenant):
        CustomerFactory(code="C-1")

    assert "There is a customer C-1 already." in operator.post("customer_new", **CUSTOMER).content.decode()


def test_edited_customer_has_its_shipments_checked_again(tenant: Tenant, operator: Visitor) -> None:
    company(tenant, unknown_customer="create")
    with tenant_scope(tenant):
        customer = CustomerFactory(code="C-1", name="")
    (shipment,) = assessed(tenant, bill_to=customer)
    before = shipment.accounting_state

    operator.post("customer_edit", customer.public_id, **CUSTOMER)

    with tenant_scope(tenant):
        shipment.refresh_from_db()
    assert (before, shipment.accounting_state) == ("not ready", "ready")


def test_customer_page_tells_of_shipments_and_changes(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    operator.post("customer_new", **CUSTOMER)
    with tenant_scope(tenant):
        customer = Customer.objects.get()
    assessed(tenant, number="SHP-9", bill_to=customer)

    page = operator.text("customer", customer.public_id)

    assert [text in page for text in ("Coastal", "14 days", "SHP-9", "Customer entered")] == [True] * 4


def test_customer_is_found_by_the_code_that_a_problem_names(tenant: Tenant, operator: Visitor) -> None:
    with tenant_scope(tenant):
        customer = CustomerFactory(code="C 1/é")

    found, missing = operator.get("customer_named", code="C 1/é"), operator.get("customer_named", code="C")

    assert found["Location"] == f"/o/acme-freight/customers/{customer.public_id}/edit/"
    assert missing["Location"] == "/o/acme-freight/customers/"
    assert "There is no customer with the code C." in operator.text("customers")


def test_offers_are_those_that_fit_what_is_typed(tenant: Tenant, viewer: Visitor) -> None:
    with tenant_scope(tenant):
        CustomerFactory(code="C-1", name="Coastal")
        CustomerFactory(code="D-1", name="Bluegum")
    company(tenant)
    assessed(tenant, bill_to=None, branch="Perth")

    offered = [viewer.text("customer_offers", customer="c"), viewer.text("branch_offers", branch="per")]

    assert [re.findall(r'value="([^"]+)"', page) for page in offered] == [["C-1"], ["Perth"]]
