from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.enqueue_work import has_work
from freightbridge.background_work.work_kinds import Queue, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import ChargeCode, Customer, Invoice, Shipment, ShipmentCharge, SourceRow
from invoices.models.shipment import Readiness
from invoices.models.upload import UploadState
from invoices.work_names import IMPORT_UPLOAD
from invoices.workflows.check_upload import UploadStateError, start_check
from invoices.workflows.draft_shipment import draft_shipment
from invoices.workflows.import_upload import NO_ENTITY, importing_gave_up, start_import
from invoices.workflows.receive_upload import receive_upload
from tests.conftest import make_member
from tests.intake.planned_files import csv_file
from tests.intake.workbook_files import workbook
from tests.workflows.uploads import check, company, fresh, jobs, line, report, run, shipment, take_in

FULL = {
    "Shipment Number": "S-1", "Row ID": "88", "Job Type": "booking", "Status": "delivered", "Customer Code": "BLUE",
    "Customer Name": "Blue Ltd", "Consignee Code": "RED", "Consignee Name": "Red Ltd", "Buyer Code": "blue",
    "Shipper": "Ever Bright", "Customer Reference": "PO-7781", "Exporter Reference": "EX-1", "PO Numbers": "PO-1; PO-2",
    "Quote Numbers": "Q-1", "B/L Numbers": "BL-1", "AWB Numbers": "081-1", "Container Numbers": "MSKU1234565",
    "Mode": "ocean", "Origin": "CNSHA", "Destination": "AUSYD", "Incoterm": "FOB", "Branch": "Sydney",
    "Department": "Sea", "Goods": "Tiles", "Weight (kg)": "1,240.5", "Value of Goods": "18500.00", "ETD": "2026-03-04",
    "ETA": "2026-03-21", "Delivery Date": "2026-03-25", "Currency": "USD", "Exchange Rate": "0.65",
    "Charge Code": "OFR", "Charge Description": "Ocean freight", "Quantity": "2", "Unit Price": "1250.555",
    "Discount %": "5", "Tax Code": "GST", "Cost Centre": "SYD-WH1", "Charge Reference": "CR-1", "Side": "cost",
    "Supplier Code": "CARR",
    "Supplier Name": "Carrier Ltd", "Supplier Invoice Number": "C-1",
}  # fmt: skip


def test_every_field_arrives(tenant: Tenant) -> None:
    take_in(tenant, csv_file(list(FULL), list(FULL.values())), by=company(tenant))

    with tenant_scope(tenant):
        one = Shipment.objects.select_related("bill_to", "consignee", "buyer").get()
        charge = one.charges.select_related("charge_code", "tax_code", "supplier").get()
    plain = ("job_type", "status", "shipper_name", "customer_reference", "exporter_reference", "mode", "origin",
             "destination", "incoterm", "branch", "department", "goods", "currency")  # fmt: skip
    assert [getattr(one, name) for name in plain] == [
        "booking", "delivered", "Ever Bright", "PO-7781", "EX-1", "sea", "CNSHA", "AUSYD", "FOB", "Sydney", "Sea",
        "Tiles", "USD",
    ]  # fmt: skip
    assert (one.bill_to.code, one.consignee.name, one.buyer) == ("BLUE", "Red Ltd", one.bill_to)
    assert one.references == {
        "po": ["PO-1", "PO-2"], "quote": ["Q-1"], "bl": ["BL-1"], "awb": ["081-1"], "container": ["MSKU1234565"],
    }  # fmt: skip
    assert (one.weight_kg, one.declared_value, one.exchange_rate) == (
        Decimal("1240.5"),
        Decimal(18500),
        Decimal("0.65"),
    )
    assert (one.etd_date, one.eta_date, one.delivery_date) == (date(2026, 3, 4), date(2026, 3, 21), date(2026, 3, 25))
    assert one.list_date == one.etd_date
    assert one.search_text.split("\n") == [
        "s-1", "po-7781", "po-1", "po-2", "q-1", "bl-1", "081-1", "msku1234565", "ex-1",
    ]  # fmt: skip
    assert (charge.charge_code.code, charge.tax_code.code, charge.supplier.name) == ("OFR", "GST", "Carrier Ltd")
    assert (charge.quantity, charge.unit_price, charge.discount_percent) == (2, Decimal("1250.555"), 5)
    assert (charge.description, charge.reference, charge.side) == ("Ocean freight", "CR-1", "cost")
    assert charge.cost_centre == "SYD-WH1"
    assert (charge.supplier_number, charge.source_key) == ("C-1", "88/cost:OFR#1")
    assert charge.supplier.is_supplier


def test_workbook_goes_in_as_a_csv_does(tenant: Tenant) -> None:
    sheet = [
        ["Jobs of March"],
        [
            "Shipment Number",
            "Customer Code",
            "Customer Name",
            "ETD",
            "Currency",
            "Charge Code",
            "Quantity",
            "Unit Price",
        ],
        ["S-1", "BLUE", "Blue Ltd", date(2026, 3, 4), "AUD", "FRT", 3, 0.1],
        [None, "BLUE", "Blue Ltd", date(2026, 3, 4), "AUD", "THC", 1, 12.565],
    ]

    upload = take_in(tenant, workbook({"Notes": [], "Jobs": sheet}, merged=["A3:A4"]), by=company(tenant))

    assert [(row, number) for row, number, _, _ in report(tenant, upload)] == [(3, "S-1"), (4, "S-1")]
    assert shipment(tenant, "S-1", "etd_date") == {"etd_date": date(2026, 3, 4)}
    with tenant_scope(tenant):
        lines = ShipmentCharge.objects.order_by("id").values_list("quantity", "unit_price")
        assert list(lines) == [(3, Decimal("0.1")), (1, Decimal("12.565"))]


def test_shipment_without_dates_is_listed_by_the_day_it_came(tenant: Tenant) -> None:
    """Of the tenant's own zone, where it may be tomorrow already."""
    take_in(tenant, jobs(line("S-1")), by=company(tenant))

    found = shipment(tenant, "S-1", "list_date", "created_at")
    assert found["list_date"] == found["created_at"].astimezone(tenant.zone).date()


def test_import_does_what_the_dry_run_foretold(tenant: Tenant) -> None:
    person = company(tenant)
    content = jobs(line("S-1"), line("S-2", "XYZ"), line("S-1", "THC"), line(""), line("S-3", Customer_Code="RED"))
    upload = check(tenant, content, by=person)
    foretold = report(tenant, upload)

    with tenant_scope(tenant):
        start_import(upload, by=person, now=read_clock())
    run(Queue.BULK)

    done = fresh(tenant, upload)
    assert (done.state, done.rows_done) == (UploadState.DONE, 5)
    assert report(tenant, done) == foretold


def test_states_of_imported_shipments_are_right_at_once(tenant: Tenant) -> None:
    content = jobs(line("S-1"), line("S-2", Incoterm=""), line("S-3", price=""), line("S-4", "XYZ"))

    take_in(tenant, content, by=company(tenant))

    with tenant_scope(tenant):
        states = Shipment.objects.order_by("number").values_list("readiness", "accounting_state")
        assert list(states) == [
            ("ready", "ready"), ("not ready", "not ready"), ("nothing", "nothing"), ("not ready", "not ready"),
        ]  # fmt: skip


def test_same_file_again_writes_nothing(tenant: Tenant) -> None:
    person, content = company(tenant), jobs(line("S-1"), line("S-1", "THC"), line("S-2", "XYZ"))
    take_in(tenant, content, by=person)
    with tenant_scope(tenant):
        before = list(Shipment.objects.order_by("id").values()), list(ShipmentCharge.objects.order_by("id").values())

    upload = take_in(tenant, content, by=person)

    assert {outcome for _, _, outcome, _ in report(tenant, upload)} == {"same"}
    with tenant_scope(tenant):
        assert before == (
            list(Shipment.objects.order_by("id").values()),
            list(ShipmentCharge.objects.order_by("id").values()),
        )


def test_changed_file_changes_what_it_says_and_leaves_what_people_changed(tenant: Tenant) -> None:
    person = company(tenant)
    take_in(tenant, jobs(line("S-1"), line("S-1", "THC", "40")), by=person)
    with tenant_scope(tenant):
        Shipment.objects.update(incoterm="CIF")

    take_in(
        tenant, jobs(line("S-1", Value_of_Goods="6000"), line("S-1", "THC", "55", Value_of_Goods="6000")), by=person
    )

    assert shipment(tenant, "S-1", "incoterm", "declared_value") == {"incoterm": "CIF", "declared_value": Decimal(6000)}
    with tenant_scope(tenant):
        prices = ShipmentCharge.objects.order_by("id").values_list("unit_price", flat=True)
        assert list(prices) == [100, 55]


def test_charge_on_an_invoice_is_changed_and_the_row_says_so(tenant: Tenant) -> None:
    person = company(tenant)
    take_in(tenant, jobs(line("S-1")), by=person)
    with tenant_scope(tenant):
        draft_shipment(Shipment.objects.get(), tenant=tenant, by=person.email, now=read_clock())

    upload = take_in(tenant, jobs(line("S-1", price="120"), line("S-1", "THC", "40")), by=person)
    told = "The charge is on a draft invoice; what was sent changes only once somebody sends the change."

    assert report(tenant, upload) == [
        (2, "S-1", "changed", [told]),
        (3, "S-1", "new", []),
    ]
    with tenant_scope(tenant):
        assert list(ShipmentCharge.objects.order_by("id").values_list("unit_price", flat=True)) == [120, 40]
        # A draft follows its charges; it takes none that is new.
        assert list(Invoice.objects.values_list("net_total", flat=True)) == [120]
        assert Shipment.objects.get().readiness == Readiness.READY


def test_customers_and_declared_codes_are_made_once(tenant: Tenant) -> None:
    content = csv_file(
        ["Job No", "Customer Code", "Customer Name", "Port Fee (AUD)"],
        ["S-1", "BLUE", "Blue Ltd", "10"],
        ["S-2", "blue", "BLUE LTD", "20"],
    )
    person = company(tenant)
    with tenant_scope(tenant):
        upload = receive_upload(content, file_name="fees.csv", by=person, now=read_clock())
        start_check(upload, rules=upload.rules, by=person, now=read_clock())
    run(Queue.INTERACTIVE)
    with tenant_scope(tenant):
        start_import(upload, by=person, now=read_clock())
    run(Queue.BULK)

    with tenant_scope(tenant):
        assert list(Customer.objects.values_list("code", "name")) == [("BLUE", "Blue Ltd")]
        assert list(ChargeCode.objects.filter(code="PORT").values_list("name", "sales_tax_code")) == [
            ("Port Fee (AUD)", None)
        ]
        assert set(Shipment.objects.values_list("readiness", flat=True)) == {"not ready"}


def test_shipments_come_in_before_the_company_has_said_by_whom_it_invoices(tenant: Tenant) -> None:
    upload = take_in(tenant, jobs(line("S-1")), by=make_member(tenant, "operator"))

    assert (upload.state, upload.notes) == (UploadState.DONE, [NO_ENTITY])


def test_second_click_imports_nothing_twice(tenant: Tenant) -> None:
    person = company(tenant)
    upload = check(tenant, jobs(line("S-1")), by=person)

    with tenant_scope(tenant):
        start_import(upload, by=person, now=read_clock())
        start_import(upload, by=person, now=read_clock())
    run(Queue.BULK)
    with tenant_scope(tenant):
        start_import(upload, by=person, now=read_clock())
        assert not has_work(IMPORT_UPLOAD, upload.pk)
        assert AuditEvent.objects.filter(action="import upload").count() == 1
        assert SourceRow.objects.count() == 1


def test_upload_that_was_not_checked_is_not_imported(tenant: Tenant) -> None:
    person = company(tenant)
    with tenant_scope(tenant):
        upload = receive_upload(jobs(line("S-1")), file_name="jobs.csv", by=person, now=read_clock())

        with pytest.raises(UploadStateError, match="is in the state “Being checked”"):
            start_import(upload, by=person, now=read_clock())


def test_import_that_was_given_up_says_so_and_goes_on_where_it_stopped(tenant: Tenant) -> None:
    person = company(tenant)
    upload = check(tenant, jobs(line("S-1"), line("S-2")), by=person)
    with tenant_scope(tenant):
        start_import(upload, by=person, now=read_clock())
    importing_gave_up(Work(tenant_id=tenant.pk, subject_id=upload.pk), "OperationalError: gone")
    stopped = fresh(tenant, upload)
    assert (stopped.state, stopped.failure[:27]) == (UploadState.STOPPED, "The import stopped, which i")

    with tenant_scope(tenant):
        start_import(stopped, by=person, now=read_clock())
    run(Queue.BULK)

    done = fresh(tenant, upload)
    assert (done.state, done.failure, done.rows_done) == (UploadState.DONE, "", 2)


@pytest.mark.parametrize("count", [3, 300])
def test_number_of_queries_does_not_grow_with_the_file(tenant: Tenant, count: int) -> None:
    person = company(tenant)
    lines = [line(f"S-{n}", Customer_Code=f"C-{n}", Customer_Name=f"Customer {n}") for n in range(count)]
    upload = check(tenant, jobs(*lines, *(line(f"S-{n}", "THC") for n in range(count))), by=person)
    with tenant_scope(tenant):
        start_import(upload, by=person, now=read_clock())

    with CaptureQueriesContext(connection) as queries:
        run(Queue.BULK)

    assert fresh(tenant, upload).state == UploadState.DONE
    assert len(queries) == 94
