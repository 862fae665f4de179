"""What others enter in Xero comes in as freight, where somebody wants it (F81, F82). Real HTTP."""

from decimal import Decimal
from typing import Any

import pytest

from freightbridge.background_work.work_kinds import Queue
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import FoundDocument
from invoices.models import Shipment
from tests.freight_factories import ChargeCodeFactory, CustomerFactory
from tests.sending import Calls, company
from tests.web.kinds_company import plain, send, shipment
from tests.web.page_company import Visitor, visitor
from tests.xero_company import run_queue
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everything_polled")]
ALL = {"imports_quotes": "on", "imports_invoices": "on", "imports_orders": "on"}
LINE = {
    "Description": "Sea freight",
    "Quantity": "2",
    "UnitAmount": "150.00",
    "AccountCode": "200",
    "TaxType": "OUTPUT",
}


@pytest.fixture
def admin(tenant: Tenant, xero: SandboxProcess) -> Visitor:
    company(tenant, xero)
    with tenant_scope(tenant):
        CustomerFactory(code="MURRAY01", name="Murray")
        ChargeCodeFactory()
    person = visitor(tenant, "admin")
    person.post("found_settings", **ALL)
    return person


def read(admin: Visitor) -> None:
    admin.post("found_read")
    run_queue(Queue.POLL)


def quote(xero: SandboxProcess, number: str = "QU-77", **fields: Any) -> None:
    """Accepted, of Murray River Produce."""
    named = {"Contact": {"Name": "Murray River Produce"}, "QuoteNumber": number, "LineItems": [LINE]}
    xero.act("create_document", fields={"Date": "2026-03-01", "Reference": "PO-5", **named, **fields})
    for step in ("send", "accept"):
        xero.act("move_quote", document=number, to=step)


def order(xero: SandboxProcess, **wish: Any) -> None:
    lines = [{"description": "40 pallets of lentils", "quantity": "40", "unit_amount": "12.50"}]
    known = {"number": "PO-900", "contact": "Coral Coast Imports", "delivery_date": "2026-05-04", "lines": lines}
    xero.act("save_order", **known | wish)


def the_shipment(tenant: Tenant) -> Shipment:
    with tenant_scope(tenant):
        return Shipment.objects.select_related("bill_to").get()


def numbers(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant):
        return sorted(FoundDocument.objects.values_list("number", flat=True))


def test_nothing_comes_in_where_nobody_wants_it(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    quote(xero)
    order(xero)
    calls = Calls(xero)

    visitor(tenant, "admin").post("found_read")
    run_queue(Queue.POLL)

    assert (calls.made(), numbers(tenant)) == ([], [])


def test_accepted_quote_becomes_a_booking_with_its_charges(
    tenant: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    quote(xero, LineItems=[LINE, {**LINE, "Description": "Documents", "Quantity": "1", "UnitAmount": "40.00"}])

    read(admin)

    made = the_shipment(tenant)
    assert (made.number, made.job_type, made.bill_to.code) == ("QU-77", "booking", "MURRAY01")
    assert (made.customer_reference, made.currency, made.exchange_rate) == ("PO-5", "AUD", None)
    with tenant_scope(tenant):
        charges = list(made.charges.order_by("description").values_list("description", "quantity", "unit_price"))
    assert charges == [("Documents", Decimal(1), Decimal(40)), ("Sea freight", Decimal(2), Decimal(150))]
    page = plain(admin.text("found_documents"))
    assert "QU-77" in page
    assert "Shipment QU-77" in page


def test_purchase_order_becomes_an_expected_inbound_shipment(
    tenant: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    order(xero, reference="SPRING")

    read(admin)

    made = the_shipment(tenant)
    assert (made.number, made.job_type, made.shipper_name) == ("PO-900", "warehouse", "Coral Coast Imports")
    assert (str(made.eta_date), made.goods, made.customer_reference) == (
        "2026-05-04", "40 pallets of lentils", "SPRING",
    )  # fmt: skip
    assert made.references == {"po": ["PO-900"]}
    with tenant_scope(tenant):
        assert not made.charges.exists()


def test_drafts_and_what_was_there_before_stay_out(tenant: Tenant, xero: SandboxProcess, admin: Visitor) -> None:
    order(xero, status="DRAFT")
    fields = {"Date": "2026-03-01", "Contact": {"Name": "Murray River Produce"}, "LineItems": [LINE]}
    xero.act("create_document", fields={**fields, "QuoteNumber": "QU-1"})

    read(admin)

    assert numbers(tenant) == []


def test_sales_invoice_is_listed_and_becomes_a_booking_by_a_click(
    tenant: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    xero.act(
        "create_document",
        fields={
            "Type": "ACCREC", "Status": "AUTHORISED", "InvoiceNumber": "X-1", "Date": "2026-03-01",
            "DueDate": "2026-03-31", "Contact": {"Name": "Murray River Produce"}, "LineItems": [LINE],
        },
    )  # fmt: skip
    read(admin)
    with tenant_scope(tenant):
        found = FoundDocument.objects.get()
        assert not Shipment.objects.exists()

    admin.post("found_import", found.public_id)
    admin.post("found_import", found.public_id)

    made = the_shipment(tenant)
    assert (made.number, made.goods, made.bill_to.code) == ("X-1", "Sea freight", "MURRAY01")
    with tenant_scope(tenant):
        assert not made.charges.exists(), "it is billed in Xero already"


def test_same_news_twice_changes_nothing(tenant: Tenant, xero: SandboxProcess, admin: Visitor) -> None:
    quote(xero)
    order(xero)
    read(admin)
    with tenant_scope(tenant):
        before = list(Shipment.objects.order_by("id").values())

    read(admin)

    with tenant_scope(tenant):
        assert list(Shipment.objects.order_by("id").values()) == before


def test_changed_news_updates_what_nobody_changed_here_and_tells_the_rest(
    tenant: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    order(xero, reference="SPRING")
    read(admin)
    with tenant_scope(tenant):
        Shipment.objects.update(customer_reference="MINE")
    order(xero, reference="SUMMER", delivery_date="2026-06-01")

    read(admin)

    made = the_shipment(tenant)
    assert (str(made.eta_date), made.customer_reference) == ("2026-06-01", "MINE")
    assert "The reference is SUMMER in Xero, and was changed here." in plain(admin.text("found_documents"))


def test_order_deleted_in_xero_is_told_and_the_shipment_stays(
    tenant: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    order(xero)
    read(admin)
    order(xero, status="DELETED")

    read(admin)

    assert the_shipment(tenant).number == "PO-900"
    assert "It is deleted in Xero; the shipment stands as it is." in plain(admin.text("found_documents"))


def test_unknown_customer_waits_and_comes_in_once_he_is_known(
    tenant: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    quote(xero, Contact={"Name": "Coral Coast Imports"})
    read(admin)
    waiting = plain(admin.text("found_documents"))
    with tenant_scope(tenant):
        CustomerFactory(code="CORAL")
    admin.post("map_customer", code="CORAL", contact="Coral Coast Imports")

    read(admin)

    assert "Coral Coast Imports is matched with no customer" in waiting
    assert the_shipment(tenant).bill_to.code == "CORAL"


def test_number_that_a_shipment_has_already_waits(tenant: Tenant, xero: SandboxProcess, admin: Visitor) -> None:
    shipment(tenant, number="PO-900")
    order(xero)

    read(admin)

    assert "There is a shipment PO-900 already." in plain(admin.text("found_documents"))
    assert the_shipment(tenant).number == "PO-900"


def test_our_own_documents_are_never_imported_back(tenant: Tenant, xero: SandboxProcess, admin: Visitor) -> None:
    send(admin, shipment(tenant))

    read(admin)

    assert len(xero.admin("documents", organisation="AU")["documents"]) > 0
    assert numbers(tenant) == []


def test_reading_costs_a_call_for_each_wanted_list(xero: SandboxProcess, admin: Visitor) -> None:
    read(admin)
    calls = Calls(xero)

    read(admin)

    assert sorted(calls.made()) == ["GET Invoices", "GET PurchaseOrders", "GET Quotes"]
