"""
From set-up to paid, by the pages, for users of the four systems that do this today: an FT tenant with consolidated
invoices and all references, an ID exporter with quotes by status, a QA haulier with both sides and dimensions, an MS
warehouse with cost centres on a schedule. Real HTTP.
"""

import csv
import io

import pytest

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Queue
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.open_gateway import open_gateway
from integrations.models import ChargeRule, SendSchedule, TaxRule, XeroConnection
from invoices.models import Customer, Shipment
from tests.freight_factories import BillingEntityFactory, ChargeCodeFactory, TaxCodeFactory
from tests.web.kinds_company import in_xero, invoices, plain, send, the_invoice
from tests.web.page_company import Visitor, visitor
from tests.web.test_upload_pages import choose, work
from tests.xero_company import connect, run_queue, run_workers
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everything_polled")]
BOOKING = {
    "Customer Code": "BLUE001", "Customer Name": "Blue Mountains Imports", "Incoterm": "FOB", "Value of Goods": "900",
    "ETD": "2026-03-04", "Currency": "AUD", "Charge Description": "Freight", "Quantity": "1", "Tax Code": "GST",
}  # fmt: skip


@pytest.fixture
def admin(tenant: Tenant, xero: SandboxProcess) -> Visitor:
    """Connected, with charge codes; nothing is mapped."""
    connect(tenant, xero)
    with tenant_scope(tenant):
        ChargeRule.objects.all().delete()
        TaxRule.objects.all().delete()
        BillingEntityFactory()
        gst = TaxCodeFactory()
        for code in ("FRT", "STORE", "PICK", "SHIP"):
            ChargeCodeFactory(code=code, sales_tax_code=gst, purchase_tax_code=gst)
    person = visitor(tenant, "admin")
    person.post("map_charge", code="FRT", side="sales", account="200")
    person.post("map_tax", code="GST", side="sales", tax_type="OUTPUT")
    return person


def upload(person: Visitor, *rows: dict[str, str]) -> list[Shipment]:
    """As a file with our template's columns; all of it is imported."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    choose(person, text.getvalue())
    work()
    person.post("upload_import", 1)
    work()
    with tenant_scope(person.tenant):
        return list(Shipment.objects.order_by("id"))


def pay(person: Visitor, xero: SandboxProcess, number: str, amount: str) -> str:
    """In Xero, by whoever works there; then somebody asks for news. What the invoice's page says."""
    xero.act("pay", document=number, amount=amount)
    person.post("check_payments")
    run_queue(Queue.POLL)
    return plain(person.text("invoice", the_invoice(person.tenant, number=number).public_id))


def test_freight_tracker_user_sends_a_month_as_one_invoice_with_every_reference(
    xero: SandboxProcess, admin: Visitor
) -> None:
    with tenant_scope(admin.tenant):
        Customer.objects.create(code="BLUE001", name="Blue Mountains Imports", grouping="monthly")
    made = upload(
        admin,
        *(
            {**BOOKING, "Shipment Number": f"FT-{n}", "Customer Reference": f"PO-{n}", "B/L Numbers": f"BL-{n}",
             "Charge Code": "FRT", "Unit Price": "100"}
            for n in range(1, 4)
        ),
    )  # fmt: skip

    send(admin, *made)

    ((number, status, total, reference, lines),) = in_xero(xero, "number", "status", "total", "reference", "lines")
    assert (number, status, total, reference) == ("INV-00001", "AUTHORISED", "330.00", "PO-1, PO-2, PO-3")
    assert [line["description"] for line in lines] == [f"Freight · FT-{n} · PO-{n}" for n in range(1, 4)]
    assert "Paid" in pay(admin, xero, "INV-00001", "330.00")


def test_impex_docs_user_quotes_when_the_status_is_reached_and_invoices_what_was_accepted(
    xero: SandboxProcess, admin: Visitor
) -> None:
    admin.post(
        "send_triggers", statuses=["invoice ready"], is_automatic="on", mode="off", every_minutes="15", at_times=""
    )
    row = {**BOOKING, "Shipment Number": "ID-1", "Becomes": "quote", "Charge Code": "FRT", "Unit Price": "250"}
    upload(admin, {**row, "Status": "invoice ready"}, {**row, "Shipment Number": "ID-2", "Status": "booked"})
    run_workers()
    assert in_xero(xero, "collection", "number", "total") == [("Quotes", "Q-00001", "275.00")]

    admin.post("quote_invoice", the_invoice(admin.tenant, kind="quote").public_id)
    run_workers()

    assert ("Invoices", "INV-00001", "275.00") in in_xero(xero, "collection", "number", "total")
    assert "Paid" in pay(admin, xero, "INV-00001", "275.00")


def option_id(tenant: Tenant, name: str) -> str:
    """As Xero tells it."""
    with tenant_scope(tenant):
        connection = XeroConnection.objects.get()
    gateway = open_gateway(tenant_id=tenant.pk, connection_id=connection.pk)
    categories = gateway.read("TrackingCategories").json()["TrackingCategories"]
    (found,) = [one for category in categories for one in category["Options"] if one["Name"] == name]
    return str(found["TrackingOptionID"])


def test_qargo_user_sends_both_sides_with_dimensions(xero: SandboxProcess, admin: Visitor) -> None:
    admin.post("map_charge", code="FRT", side="purchases", account="303")
    admin.post("map_tax", code="GST", side="purchases", tax_type="INPUT")
    admin.post("mapping_tracking", dimension="branch", value="SYD", pair="Branch: Port")
    row = {**BOOKING, "Shipment Number": "QA-1", "Branch": "SYD", "Charge Code": "FRT"}
    (made,) = upload(
        admin,
        {**row, "Unit Price": "500", "Side": "sell"},
        {**row, "Unit Price": "300", "Side": "cost", "Supplier Code": "HAUL", "Supplier Name": "Haul Pty Ltd",
         "Supplier Invoice Number": "H-77"},
    )  # fmt: skip

    send(admin, made, sides="sales and costs")

    sale, bill = in_xero(xero, "number", "total", "lines")[1], in_xero(xero, "number", "total", "lines")[0]
    assert {sale[:2], bill[:2]} == {("INV-00001", "550.00"), ("H-77", "330.00")}
    for _, _, lines in (sale, bill):
        assert [line["tracking"] for line in lines] == [[option_id(admin.tenant, "Port")]]
    assert "Paid" in pay(admin, xero, "INV-00001", "550.00")


def test_mintsoft_user_has_the_warehouse_billed_by_cost_centre_on_a_schedule(
    xero: SandboxProcess, admin: Visitor
) -> None:
    for centre, account in (("STORAGE", "208"), ("PICKING", "209"), ("", "206")):
        admin.post(
            "mapping_lines", side="sales", charge_code="", cost_centre=centre or "SHIPPING", account_code=account
        )
    admin.post("send_triggers", statuses=["closed"], mode="every", every_minutes="15", at_times="")
    job = {
        "Shipment Number": "MS-1", "Job Type": "warehouse", "Status": "closed", "Customer Code": "SHOP",
        "Customer Name": "Web Shop Ltd", "ETD": "2026-03-04", "Currency": "AUD", "Quantity": "1", "Tax Code": "GST",
    }  # fmt: skip
    upload(
        admin,
        {**job, "Charge Code": "STORE", "Charge Description": "Storage", "Unit Price": "40", "Cost Centre": "STORAGE"},
        {**job, "Charge Code": "PICK", "Charge Description": "Picking", "Unit Price": "30", "Cost Centre": "PICKING"},
        {**job, "Charge Code": "SHIP", "Charge Description": "Parcel", "Unit Price": "20", "Cost Centre": "SHIPPING"},
    )
    run_workers()
    assert invoices(admin.tenant, "number") == []

    its_time_comes(admin.tenant)

    ((number, total, lines),) = in_xero(xero, "number", "total", "lines")
    assert (number, total) == ("INV-00001", "99.00")
    assert [line["account_code"] for line in lines] == ["208", "209", "206"]
    assert "Paid" in pay(admin, xero, "INV-00001", "99.00")


def its_time_comes(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        SendSchedule.objects.update(next_run_at=read_clock())
        WorkItem.objects.filter(kind="send by schedule").update(next_at=read_clock())
    run_workers()
    run_workers()
