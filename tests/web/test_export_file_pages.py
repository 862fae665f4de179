"""Documents as a file that a person imports into Xero, and what follows from that for sending."""

import csv
import io
import re
import uuid
from typing import Any

import pytest

from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.work_kinds import Queue
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import ExportFile, SyncJob, TaxRule, XeroConnection, XeroDocument
from invoices.models import Invoice, Shipment
from invoices.workflows.assess_shipments import assess_shipments
from tests.conftest import NOW
from tests.freight_factories import ChargeFactory, CustomerFactory
from tests.sending import Calls, company, go_on, jobs, log_of, send_all, shipments
from tests.web.page_company import Visitor
from tests.xero_company import run_queue, run_workers
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
SALES_HEADER = (
    "*ContactName,EmailAddress,POAddressLine1,POAddressLine2,POAddressLine3,POAddressLine4,POCity,PORegion,"
    "POPostalCode,POCountry,*InvoiceNumber,Reference,*InvoiceDate,*DueDate,Total,InventoryItemCode,*Description,"
    "*Quantity,*UnitAmount,Discount,*AccountCode,*TaxType,TaxAmount,TrackingName1,TrackingOption1,TrackingName2,"
    "TrackingOption2,Currency,BrandingTheme"
)
BILL_HEADER = (
    "*ContactName,EmailAddress,POAddressLine1,POAddressLine2,POAddressLine3,POAddressLine4,POCity,PORegion,"
    "POPostalCode,POCountry,*InvoiceNumber,*InvoiceDate,*DueDate,Total,InventoryItemCode,Description,*Quantity,"
    "*UnitAmount,*AccountCode,*TaxType,TaxAmount,TrackingName1,TrackingOption1,TrackingName2,TrackingOption2,Currency"
)
NEW = {"kind": "sales invoice", "choice": "new"}


def make(person: Visitor, **wanted: Any) -> str:
    """The page of the file that comes of it."""
    answer = person.post("export_file_make", **{**NEW, "form_token": uuid.uuid4(), **wanted})
    assert answer.status_code == 302
    run_queue(Queue.INTERACTIVE)
    number = int(answer["Location"].rstrip("/").rpartition("/")[2])
    return person.text("export_file", number)


def content(person: Visitor, number: int) -> list[dict[str, str]]:
    answer = person.get("export_file_content", number)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


def header(person: Visitor, number: int) -> str:
    return person.get("export_file_content", number).content.decode().partition("\r\n")[0]


def ready(tenant: Tenant, *prices: str, **fields: Any) -> None:
    """Shipments as they stand after an upload."""
    shipments(tenant, *prices, **fields)
    assess(tenant)


def assess(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        assess_shipments(list(Shipment.objects.values_list("pk", flat=True)), tenant=tenant, now=NOW)


def prepared(tenant: Tenant, xero: SandboxProcess, *prices: str) -> None:
    """Approved and in the outbox, while Xero takes nothing."""
    xero.fault("error", status=503, method="PUT", path="/Contacts", times=1)
    shipments(tenant, *prices)
    send_all(tenant)


def states(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant):
        return list(Shipment.objects.order_by("id").values_list("accounting_state", flat=True))


def test_ready_shipments_become_a_file_in_xeros_own_columns_and_nothing_is_sent(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor
) -> None:
    company(tenant, xero)
    with tenant_scope(tenant):
        customer = CustomerFactory(name="Aroha Imports", street="1 Quay St", city="Auckland", country="New Zealand")
    ready(tenant, "100.00", "12.35", bill_to=customer)
    calls = Calls(xero)

    preview = operator.text("export_files", **NEW, takes_ready="on")
    shown = make(operator, takes_ready="on")
    run_workers()

    assert "2 documents" in preview
    assert "(number on approval)" in preview
    assert "<strong>2 documents</strong> in 2 rows" in shown
    assert header(operator, 1) == SALES_HEADER
    first, second = content(operator, 1)
    with tenant_scope(tenant):
        invoice = Invoice.objects.order_by("id")[0]
    assert {name: value for name, value in first.items() if value} == {
        "*ContactName": "Aroha Imports", "EmailAddress": customer.email, "POAddressLine1": "1 Quay St",
        "POCity": "Auckland", "POCountry": "New Zealand", "*InvoiceNumber": "INV-00001",
        "Reference": first["Reference"], "*InvoiceDate": f"{invoice.issue_date:%d/%m/%Y}",
        "*DueDate": f"{invoice.due_date:%d/%m/%Y}", "*Description": first["*Description"], "*Quantity": "1",
        "*UnitAmount": "100", "*AccountCode": "200", "*TaxType": first["*TaxType"], "Currency": "AUD",
    }  # fmt: skip
    assert (second["*InvoiceNumber"], second["*UnitAmount"]) == ("INV-00002", "12.35")
    assert calls.made("PUT") + calls.made("POST") == []
    assert states(tenant) == ["by file", "by file"]


def test_tax_rate_goes_by_the_name_that_xero_shows(tenant: Tenant, xero: SandboxProcess, operator: Visitor) -> None:
    company(tenant, xero)
    ready(tenant, "100.00")

    make(operator, takes_ready="on")

    assert content(operator, 1)[0]["*TaxType"] == "GST on Income"


def test_bills_have_columns_of_their_own(tenant: Tenant, xero: SandboxProcess, operator: Visitor) -> None:
    company(tenant, xero, sides="sales and costs", default_purchase_account="310")
    ready(tenant, "100.00")
    with tenant_scope(tenant):
        TaxRule.objects.create(
            connection=XeroConnection.objects.get(), side="purchases", tax_code="GST", tax_type="INPUT"
        )
        supplier = CustomerFactory(name="Carrier Lines")
        ChargeFactory(
            shipment=Shipment.objects.get(), side="cost", supplier=supplier, supplier_number="CL-77", unit_price="60.00"
        )
    assess(tenant)

    make(operator, kind="bill", takes_ready="on")

    assert header(operator, 1) == BILL_HEADER
    (row,) = content(operator, 1)
    assert (row["*ContactName"], row["*InvoiceNumber"], row["*UnitAmount"]) == ("Carrier Lines", "CL-77", "60")


def test_text_that_a_spreadsheet_would_run_is_defused_and_figures_stay(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor
) -> None:
    company(tenant, xero)
    with tenant_scope(tenant):
        customer = CustomerFactory(name="=cmd|'/C calc'!A0", city="@SUM(A1)")
    ready(tenant, "100.00", bill_to=customer)
    with tenant_scope(tenant):
        ChargeFactory(shipment=Shipment.objects.get(), description="-5 % rebate", unit_price="-20.50")
    assess(tenant)

    make(operator, takes_ready="on")

    first, second = content(operator, 1)
    assert (first["*ContactName"], first["POCity"]) == ("'=cmd|'/C calc'!A0", "'@SUM(A1)")
    assert (second["*Description"][:5], second["*UnitAmount"]) == ("'-5 %", "-20.5")


def test_what_waits_in_the_outbox_is_exported_once_and_stays_out_of_xero(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor
) -> None:
    company(tenant, xero)
    prepared(tenant, xero, "100.00")

    make(operator)
    go_on(tenant)
    again = operator.text("export_files", **NEW)

    assert jobs(tenant, "state", "problem_code") == [("attention", "FB-511")]
    assert _ours(xero) == []
    assert "Nothing is to be exported." in again
    assert ("exported", "Exported by file as xero-sales-invoices-1.csv. It is not sent unless somebody says so.") in (
        log_of(tenant)
    )
    with tenant_scope(tenant):
        assert XeroDocument.objects.get().exported_at is not None


def test_what_is_in_xero_is_left_out_and_counted(tenant: Tenant, xero: SandboxProcess, operator: Visitor) -> None:
    company(tenant, xero)
    shipments(tenant, "100.00")
    send_all(tenant)
    with tenant_scope(tenant):
        day = Invoice.objects.get().issue_date

    preview = operator.text("export_files", kind="sales invoice", choice="range", from_date=day, to_date=day)

    assert "1 of these dates is in Xero already and is left out." in " ".join(preview.split())
    assert "Nothing is to be exported." in preview


def test_what_cannot_be_mapped_is_named_with_its_reason(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor
) -> None:
    company(tenant, xero)
    prepared(tenant, xero, "100.00")
    with tenant_scope(tenant):
        problem = {"code": "FB-301", "subject": "FRT", "words": {"charge_code": "FRT", "side": "sales"}}
        SyncJob.objects.update(state="attention", mapped=None, problem_code="FB-301", problems=[problem])

    preview = operator.text("export_files", **NEW)

    assert "<strong>INV-00001</strong>: Charge code FRT has no ledger account for sales." in preview


def test_file_of_the_same_dates_replaces_the_first_one(tenant: Tenant, xero: SandboxProcess, operator: Visitor) -> None:
    company(tenant, xero)
    ready(tenant, "100.00", "200.00")
    make(operator, takes_ready="on")
    with tenant_scope(tenant):
        invoice = Invoice.objects.order_by("id")[0]
        Invoice.objects.exclude(pk=invoice.pk).update(issue_date="2026-01-05")

    make(operator, choice="range", from_date=invoice.issue_date, to_date=invoice.issue_date)
    shown = operator.text("export_files")

    assert [row["*InvoiceNumber"] for row in content(operator, 2)] == ["INV-00001"]
    assert re.findall(r'data-label="Replaced\?">([^<]*)<', shown) == ["No", "1 of 2"]
    assert re.findall(r'data-label="By">([^<]*)<', shown) == ["operator@acme-freight.example"] * 2
    assert "1 of them stand in a later file again." in operator.text("export_file", 1)


def test_two_clicks_make_one_file(tenant: Tenant, xero: SandboxProcess, operator: Visitor) -> None:
    company(tenant, xero)
    ready(tenant, "100.00")
    wanted = {**NEW, "takes_ready": "on", "form_token": uuid.uuid4()}

    answers = {operator.post("export_file_make", **wanted)["Location"] for _ in range(2)}
    run_workers()

    assert answers == {"/o/acme-freight/export-files/1/"}
    with tenant_scope(tenant):
        assert ExportFile.objects.get().document_count == 1
        event = AuditEvent.objects.get(action="export file asked for")
    assert event.details["invoices_ready_shipments"] is True


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"choice": "range", "from_date": "2026-03-01"}, "A range needs both dates."),
        ({"choice": "range", "from_date": "2026-03-02", "to_date": "2026-03-01"}, "Dated to lies before dated from."),
        ({"from_date": "soon"}, "Dated from: that is no date."),
        ({"kind": "quote"}, "Choose sales invoices or bills."),
    ],
)
def test_bad_choices_are_named_at_their_field(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor, wanted: dict[str, str], words: str
) -> None:
    company(tenant, xero)

    preview = operator.text("export_files", **{**NEW, **wanted})
    operator.post("export_file_make", **{**NEW, **wanted, "form_token": uuid.uuid4()})

    assert words in preview
    assert words in operator.text("export_files")


def test_send_again_is_refused_with_a_question_and_send_anyway_needs_a_word(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor
) -> None:
    company(tenant, xero)
    ready(tenant, "100.00")
    make(operator, takes_ready="on")
    with tenant_scope(tenant):
        invoice = Invoice.objects.get()

    operator.post("invoice_send_again", invoice.public_id)
    refused = operator.text("invoice", invoice.public_id)
    operator.post("invoice_send_anyway", invoice.public_id, reason=" ")
    wordless = operator.text("invoice", invoice.public_id)
    before = _ours(xero)
    operator.post("invoice_send_anyway", invoice.public_id, reason="The file was never imported")
    run_workers()

    assert re.search(r"INV-00001 was exported by file on \d+ \w+ \d+ as xero-sales-invoices-1.csv: send", refused)
    assert "Exported by file" in refused
    assert "Nothing was sent: say in a few words why." in wordless
    assert (before, _ours(xero)) == ([], ["INV-00001"])
    with tenant_scope(tenant):
        event = AuditEvent.objects.get(action="sent although exported by file")
    assert event.details["reason"] == "The file was never imported"
    assert event.details["file"].endswith("as xero-sales-invoices-1.csv")
    assert states(tenant) == ["in xero"]


def test_bulk_send_skips_them_with_the_question_and_sends_them_if_ticked(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor
) -> None:
    company(tenant, xero)
    ready(tenant, "100.00")
    make(operator, takes_ready="on")
    ready(tenant, "200.00")

    dialog = operator.post("send_dialog", all="1", filters="").content.decode()
    operator.post("send", all="1", filters="", form_token=uuid.uuid4())
    run_workers()
    skipped, first = operator.text("send_batch", 1), _ours(xero)
    operator.post("send", skipped_of="1", sends_filed="1", form_token=uuid.uuid4())
    run_workers()

    assert "Send the 1 shipment exported by file all the same." in dialog
    assert re.search(r"INV-00001 was exported by file on .* as xero-sales-invoices-1.csv: send anyway\?", skipped)
    assert (first, _ours(xero)) == (["INV-00002"], ["INV-00001", "INV-00002"])
    assert "INV-00001" in operator.text("send_batch", 2)
    with tenant_scope(tenant):
        assert AuditEvent.objects.get(action="sent although exported by file").details["reason"] == "Chosen in send 2."


def test_shipment_list_shows_and_filters_the_export_date(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor
) -> None:
    company(tenant, xero)
    ready(tenant, "100.00", number="SHP-FILE")
    make(operator, takes_ready="on")
    ready(tenant, "100.00", number="SHP-NONE")
    with tenant_scope(tenant):
        exported = XeroDocument.objects.get().exported_at.astimezone(tenant.zone)
    day = exported.date()

    def listed(**query: Any) -> list[str]:
        return sorted(re.findall(r'">(SHP-\w+)</a>', operator.text("shipments", **query)))

    assert f"{day.day} {day:%b %Y}" in operator.text("shipments", exported="file")
    assert listed(exported="file") == listed(exported="yes") == listed(state="by-file") == ["SHP-FILE"]
    assert listed(exported="no") == ["SHP-NONE"]
    assert listed(exported_from=day, exported_to=day) == ["SHP-FILE"]
    assert listed(exported_from="2030-01-01") == []


def test_export_needs_the_permission_to_send(tenant: Tenant, xero: SandboxProcess, viewer: Visitor) -> None:
    company(tenant, xero)

    assert viewer.post("export_file_make", **NEW, form_token=uuid.uuid4()).status_code == 403


def _ours(xero: SandboxProcess) -> list[str]:
    found = xero.admin("documents", organisation="AU")["documents"]
    return sorted(one["number"] for one in found if one["created_by"] == "sandbox-client")
