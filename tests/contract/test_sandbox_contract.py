"""Every answer of the sandbox, and every request of these tests, held against Xero's OpenAPI files."""

from dataclasses import replace
from typing import Any

import pytest

from tests.contract.journal_contract import breaches_in_journal
from tests.contract.openapi_contract import Contract, Exchange, exchange_of
from tests.xero_sandbox.company_client import Company, line, sales_invoice
from tests.xero_sandbox.sandbox_process import SandboxProcess

CONTACT = {"Name": "Coral Coast Imports"}
ALL_SCOPES = [
    "accounting.transactions", "accounting.settings", "accounting.contacts", "accounting.attachments",
    "accounting.journals.read", "accounting.budgets.read",
]  # fmt: skip


def exchanges(sandbox: SandboxProcess) -> list[Exchange]:
    return [exchange_of(entry) for entry in sandbox.admin("journal", path="/api.xro")["entries"]]


@pytest.fixture
def company(sandbox: SandboxProcess) -> Company:
    return sandbox.connect("AU", ALL_SCOPES)


def fill(company: Company, sandbox: SandboxProcess) -> dict[str, str]:
    """One document of every kind, paid, credited, attached and noted; their ids."""
    tracked = line(Tracking=[{"Name": "Branch", "Option": "Port"}], ItemCode="THC", TaxType="OUTPUT", DiscountRate=5)
    text = {"Description": "Container MSKU1234567"}
    sent = sales_invoice(
        LineItems=[tracked, text], Status="AUTHORISED", Url="https://freight.example/1", Contact=CONTACT
    )
    invoice = company.put("Invoices", {"Invoices": [sent]}, unitdp=4).json["Invoices"][0]
    bill = {"Type": "ACCPAY", "Contact": {"Name": "Skyward Cargo Airlines"}, "LineItems": [line(AccountCode="302")]}
    company.put("Invoices", {"Invoices": [bill | {"CurrencyCode": "USD"}]})
    note = {"Type": "ACCRECCREDIT", "Contact": CONTACT, "LineItems": [line(UnitAmount=10)], "Status": "AUTHORISED"}
    credit = company.put("CreditNotes", {"CreditNotes": [note]}).json["CreditNotes"][0]
    quote = {
        "Contact": CONTACT,
        "Date": "2026-11-20",
        "ExpiryDate": "2026-12-20",
        "LineItems": [line()],
        "Title": "Air",
    }
    made = company.put("Quotes", {"Quotes": [quote]}).json["Quotes"][0]
    sandbox.act("pay", document=invoice["InvoiceID"], amount="10")
    allocation = {"Amount": 11, "Date": "2026-11-20", "Invoice": {"InvoiceID": invoice["InvoiceID"]}}
    company.put(f"CreditNotes/{credit['CreditNoteID']}/Allocations", {"Allocations": [allocation]})
    return {"Invoices": invoice["InvoiceID"], "CreditNotes": credit["CreditNoteID"], "Quotes": made["QuoteID"]}


@pytest.mark.usefixtures("accounting")
def test_documents_keep_the_contract(sandbox: SandboxProcess, company: Company) -> None:
    ids = fill(company, sandbox)

    for collection, document_id in ids.items():
        company.get(collection, page=1)
        company.get(collection)
        company.get(f"{collection}/{document_id}")
        company.get(f"{collection}/{document_id}/History")
        company.get(f"{collection}/{document_id}/Attachments")
        company.put(f"{collection}/{document_id}/History", {"HistoryRecords": [{"Details": "note"}]})
    company.get("Invoices", summaryOnly="true")
    company.get("Invoices", Statuses="AUTHORISED", pageSize=10, order="Date DESC", unitdp=4, searchTerm="coral")
    company.get(f"Invoices/{ids['Invoices']}/OnlineInvoice")
    company.post(f"Invoices/{ids['Invoices']}", {"Invoices": [{"Reference": "x"}]})
    company.get("Payments", page=1)
    (allocation,) = company.get(f"CreditNotes/{ids['CreditNotes']}").json["CreditNotes"][0]["Allocations"]
    company.call("DELETE", f"CreditNotes/{ids['CreditNotes']}/Allocations/{allocation['AllocationID']}")

    assert len(exchanges(sandbox)) > 25
    assert breaches_in_journal(sandbox) == []


@pytest.mark.usefixtures("accounting")
def test_refusals_keep_the_contract(sandbox: SandboxProcess, company: Company) -> None:
    bad = sales_invoice(CurrencyCode="XOF", LineItems=[line(AccountCode="610")])
    for mode in ({}, {"summarizeErrors": "false"}):
        company.put("Invoices", {"Invoices": [bad]}, **mode)
        company.put("Contacts", {"Contacts": [{"Name": "Coral Coast Imports"}]}, **mode)
        company.put("Items", {"Items": [{"Code": "THC"}]}, **mode)
        company.put("CreditNotes", {"CreditNotes": [{"Type": "ACCRECCREDIT", "Contact": CONTACT}]}, **mode)
        company.put("Quotes", {"Quotes": [{"Contact": CONTACT}]}, **mode)
    company.get("Invoices", where="nonsense(", page=1)
    company.get("Invoices/11111111-2222-3333-4444-555555555555")

    statuses = {exchange.status for exchange in exchanges(sandbox)}
    assert statuses == {200, 400, 404}
    assert breaches_in_journal(sandbox) == []


@pytest.mark.usefixtures("accounting")
def test_settings_and_contacts_keep_the_contract(sandbox: SandboxProcess, company: Company) -> None:
    contact = {"Name": "Whole Contact", "ContactNumber": "C-1", "AccountNumber": "A-1", "EmailAddress": "a@b.example"}
    contact |= {"Addresses": [{"AddressType": "STREET", "City": "Perth"}], "ContactPersons": [{"FirstName": "Ann"}]}
    made = company.put("Contacts", {"Contacts": [contact]}).json["Contacts"][0]
    company.post("Contacts", {"Contacts": [{"ContactID": made["ContactID"], "ContactStatus": "ARCHIVED"}]})
    company.get(f"Contacts/{made['ContactID']}")
    company.get("Contacts", page=1, includeArchived="true", pageSize=5)
    company.put("Items", {"Items": [{"Code": "X", "SalesDetails": {"UnitPrice": 1.5, "AccountCode": "200"}}]})
    company.put("Currencies", {"Code": "JPY", "Description": "Yen"})
    for path in (
        "Organisation", "Organisation/Actions", "Accounts", "TaxRates", "TaxRates/OUTPUT", "TrackingCategories",
        "Currencies", "BrandingThemes", "Items", "Items/THC", "Users",
    ):  # fmt: skip
        company.get(path)

    assert breaches_in_journal(sandbox) == []


@pytest.mark.usefixtures("accounting")
@pytest.mark.parametrize(
    "name",
    [
        "BankTransactions", "BankTransfers", "BatchPayments", "Budgets", "ContactGroups", "ExpenseClaims",
        "LinkedTransactions", "ManualJournals", "Overpayments", "Prepayments", "PurchaseOrders", "Receipts",
        "RepeatingInvoices", "Journals", "PaymentServices",
    ],
)  # fmt: skip
def test_unused_collections_keep_the_contract(sandbox: SandboxProcess, company: Company, name: str) -> None:
    company.get(name)

    assert breaches_in_journal(sandbox) == []


@pytest.mark.usefixtures("accounting")
def test_connections_keep_the_contract(sandbox: SandboxProcess, company: Company) -> None:
    bearer = {"Authorization": company.headers["Authorization"]}
    (connection,) = sandbox.http("GET", "/Connections", headers=bearer).json
    sandbox.http("DELETE", f"/Connections/{connection['id']}", headers=bearer)

    entries = sandbox.admin("journal", path="/Connections")["entries"]

    assert [entry["status"] for entry in entries] == [200, 204]
    assert breaches_in_journal(sandbox) == []


@pytest.fixture
def exchange(sandbox: SandboxProcess, company: Company) -> Exchange:
    company.put("Invoices", {"Invoices": [sales_invoice()]}, headers={"Idempotency-Key": "k"}, unitdp=4)
    return exchanges(sandbox)[-1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"Total": "110.00"}, "answer Invoices/0/Total: '110.00' is not of type 'number'"),
        ({"Type": "BILL"}, "answer Invoices/0/Type: 'BILL' is not one of"),
        ({"InvoiceID": "INV-1"}, "answer Invoices/0/InvoiceID: 'INV-1' is not a 'uuid'"),
        ({"Contact": None}, "answer Invoices/0/Contact: None is not of type 'object'"),
        ({"Colour": "red"}, "answer has the unknown name Colour"),
    ],
)
def test_answer_that_breaks_the_contract_is_caught(
    accounting: Contract, exchange: Exchange, change: dict[str, Any], words: str
) -> None:
    body = {"Invoices": [exchange.answer_body["Invoices"][0] | change]}

    found = accounting.breaches(replace(exchange, answer_body=body))

    assert [words in sentence for sentence in found] == [True]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"Type": "INVOICE"}, "request Invoices/0/Type: 'INVOICE' is not one of"),
        (
            {"LineItems": [{"Quantity": "one"}]},
            "request Invoices/0/LineItems/0/Quantity: 'one' is not of type 'number'",
        ),
        ({"InvoiceNumber": "x" * 256}, "request Invoices/0/InvoiceNumber: 'xxx"),
        ({"InvoiceNumer": "1"}, "request has the unknown name InvoiceNumer"),
    ],
)
def test_request_body_that_breaks_the_contract_is_caught(
    accounting: Contract, exchange: Exchange, change: dict[str, Any], words: str
) -> None:
    body = {"Invoices": [exchange.request_body["Invoices"][0] | change]}

    found = accounting.breaches(replace(exchange, request_body=body))

    assert [words in sentence for sentence in found] == [True]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"path": "/api.xro/2.0/Invoicez"}, "the file knows no such address"),
        ({"method": "DELETE"}, "the file knows no such address"),
        ({"query": {"unitdp": "four"}}, "parameter unitdp : 'four' is not of type 'integer'"),
        ({"query": {"colour": "red"}}, "unknown parameter colour"),
        (
            {"headers": {"xero-tenant-id": "x", "idempotency-key": "x" * 129}},
            "the Idempotency-Key is longer than 128 characters",
        ),
        ({"headers": {}}, "no xero-tenant-id"),
        ({"status": 302}, "status 302 is not foreseen"),
    ],
)
def test_address_and_parameters_that_break_the_contract_are_caught(
    accounting: Contract, exchange: Exchange, change: dict[str, Any], words: str
) -> None:
    found = accounting.breaches(replace(exchange, **change))

    assert [words in sentence for sentence in found] == [True]
