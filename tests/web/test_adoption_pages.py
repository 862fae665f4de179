"""What Xero has already is found and taken over, and nothing is sent."""

import re
import uuid
from typing import Any

import pytest

from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.work_kinds import Queue
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import AdoptionMatch, XeroDocument
from invoices.models import Customer, Invoice, Shipment
from invoices.workflows.assess_shipments import assess_shipments
from tests.conftest import NOW
from tests.freight_factories import CustomerFactory
from tests.sending import Calls, company, shipments
from tests.web.page_company import Visitor
from tests.xero_company import run_queue, run_workers
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "Entered by hand before we had FreightBridge"


def ready(tenant: Tenant, number: str, price: str, customer: Customer) -> None:
    shipments(tenant, price, number=number, bill_to=customer, customer_reference=f"PO-{number}")
    with tenant_scope(tenant):
        assess_shipments(list(Shipment.objects.values_list("pk", flat=True)), tenant=tenant, now=NOW)


def in_xero(xero: SandboxProcess, number: str, price: str, contact: str, **fields: Any) -> str:
    """Somebody entered it there by hand; its total with 10 % GST."""
    line = {"Description": "Freight", "Quantity": 1, "UnitAmount": price, "AccountCode": "200", "TaxType": "OUTPUT"}
    made = xero.act(
        "create_document",
        fields={
            "Type": "ACCREC", "Status": "AUTHORISED", "InvoiceNumber": number, "Contact": {"Name": contact},
            "Date": "2026-02-20", "DueDate": "2026-03-20", "LineItems": [line], **fields,
        },
    )  # fmt: skip
    return str(made["document"])


def look(person: Visitor, **wanted: str) -> int:
    answer = person.post("adoption_search", **{"ours": "", "theirs": "", "from_date": "", "to_date": "", **wanted})
    assert answer.status_code == 302, answer.content.decode()
    run_queue(Queue.INTERACTIVE)
    return int(answer["Location"].rstrip("/").rpartition("/")[2])


def take(person: Visitor, number: int, **data: Any) -> str:
    person.post("adoption_take", number, **{"reason": REASON, **data})
    shown = person.text("adoption", number)
    run_queue(Queue.INTERACTIVE)
    return shown


def states(tenant: Tenant) -> dict[str, str]:
    with tenant_scope(tenant):
        return dict(Shipment.objects.values_list("number", "accounting_state"))


def test_cut_over_finds_bands_takes_the_exact_over_and_leaves_the_rest_to_be_sent(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor
) -> None:
    company(tenant, xero)
    with tenant_scope(tenant):
        customer = CustomerFactory(name="Aroha Imports")
    for number in ("SHP-EXACT", "SHP-LIKELY", "SHP-OTHER", "SHP-NEW"):
        ready(tenant, number, {"SHP-NEW": "77.00"}.get(number, "100.00"), customer)
    there = in_xero(xero, "SHP-EXACT", "100.00", "Aroha Imports")
    in_xero(xero, "OLD-2", "100.00", "Somebody Else", Reference="job SHP-LIKELY")
    in_xero(xero, "SHP-OTHER", "55.00", "Aroha Imports")
    calls = Calls(xero)

    number = look(operator, from_date="2026-02-01", to_date="2026-02-28")
    found = operator.text("adoption", number)
    read = calls.made("GET")
    take(operator, number, all_exact="1")
    run_workers()

    assert "<strong>1 exact</strong>, 1 likely, 1 doubtful, 1 not found" in found
    assert read == ["GET Invoices"]
    assert calls.made("PUT") + calls.made("POST") == []
    assert states(tenant) == {
        "SHP-EXACT": "in xero", "SHP-LIKELY": "ready", "SHP-OTHER": "ready", "SHP-NEW": "ready",
    }  # fmt: skip
    with tenant_scope(tenant):
        invoice = Invoice.objects.select_related("xero_document").get()
        event = AuditEvent.objects.get(action="marked as already in Xero")
    assert (invoice.number, str(invoice.xero_document.xero_id), invoice.issue_date.isoformat()) == (
        "SHP-EXACT", there, "2026-02-20",
    )  # fmt: skip
    assert (event.actor, event.details["reason"]) == ("operator@acme-freight.example", REASON)
    assert "1 taken over" in operator.text("adoption", number)


def test_payments_on_it_are_known_at_once(tenant: Tenant, xero: SandboxProcess, operator: Visitor) -> None:
    company(tenant, xero)
    with tenant_scope(tenant):
        customer = CustomerFactory(name="Aroha Imports")
    ready(tenant, "SHP-1", "100.00", customer)
    there = in_xero(xero, "SHP-1", "100.00", "Aroha Imports")
    xero.act("pay", document=there, amount=110)

    number = look(operator)
    take(operator, number, all_exact="1")
    with tenant_scope(tenant):
        money = XeroDocument.objects.get().money_state
        due = XeroDocument.objects.get().amount_due

    assert (money, due) == ("paid", 0)
    assert "Paid" in operator.text("shipments")


def test_invoice_exported_by_file_is_looked_up_by_its_link_and_taken_over(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor
) -> None:
    company(tenant, xero)
    with tenant_scope(tenant):
        customer = CustomerFactory()
    ready(tenant, "SHP-1", "100.00", customer)
    wanted = {"kind": "sales invoice", "choice": "new", "takes_ready": "on", "form_token": uuid.uuid4()}
    operator.post("export_file_make", **wanted)
    run_queue(Queue.INTERACTIVE)
    with tenant_scope(tenant):
        invoice = Invoice.objects.select_related("customer").get()
    there = in_xero(xero, "OTHER-9", "90.00", "Somebody Else")

    offered = operator.text("invoice", invoice.public_id)
    number = look(operator, ours=invoice.number, theirs=f"https://go.xero.com/app/!x/invoicing/view/{there}")
    found = operator.text("adoption", number)
    wordless = take(operator, number, match=[_match(tenant)], reason="")
    take(operator, number, match=[_match(tenant)])

    assert f"?ours={invoice.number}" in offered
    assert "0 exact" in found
    assert "Somebody Else" in found
    assert "say in a few words how you know" in wordless
    with tenant_scope(tenant):
        document = XeroDocument.objects.get()
    assert (document.state, str(document.xero_id), document.number) == ("in xero", there, "OTHER-9")


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"ours": "SHP-1"}, "To look up one, say both"),
        ({"from_date": "2026-03-02", "to_date": "2026-03-01"}, "Dated to lies before dated from."),
    ],
)
def test_bad_search_is_named_at_its_field(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor, wanted: dict[str, str], words: str
) -> None:
    company(tenant, xero)

    answer = operator.post("adoption_search", **wanted)

    assert words in re.sub(r"\s+", " ", answer.content.decode())


def _match(tenant: Tenant) -> Any:
    with tenant_scope(tenant):
        return AdoptionMatch.objects.get().public_id
