"""A reader in the manner of a Singer tap: every stream, page by page, from a bookmark to the next."""

from collections import Counter
from typing import Any

import pytest

from tests.xero_sandbox.company_client import Company, line, sales_invoice
from tests.xero_sandbox.document_calls import put
from tests.xero_sandbox.sandbox_process import SandboxProcess

PAGED = (
    "bank_transactions", "contacts", "quotes", "credit_notes", "invoices", "manual_journals", "overpayments",
    "payments", "prepayments", "purchase_orders",
)  # fmt: skip
BOOKMARKED = ("accounts", "bank_transfers", "items", "users")
WHOLE = (
    "branding_themes", "contact_groups", "currencies", "organisations", "repeating_invoices", "tax_rates",
    "tracking_categories", "linked_transactions", "journals", "expense_claims", "receipts", "employees",
)  # fmt: skip
START = "2020-01-01T00:00:00Z"
FULL_PAGE = 100
SCOPES = [
    "accounting.transactions.read", "accounting.transactions", "accounting.settings", "accounting.contacts",
    "accounting.journals.read",
]  # fmt: skip


class Tap:
    """Reads as Singer's tap for Xero does: names from stream ids, full pages until a short one."""

    def __init__(self, company: Company) -> None:
        self._company = company

    def page(self, stream: str, since: str, **query: Any) -> list[dict[str, Any]]:
        name = stream.title().replace("_", "")
        reply = self._company.get(name, headers={"If-Modified-Since": since}, **query)
        if reply.status == 304:
            return []
        assert reply.status == 200, (stream, reply.text)
        elements: list[dict[str, Any]] = reply.json[name]
        return elements

    def pages(self, stream: str, since: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        number = 1
        while elements := self.page(stream, since, page=number, order="UpdatedDateUTC ASC"):
            found += elements
            if len(elements) < FULL_PAGE:
                break
            number += 1
        return found

    def everything(self, since: str) -> dict[str, list[dict[str, Any]]]:
        paged = {stream: self.pages(stream, since) for stream in PAGED}
        return paged | {stream: self.page(stream, since) for stream in (*BOOKMARKED, *WHOLE)}


@pytest.fixture
def company(sandbox: SandboxProcess) -> Company:
    return sandbox.connect("AU", SCOPES)


def test_every_stream_is_read_whole_and_once(sandbox: SandboxProcess, company: Company) -> None:
    for start in range(0, 250, 50):
        put(company, *(sales_invoice(InvoiceNumber=f"N{number}") for number in range(start, start + 50)))
        sandbox.advance(1)
    quote = {"Contact": {"Name": "Coral Coast Imports"}, "Date": "2026-11-01", "LineItems": [line()]}
    company.put("Quotes", {"Quotes": [quote] * 130})

    read = Tap(company).everything(START)

    counts = {stream: len(elements) for stream, elements in read.items() if elements}
    assert counts == {
        "invoices": 250, "quotes": 130, "contacts": 11, "accounts": 60, "items": 10, "users": 2, "branding_themes": 3,
        "currencies": 6, "organisations": 1, "tax_rates": 12, "tracking_categories": 2,
    }  # fmt: skip
    assert max(Counter(invoice["InvoiceID"] for invoice in read["invoices"]).values()) == 1


def test_next_reading_from_the_bookmark_sees_only_what_changed(sandbox: SandboxProcess, company: Company) -> None:
    company.invoice(InvoiceNumber="OLD")
    Tap(company).everything(START)
    sandbox.advance(5)
    bookmark = sandbox.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    sandbox.advance(1)
    company.invoice(InvoiceNumber="NEW", Contact={"Name": "Somebody New"})

    read = Tap(company).everything(bookmark)

    assert [invoice["InvoiceNumber"] for invoice in read["invoices"]] == ["NEW"]
    assert [contact["Name"] for contact in read["contacts"]] == ["Somebody New"]
    assert (read["accounts"], read["items"], read["quotes"]) == ([], [], [])
