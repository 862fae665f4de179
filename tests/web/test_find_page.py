"""The search in the bar at the top."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import Invoice, Shipment
from tests.web.page_company import Visitor, assessed, company, sent, visitor

QUERIES = 14


def led_to(person: Visitor, text: str) -> str:
    """Below the company's address."""
    response = person.get("find", q=text)
    assert response.status_code == 302
    return response["Location"].removeprefix("/o/acme-freight/")


@pytest.fixture
def support(tenant: Tenant) -> Visitor:
    company(tenant)
    return visitor(tenant, "support")


@pytest.mark.parametrize("text", ["SHP-7", " shp-7 ", "FB-0123456789AB", "po-77"])
def test_number_leads_to_what_happened_with_it(tenant: Tenant, support: Visitor, text: str) -> None:
    (shipment,) = assessed(tenant, number="SHP-7", search_text="shp-7\npo-77")
    sent(tenant, [shipment], state="attention")
    assessed(tenant, number="SHP-70")

    with CaptureQueriesContext(connection) as queries:
        address = led_to(support, text)

    assert address == f"shipments/{shipment.public_id}/integration/"
    assert len(queries) <= QUERIES, "\n".join(query["sql"][:150] for query in queries)


def test_number_of_an_invoice_leads_to_its_shipment_and_of_several_to_the_list(
    tenant: Tenant, support: Visitor
) -> None:
    (shipment,) = assessed(tenant)
    sent(tenant, [shipment])
    with tenant_scope(tenant):
        number = Invoice.objects.get().number
    assert led_to(support, number) == f"shipments/{shipment.public_id}/integration/"

    sent(tenant, assessed(tenant, 2))

    assert led_to(support, "INV-") == "shipments/?q=INV-"


@pytest.mark.parametrize(
    ("text", "address"),
    [("", "shipments/"), ("SHP-NONE & more", "shipments/?q=SHP-NONE+%26+more"), ("SH", "shipments/?q=SH")],
)
def test_what_is_not_one_shipment_leads_to_the_list(tenant: Tenant, support: Visitor, text: str, address: str) -> None:
    assessed(tenant, number="SHP-1")
    assessed(tenant, number="SHP-2")

    assert led_to(support, text) == address


def test_role_that_may_not_read_the_log_is_led_to_the_summary(tenant: Tenant, viewer: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)

    assert led_to(viewer, shipment.number) == f"shipments/{shipment.public_id}/"


def test_shipment_of_another_company_is_not_found(tenant: Tenant, other_tenant: Tenant, support: Visitor) -> None:
    with tenant_scope(other_tenant):
        Shipment.objects.create(
            number="SHP-RIVAL", list_date="2026-02-01", created_at="2026-02-01T00:00Z", updated_at="2026-02-01T00:00Z"
        )

    assert led_to(support, "SHP-RIVAL") == "shipments/?q=SHP-RIVAL"
