"""What FreightBridge sends to Xero, held against Xero's OpenAPI files."""

import pytest

from freightbridge.tenancy.models import Tenant
from tests.contract.journal_contract import breaches_in_journal
from tests.sending import Calls, company, send_all, shipments
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("accounting")]


def test_everything_from_connecting_to_the_pdf_keeps_the_contract(tenant: Tenant, xero: SandboxProcess) -> None:
    calls = Calls(xero)
    company(tenant, xero, attach_pdf=True)
    shipments(tenant, "100.00", "-20.00", "12.345")

    send_all(tenant)

    writes = {"PUT Contacts", "PUT Invoices", "PUT CreditNotes", "PUT Invoices/…/Attachments/…"}
    assert writes <= set(calls.made())
    assert breaches_in_journal(xero) == []


def test_request_that_breaks_the_contract_is_caught(xero: SandboxProcess) -> None:
    client = xero.connect("AU")

    client.put("Invoices", {"Invoices": [{"Type": "ACCREC", "InvoiceNumer": "INV-1"}]})

    assert [sentence.rpartition(": ")[2] for sentence in breaches_in_journal(xero)] == [
        "request has the unknown name InvoiceNumer"
    ]
