"""Preview: what Xero would hold, where it comes from, and that nothing is written by looking."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.audit.models import AuditEvent
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import ChargeRule, ConnectionSettings, SyncJob, XeroConnection, XeroDocument
from invoices.models import Invoice, NumberSeries, Shipment, ShipmentCharge
from tests.freight_factories import ChargeFactory, CustomerFactory
from tests.web.page_company import Visitor, assessed, company, differing_break, sent

BULK_QUERIES = 36


def text_of(page: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page.partition("</nav>")[2]).split())


def previewed(visitor: Visitor, shipment: Shipment) -> str:
    return text_of(visitor.text("shipment_preview", shipment.public_id))


def bulk(visitor: Visitor, shipments: list[Shipment]) -> str:
    response = visitor.post("shipments_preview", shipment=[str(one.public_id) for one in shipments])
    assert response.status_code == 200
    return text_of(response.content.decode())


def test_each_value_says_where_it_came_from(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant, number="SHP-1", customer_reference="PO-77")

    page = previewed(operator, shipment)

    assert "INV-00001 next of the series INV-, given on sending" in page
    assert "200 account 200 tax rate OUTPUT" in page
    assert "Account from charge code FRT" in page
    assert "Tax from tax code GST" in page
    assert "Reference PO-77 from the template" in page
    assert "Before tax AUD 1,250.00 Tax AUD 125.00 Total AUD 1,375.00" in page
    assert "Arrives as Approved, awaiting payment from the sending rules" in page


def test_preview_beside_the_list_is_the_same_without_the_page_around_it(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)

    beside = operator.get("shipment_preview", shipment.public_id, part="preview-drawer-content").content.decode()

    page = operator.text("shipment_preview", shipment.public_id)
    shared = beside[beside.index('<section class="card') :].strip()
    assert f"Preview of {shipment.number}" in beside
    assert ("<html" in beside, shared in page) == (False, True)


def test_looking_writes_and_sends_nothing(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    shipments = assessed(tenant, 2)

    previewed(operator, shipments[0])
    bulk(operator, shipments)

    with tenant_scope(tenant):
        assert (Invoice.objects.count(), SyncJob.objects.count(), AuditEvent.objects.count()) == (0, 0, 0)
        assert {one.next_number for one in NumberSeries.objects.all()} == {1}


def test_preview_is_what_is_sent(tenant: Tenant, operator: Visitor) -> None:
    """Line by line, by the same mapping: a discount, and a price that Xero would round."""
    company(tenant)
    (shipment,) = assessed(tenant, number="SHP-1")
    with tenant_scope(tenant):
        ChargeFactory(shipment=shipment, description="Storage", quantity=Decimal(3), unit_price=Decimal("33.3333"))

    page = previewed(operator, shipment)
    sent(tenant, [shipment], state="queued")

    with tenant_scope(tenant):
        mapped = SyncJob.objects.get().mapped
        number = XeroDocument.objects.get().number
    assert number in page
    for line in mapped["lines"]:
        assert line["description"] in page
        assert f"AUD {Decimal(line['net_amount']):,.2f} AUD {Decimal(line['tax_amount']):,.2f}" in page
    assert "with the calculation in the description" in page


def test_default_account_is_shown_as_one(tenant: Tenant, operator: Visitor) -> None:
    company(tenant, default_sales_account="200")
    with tenant_scope(tenant):
        ChargeRule.objects.all().delete()
    (shipment,) = assessed(tenant)

    page = previewed(operator, shipment)

    assert "Account default account used" in page
    assert "The default account is used for FRT." in page
    assert "Look at it" in page


def test_locked_date_stops_it_with_the_way_to_mend_it(tenant: Tenant, operator: Visitor) -> None:
    connection_now = company(tenant)
    with tenant_scope(tenant):
        XeroConnection.objects.filter(pk=connection_now.pk).update(period_lock_date="2999-12-31")
    (shipment,) = assessed(tenant)

    page = previewed(operator, shipment)

    assert "Cannot go" in page
    assert "the books in Xero are locked up to 2999-12-31" in page


def test_missing_rate_is_told_before_anything_is_sent(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant, currency="NZD")

    assert "No exchange rate: how many NZD for one AUD?" in previewed(operator, shipment)


def test_number_that_xero_has_already_is_warned_of(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    sent(tenant, assessed(tenant))
    with tenant_scope(tenant):
        differing_break(document=None, kind="orphan", number="INV-00002")
    (shipment,) = assessed(tenant)

    assert "INV-00002 is on another document in Xero already" in previewed(operator, shipment)


def test_what_differs_from_xero_is_shown_beside(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    sent(tenant, [shipment])
    with tenant_scope(tenant):
        ShipmentCharge.objects.update(unit_price="2000.00")

    page = previewed(operator, shipment)

    assert "What differs from INV-00001 in Xero" in page
    assert "Total AUD 1,375.00 AUD 2,200.00" in page


def test_stopped_document_is_shown_as_it_would_be_sent_now(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    problem = {"code": "FB-301", "subject": "FRT", "words": {"charge_code": "FRT", "side": "sales"}}
    sent(tenant, [shipment], state="attention", problems=[problem], problem_code="FB-301")

    page = previewed(operator, shipment)

    assert "was stopped; it would be sent like this now" in page
    assert "Account from charge code FRT" in page


def test_bulk_sums_by_currency_and_says_what_goes_and_what_does_not(tenant: Tenant, operator: Visitor) -> None:
    company(tenant, unknown_customer="create")
    with tenant_scope(tenant):
        ChargeRule.objects.create(connection=XeroConnection.objects.get(), side="sales", charge_code="X")
    good = assessed(tenant, 2)
    foreign = assessed(tenant, currency="NZD", exchange_rate="1.09")
    stuck = assessed(tenant, incoterm="", number="SHP-STUCK")
    held = assessed(tenant, do_not_send_reason="By hand", number="SHP-HELD")

    page = bulk(operator, [*good, *foreign, *stuck, *held])

    assert "Preview of 5 shipments" in page
    assert "OK 0 To look at 3 Cannot go 0 Left out 2 Total in AUD AUD 2,750.00 Total in NZD NZD 1,375.00" in page
    assert "INV-00001" in page
    assert "INV-00003" in page
    assert "SHP-STUCK No Incoterm: a booking needs one." in page
    assert "SHP-HELD Marked as do not send: By hand" in page


def test_bulk_groups_as_sending_does(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    with tenant_scope(tenant):
        customer = CustomerFactory(grouping="monthly")
    shipments = assessed(tenant, 3, bill_to=customer)

    page = bulk(operator, shipments)

    assert "INV-00001" in page
    assert "INV-00002" not in page
    assert "Total in AUD AUD 4,125.00" in page


@pytest.mark.parametrize("count", [1, 3])
def test_bulk_takes_the_same_number_of_queries_for_any_number(tenant: Tenant, operator: Visitor, count: int) -> None:
    company(tenant)
    shipments = assessed(tenant, count)

    with CaptureQueriesContext(connection) as queries:
        bulk(operator, shipments)

    assert len(queries) == BULK_QUERIES, "\n".join(query["sql"][:150] for query in queries)


def test_bill_is_previewed_with_its_suppliers_number(tenant: Tenant, operator: Visitor) -> None:
    company(tenant, sides="sales and costs")
    (shipment,) = assessed(tenant)
    with tenant_scope(tenant):
        supplier = CustomerFactory(name="Carrier Lines")
        ChargeFactory(shipment=shipment, side="cost", supplier=supplier, supplier_number="CL-9")
        assert ConnectionSettings.objects.get().sides == "sales and costs"

    page = previewed(operator, shipment)

    assert "Bill CL-9 Cannot go" in page
    assert "Charge code FRT has no ledger account for purchases." in page


def test_shipment_of_which_one_document_cannot_go_stays_behind_whole(tenant: Tenant, operator: Visitor) -> None:
    """As preparing decides: numbers go to what is sent, in its order."""
    company(tenant, sides="sales and costs")
    (stuck,), (good,) = assessed(tenant, number="SHP-STUCK"), assessed(tenant, number="SHP-GOOD")
    with tenant_scope(tenant):
        ChargeFactory(shipment=stuck, side="cost", supplier=CustomerFactory(), supplier_number="CL-9")

    page = bulk(operator, [stuck, good])

    assert "OK 0 To look at 1 Cannot go 2 Left out 0 Total in AUD AUD 1,375.00" in page
    assert re.findall(r"INV-\d+", page) == ["INV-00001"]
