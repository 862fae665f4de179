"""Five hundred shipments on one invoice, and none of their references lost (F8, F68, N5)."""

import re
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.open_gateway import open_gateway
from integrations.models import SendBatch, XeroDocument
from invoices.models import Invoice, InvoiceLine, Shipment
from invoices.workflows import choose_members
from invoices.workflows.assess_shipments import assess_shipments
from tests.conftest import NOW
from tests.freight_factories import ChargeFactory, CustomerFactory, ShipmentFactory
from tests.sending import jobs
from tests.web.kinds_company import in_xero, invoices, plain, send, shipment, supplier, trading_company
from tests.web.page_company import Visitor
from tests.xero_company import run_workers
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 500


def monthly_shipments(tenant: Tenant, count: int) -> list[Shipment]:
    with tenant_scope(tenant):
        customer = CustomerFactory(code="MONTHLY", grouping="monthly")
        made = [
            ShipmentFactory(
                number=f"DN-{number:04}", bill_to=customer, customer_reference=f"PO-{number:04}",
                references={"awb": [f"AWB-{number:04}"]},
            )
            for number in range(1, count + 1)
        ]  # fmt: skip
        for one in made:
            ChargeFactory(shipment=one, unit_price="10.00")
        assess_shipments([one.pk for one in made], tenant=tenant, now=NOW)
        return made


def notes_in_xero(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant):
        document = XeroDocument.objects.get()
    gateway = open_gateway(tenant_id=tenant.pk, connection_id=document.connection_id)
    records = gateway.read(f"Invoices/{document.xero_id}/History").json()["HistoryRecords"]
    return [one["Details"] for one in records if one["Details"].startswith("References")]


@pytest.mark.pdf
@pytest.mark.timeout(400)
def test_five_hundred_shipments_go_onto_one_invoice_with_all_their_references(
    tenant: Tenant, xero: SandboxProcess
) -> None:
    operator = trading_company(tenant, xero, attach_pdf=True)
    made = monthly_shipments(tenant, MANY)

    operator.post("send", all="1", filters="state=ready", form_token="6c3c8c53-6a0f-4b7e-8f53-0b6f2f6b9a01")
    run_workers()
    run_workers()

    ((number, status, total, reference, lines, files),) = in_xero(
        xero, "number", "status", "total", "reference", "lines", "attachments"
    )
    assert (number, status, total) == ("INV-00001", "AUTHORISED", "5500.00")
    assert re.fullmatch(r"PO-0001, .* \+ \d+ more", reference)
    assert len(reference) <= 255
    assert [line["description"] for line in lines[:1]] == ["Ocean freight · DN-0001 · PO-0001"]
    assert all(one.number in line["description"] for one, line in zip(made, lines, strict=True))
    assert all(one.customer_reference in line["description"] for one, line in zip(made, lines, strict=True))
    assert len(files) == 1
    history = " ".join(notes_in_xero(tenant))
    printed = text_of_pdf(operator)
    wanted = [text for one in made for text in (one.number, one.customer_reference, one.references["awb"][0])]
    assert [text for text in wanted if text not in history] == []
    assert [text for text in wanted if text not in printed] == []


def text_of_pdf(operator: Visitor) -> str:
    with tenant_scope(operator.tenant):
        invoice = Invoice.objects.get()
    content = operator.get("invoice_pdf", invoice.public_id).content
    return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_notes_are_no_documents_of_the_batch(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero)
    made = monthly_shipments(tenant, 40)

    send(operator, *made)
    page = plain(operator.text("send_batch", 1))

    assert jobs(tenant, "operation", "state") == [("create", "done"), ("note", "done")]
    assert "1 document" in page
    assert "In Xero 1" in page
    assert "a made-up invoice" not in operator.text("reference_example", reference_template="{number}")


def test_references_that_fit_need_no_note(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero)

    send(operator, *monthly_shipments(tenant, 3))

    assert in_xero(xero, "reference") == [("PO-0001, PO-0002, PO-0003",)]
    assert jobs(tenant, "operation") == ["create"]


def test_chunks_of_a_batch_split_no_customers_invoice(
    tenant: Tenant, xero: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choose_members, "CHUNK", 2)
    operator = trading_company(tenant, xero)
    made = monthly_shipments(tenant, 5)
    other = shipment(tenant)

    send(operator, *made, other)

    with tenant_scope(tenant):
        counts = [InvoiceLine.objects.filter(invoice=pk).count() for pk in Invoice.objects.values_list("pk", flat=True)]
        assert SendBatch.objects.get().prepared_at is not None
    assert sorted(counts) == [1, 5]


def test_chunks_of_a_batch_split_no_bill(tenant: Tenant, xero: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose_members, "CHUNK", 1)
    operator = trading_company(tenant, xero, sides="sales and costs")
    cost: dict[str, Any] = {"supplier": supplier(tenant), "supplier_number": "C-1"}

    send(operator, *(shipment(tenant, cost) for _ in range(3)))

    assert [str(total) for total in invoices(tenant, "total", kind="bill")] == ["2640.00"]
