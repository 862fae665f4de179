"""The look-up by mark: what it asks Xero for, and whose each document is that it finds."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.mapping.document_identity import short_identity
from integrations.mapping.source import DocumentKind
from integrations.models import ChargeRule, SyncJob, TaxRule, XeroConnection, XeroDocument
from integrations.models.mapping_rule import RuleSide
from integrations.outbox.enqueue_job import Export, enqueue_creates
from integrations.outbox.find_in_xero import element_id, mark_of, mark_on
from tests.outbox.test_change_steps import document, invoice, sender
from tests.sending import Calls, deliver, documents, go_on, jobs, ours_in_xero
from tests.xero_company import connect
from tests.xero_sandbox.sandbox_process import SandboxProcess

IDENTITY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SHORT = short_identity(IDENTITY)


@pytest.mark.parametrize(
    ("path", "kind", "element"),
    [
        ("Invoices", DocumentKind.SALES_INVOICE, {"Url": f"https://fb.example/d/{IDENTITY}"}),
        ("Invoices", DocumentKind.BILL, {"Url": f"https://fb.example/d/{IDENTITY}"}),
        ("CreditNotes", DocumentKind.SALES_CREDIT_NOTE, {"Type": "ACCRECCREDIT", "Reference": f"PO 7 {SHORT}"}),
        ("Quotes", DocumentKind.QUOTE, {"Reference": SHORT}),
        (
            "CreditNotes",
            DocumentKind.BILL_CREDIT_NOTE,
            {"Type": "ACCPAYCREDIT", "CreditNoteNumber": "C-1", "Total": Decimal(12), "CurrencyCode": "AUD"},
        ),
    ],
)
def test_document_is_known_by_its_mark(path: str, kind: DocumentKind, element: dict[str, Any]) -> None:
    ours = XeroDocument(tenant_id=1, kind=kind, identity=IDENTITY, number="C-1", total=Decimal("12.00"), currency="AUD")

    assert mark_on(path, element) == mark_of(ours)


@pytest.mark.parametrize(
    ("path", "element"),
    [
        ("Invoices", {"Url": f"https://fb.example/d/{IDENTITY[::-1]}"}),
        ("Invoices", {}),
        ("Quotes", {"Reference": "PO 7"}),
        ("CreditNotes", {"Type": "ACCPAYCREDIT", "CreditNoteNumber": "C-1", "Total": 13, "CurrencyCode": "AUD"}),
        ("CreditNotes", {"Type": "ACCPAYCREDIT", "CreditNoteNumber": "C-1", "Total": 12, "CurrencyCode": "NZD"}),
    ],
)
def test_what_others_wrote_is_not_taken_for_ours(path: str, element: dict[str, Any]) -> None:
    kinds = {"Invoices": DocumentKind.BILL, "Quotes": DocumentKind.QUOTE, "CreditNotes": DocumentKind.BILL_CREDIT_NOTE}
    ours = XeroDocument(
        tenant_id=1, kind=kinds[path], identity=IDENTITY, number="C-1", total=Decimal("12.00"), currency="AUD"
    )

    assert mark_on(path, element) != mark_of(ours)


@pytest.mark.parametrize("name", ["InvoiceID", "CreditNoteID", "QuoteID"])
def test_id_is_written_as_we_write_it(name: str) -> None:
    assert (element_id({name: "AB-1"}), element_id({})) == ("ab-1", "")


def map_purchases() -> None:
    connection = XeroConnection.objects.get()
    ChargeRule.objects.create(connection=connection, side=RuleSide.PURCHASES, charge_code="FRT", account_code="310")
    TaxRule.objects.create(connection=connection, side=RuleSide.PURCHASES, tax_code="GST", tax_type="INPUT")


def send(tenant: Tenant, kind: DocumentKind, *numbers: str, source_id: str = "") -> None:
    with tenant_scope(tenant):
        exports = [
            Export(source=document(kind, number, source_id=source_id or number), invoice_id=invoice(kind))
            for number in numbers
        ]
        enqueue_creates(exports, sender=sender(), now=read_clock())
    deliver()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("kind", "path", "order"),
    [
        (DocumentKind.SALES_INVOICE, "Invoices", "InvoiceID"),
        (DocumentKind.SALES_CREDIT_NOTE, "CreditNotes", "CreditNoteID"),
        (DocumentKind.QUOTE, "Quotes", "QuoteID"),
    ],
)
def test_look_up_asks_from_an_hour_before_the_first_send_in_an_order_that_stays(
    tenant: Tenant, xero: SandboxProcess, kind: DocumentKind, path: str, order: str
) -> None:
    connect(tenant, xero)
    xero.fault("lost_answer", method="PUT", path=f"/{path}", times=1)
    send(tenant, kind, "A-1")
    (first_sent_at,) = jobs(tenant, "first_sent_at")
    calls = Calls(xero)

    go_on(tenant)

    (asked,) = calls.entries("GET", path)
    since = datetime.fromisoformat(asked["headers"]["if-modified-since"]).replace(tzinfo=first_sent_at.tzinfo)
    assert since == first_sent_at.replace(microsecond=0) - timedelta(hours=1)
    assert asked["query"]["order"] == order
    assert jobs(tenant, "state") == ["done"]


@pytest.mark.django_db(transaction=True)
def test_of_two_credit_notes_with_the_same_facts_each_keeps_its_own(tenant: Tenant, xero: SandboxProcess) -> None:
    """A supplier's bear no mark of ours; the one that is found must not be the other one's."""
    connect(tenant, xero)
    with tenant_scope(tenant):
        map_purchases()
    send(tenant, DocumentKind.BILL_CREDIT_NOTE, "C-1", source_id="first")
    xero.fault("lost_answer", method="PUT", path="/CreditNotes", times=1)
    send(tenant, DocumentKind.BILL_CREDIT_NOTE, "C-1", source_id="second")
    before = documents(tenant, "xero_id")

    go_on(tenant)

    assert before[1] is None
    assert jobs(tenant, "state") == ["done", "done"]
    here = [str(xero_id) for xero_id in documents(tenant, "xero_id")]
    assert here[0] == str(before[0])
    assert sorted(here) == sorted(ours_in_xero(xero, "id"))


@pytest.mark.django_db(transaction=True)
def test_credit_note_that_never_arrived_does_not_take_the_other_ones_place(
    tenant: Tenant, xero: SandboxProcess
) -> None:
    connect(tenant, xero)
    with tenant_scope(tenant):
        map_purchases()
    send(tenant, DocumentKind.BILL_CREDIT_NOTE, "C-1", source_id="first")
    xero.fault("reset_before", method="PUT", path="/CreditNotes", times=1)
    send(tenant, DocumentKind.BILL_CREDIT_NOTE, "C-1", source_id="second")

    go_on(tenant)

    assert jobs(tenant, "state") == ["done", "unknown"]
    assert documents(tenant, "xero_id")[1] is None
    with tenant_scope(tenant):
        assert SyncJob.objects.get(state="unknown").problems == []
