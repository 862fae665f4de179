"""What happens to a document after it was created: new lines, a void, an allocation, a note."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.open_gateway import open_gateway
from integrations.mapping.source import DocumentKind, ExportableDocument
from integrations.models import SyncJob, XeroConnection, XeroDocument
from integrations.models.sync_job import Priority
from integrations.outbox.apply_decision import Happened, happen
from integrations.outbox.enqueue_change import enqueue_allocation, enqueue_note, enqueue_update, enqueue_void
from integrations.outbox.enqueue_job import Export, enqueue_creates
from integrations.outbox.job_events import CancelRequested
from integrations.outbox.sender import Sender
from integrations.reference_data.load_rules import load_rules
from invoices.models import BillingEntity, Invoice
from tests.conftest import NOW
from tests.freight_factories import BillingEntityFactory, CustomerFactory
from tests.mapping.mapping_cases import source_of
from tests.sending import Calls, deliver, go_on, jobs, log_of, ours_in_xero, quiet_over
from tests.xero_company import PERSON, connect
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def sender() -> Sender:
    connection = XeroConnection.objects.get()
    rules = load_rules(connection, customer_codes={"MURRAY01"})
    return Sender(connection=connection, rules=rules, link_base="https://fb.example", by=PERSON, priority=Priority.BULK)


def create(tenant: Tenant, kind: DocumentKind, number: str) -> XeroDocument:
    """In Xero, approved."""
    with tenant_scope(tenant):
        now = read_clock()
        enqueue_creates([Export(source=document(kind, number), invoice_id=invoice(kind))], sender=sender(), now=now)
    deliver()
    with tenant_scope(tenant):
        return XeroDocument.objects.get(number=number)


def document(kind: DocumentKind, number: str, **changes: Any) -> ExportableDocument:
    return replace(source_of({"number": number, "source_id": number}), kind=kind, **changes)


def invoice(kind: DocumentKind) -> int:
    created: Invoice = Invoice.objects.create(
        kind=kind, billing_entity=BillingEntity.objects.first() or BillingEntityFactory(), customer=CustomerFactory(),
        issue_date=NOW.date(), currency="AUD", exchange_rate=1, net_total=1250, tax_total=125, total=1375,
        created_at=NOW,
    )  # fmt: skip
    return created.pk


def change(tenant: Tenant, act: Any, *arguments: Any, **keywords: Any) -> None:
    with tenant_scope(tenant):
        act(*arguments, **keywords, sender=sender(), now=read_clock())
    deliver()


def dearer(source: ExportableDocument) -> ExportableDocument:
    (line,) = source.lines
    lines = (
        replace(line, unit_price=line.unit_price * 2, net_amount=line.net_amount * 2, tax_amount=line.tax_amount * 2),
    )
    return replace(source, lines=lines, net_total=source.net_total * 2, tax_total=source.tax_total * 2)


@pytest.mark.parametrize("kind", [DocumentKind.SALES_INVOICE, DocumentKind.QUOTE, DocumentKind.SALES_CREDIT_NOTE])
def test_update_keeps_the_id_and_takes_the_new_lines(tenant: Tenant, xero: SandboxProcess, kind: DocumentKind) -> None:
    connect(tenant, xero)
    before = create(tenant, kind, "A-1")

    change(tenant, enqueue_update, before, dearer(document(kind, "A-1")))

    ((number, total),) = ours_in_xero(xero, "number", "total")
    with tenant_scope(tenant):
        after = XeroDocument.objects.get()
    assert jobs(tenant, "operation", "state") == [("create", "done"), ("update", "done")]
    assert (number, Decimal(total)) == ("A-1", 2 * before.total)
    assert (after.xero_id, after.total, after.state) == (before.xero_id, 2 * before.total, "in xero")


def test_update_waits_for_the_documents_open_job(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    xero.fault("lost_answer", method="PUT", path="/Invoices", times=1)
    before = create(tenant, DocumentKind.SALES_INVOICE, "A-1")
    change(tenant, enqueue_update, before, dearer(document(DocumentKind.SALES_INVOICE, "A-1")))
    waiting = jobs(tenant, "state")

    go_on(tenant)

    assert waiting == ["unknown", "queued"]
    assert jobs(tenant, "state") == ["done", "done"]
    assert [Decimal(total) for total in ours_in_xero(xero, "total")] == [2 * before.total]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (DocumentKind.SALES_INVOICE, "VOIDED"),
        (DocumentKind.SALES_CREDIT_NOTE, "VOIDED"),
        (DocumentKind.QUOTE, "DELETED"),
    ],
)
def test_void_looks_first_and_ends_the_document(
    tenant: Tenant, xero: SandboxProcess, kind: DocumentKind, status: str
) -> None:
    connect(tenant, xero)
    standing = create(tenant, kind, "A-1")

    change(tenant, enqueue_void, standing)

    with tenant_scope(tenant):
        document_state = XeroDocument.objects.get().state
    assert jobs(tenant, "operation", "state") == [("create", "done"), ("void", "done")]
    assert (ours_in_xero(xero, "status"), document_state) == ([status], "voided")


def test_paid_invoice_is_not_voided_and_says_why(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    standing = create(tenant, DocumentKind.SALES_INVOICE, "A-1")
    xero.act("pay", document="A-1")
    calls = Calls(xero)

    change(tenant, enqueue_void, standing)

    assert jobs(tenant, "state", "problem_code")[1] == ("attention", "FB-508")
    assert calls.made("POST") == []


@pytest.mark.parametrize("fault", ["", "lost_answer", "reset_before"])
def test_credit_is_allocated_once_whatever_happens(tenant: Tenant, xero: SandboxProcess, fault: str) -> None:
    connect(tenant, xero)
    billed = create(tenant, DocumentKind.SALES_INVOICE, "A-1")
    credit = create(tenant, DocumentKind.SALES_CREDIT_NOTE, "C-1")
    if fault:
        xero.fault(fault, method="PUT", path="/Allocations", times=1)

    change(tenant, enqueue_allocation, credit, billed, amount=Decimal("100.00"))
    for _ in range(2):
        quiet_over(tenant)
        go_on(tenant)

    gateway = open_gateway(tenant_id=tenant.pk, connection_id=billed.connection_id)
    (standing,) = gateway.read(f"Invoices/{billed.xero_id}").json()["Invoices"]
    assert jobs(tenant, "operation", "state")[2] == ("allocate", "done")
    assert standing["AmountDue"] == billed.total - 100


def test_allocation_waits_until_both_are_approved(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero, target_status="DRAFT")
    billed = create(tenant, DocumentKind.SALES_INVOICE, "A-1")
    credit = create(tenant, DocumentKind.SALES_CREDIT_NOTE, "C-1")

    change(tenant, enqueue_allocation, credit, billed, amount=Decimal("100.00"))

    assert jobs(tenant, "operation", "state")[2] == ("allocate", "sending")
    assert log_of(tenant)[-1] == ("waiting", "Waits until C-1 and A-1 are approved in Xero.")


@pytest.mark.parametrize("fault", ["", "lost_answer", "reset_before"])
def test_note_stands_in_the_history_once(tenant: Tenant, xero: SandboxProcess, fault: str) -> None:
    connect(tenant, xero)
    standing = create(tenant, DocumentKind.SALES_INVOICE, "A-1")
    if fault:
        xero.fault(fault, method="PUT", path="/History", times=1)

    change(tenant, enqueue_note, standing, text="All references: PO-1, PO-2")
    for _ in range(2):
        quiet_over(tenant)
        go_on(tenant)

    with tenant_scope(tenant):
        job = SyncJob.objects.get(operation="note")
    gateway = open_gateway(tenant_id=tenant.pk, connection_id=job.connection_id)
    records = gateway.read(f"Invoices/{standing.xero_id}/History").json()["HistoryRecords"]
    assert job.state == "done"
    assert [one["Details"] for one in records if "PO-1" in one["Details"]] == ["All references: PO-1, PO-2"]


def test_note_on_what_was_given_up_is_given_up_with_it(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    with tenant_scope(tenant):
        now, source = read_clock(), document(DocumentKind.SALES_INVOICE, "A-1")
        (job,) = enqueue_creates([Export(source=source, invoice_id=invoice(source.kind))], sender=sender(), now=now)
        enqueue_note(job.document, text="References: PO-1", sender=sender(), now=now)
        happen([Happened(job, CancelRequested())], now=now)

    deliver()

    assert jobs(tenant, "operation", "state", "problem_code") == [
        ("create", "cancelled", ""),
        ("note", "cancelled", ""),
    ]
    with tenant_scope(tenant):
        assert XeroDocument.objects.get().state == "cancelled"


def test_addition_leaves_the_moment_of_sending_alone(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    standing = create(tenant, DocumentKind.SALES_INVOICE, "A-1")

    change(tenant, enqueue_note, standing, text="References: PO-1")

    with tenant_scope(tenant):
        after = XeroDocument.objects.get()
    assert (after.sent_at, after.state) == (standing.sent_at, "in xero")
