"""Xero's own Python SDK, unmodified, through every call that FreightBridge could make of it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from xero_python.accounting import (
    Account,
    AccountingApi,
    Allocation,
    Allocations,
    Contact,
    Contacts,
    CreditNote,
    CreditNotes,
    Currency,
    CurrencyCode,
    HistoryRecord,
    HistoryRecords,
    Invoice,
    Invoices,
    Item,
    Items,
    LineAmountTypes,
    LineItem,
    Payment,
    Payments,
    Quote,
    QuoteLineAmountTypes,
    Quotes,
    QuoteStatusCodes,
    RequestEmpty,
)
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token, TokenApi
from xero_python.exceptions import AccountingBadRequestException, NotFoundException, RateLimitException
from xero_python.identity import IdentityApi

from tests.xero_sandbox.company_client import Company
from tests.xero_sandbox.sandbox_process import SandboxProcess

DAY = date(2026, 11, 20)
SECRET_PAIR = ("sandbox-client", "sandbox-secret")


class Sdk:
    """The SDK's two APIs for one organisation, with a token that it may refresh by itself."""

    def __init__(self, url: str, company: Company) -> None:
        self.organisation_id = company.organisation_id
        token = dict(company.tokens) | {"scope": company.tokens["scope"].split()}
        configuration = Configuration()
        configuration.oauth2_token = OAuth2Token(*SECRET_PAIR)
        self.client = ApiClient(configuration, pool_threads=1)
        self.client.oauth2_token_getter(lambda: token)
        self.client.oauth2_token_saver(token.update)
        self.accounting = AccountingApi(self.client, base_url=f"{url}/api.xro/2.0")
        self.identity = IdentityApi(self.client, base_url=url)

    def call(self, name: str, *arguments: Any, **named: Any) -> Any:
        return getattr(self.accounting, name)(self.organisation_id, *arguments, **named)


@pytest.fixture
def sdk(sandbox: SandboxProcess, au: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sdk]:
    monkeypatch.setattr(TokenApi, "refresh_token_url", f"{sandbox.url}/connect/token")
    monkeypatch.setattr(TokenApi, "revoke_token_url", f"{sandbox.url}/connect/revocation")
    made = Sdk(sandbox.url, au)
    yield made
    made.client.rest_client.pool_manager.clear()


def line(**fields: Any) -> LineItem:
    return LineItem(**{"description": "Freight", "quantity": 1, "unit_amount": 100, "account_code": "200"} | fields)


def invoice(**fields: Any) -> Invoice:
    usual = {
        "type": "ACCREC",
        "contact": Contact(name="Murray River Produce"),
        "line_items": [line()],
        "date": DAY,
        "due_date": DAY,
        "line_amount_types": LineAmountTypes.EXCLUSIVE,
        "status": "AUTHORISED",
    }
    return Invoice(**usual | fields)


def test_invoices_and_all_that_hangs_on_them(sdk: Sdk) -> None:
    created = sdk.call("create_invoices", Invoices(invoices=[invoice()]), summarize_errors=False, unitdp=4)
    invoice_id = created.invoices[0].invoice_id

    updated = sdk.call(
        "update_or_create_invoices",
        Invoices(invoices=[Invoice(invoice_id=invoice_id, reference="one")]),
        summarize_errors=False,
        idempotency_key="k-1",
    )
    by_id = sdk.call("update_invoice", invoice_id, Invoices(invoices=[Invoice(reference="two")]), unitdp=4)
    read = sdk.call("get_invoice", invoice_id, unitdp=4)
    attached = sdk.call("create_invoice_attachment_by_file_name", invoice_id, "a.pdf", b"%PDF-1.4", include_online=True)
    noted = sdk.call(
        "create_invoice_history", invoice_id, HistoryRecords(history_records=[HistoryRecord(details="note")])
    )
    online = sdk.call("get_online_invoice", invoice_id)
    sdk.call("email_invoice", invoice_id, RequestEmpty())

    assert created.invoices[0].status_attribute_string == "OK"
    assert (updated.invoices[0].reference, by_id.invoices[0].reference) == ("one", "two")
    assert (read.invoices[0].total, read.invoices[0].date) == (110, DAY)
    assert attached.attachments[0].mime_type == "application/pdf"
    assert sdk.call("get_invoice_attachments", invoice_id).attachments[0].content_length == 8
    assert noted.history_records[0].details == "note"
    assert online.online_invoices[0].online_invoice_url.endswith(invoice_id)


def test_invoices_are_listed_by_every_parameter(sdk: Sdk) -> None:
    made = sdk.call("create_invoices", Invoices(invoices=[invoice(), invoice(invoice_number="N-9")])).invoices

    listed = sdk.call(
        "get_invoices",
        if_modified_since="2026-01-01T00:00:00",
        where='Type=="ACCREC"',
        order="UpdatedDateUTC DESC",
        i_ds=[each.invoice_id for each in made],
        statuses=["AUTHORISED", "PAID"],
        page=1,
        include_archived=True,
        created_by_my_app=True,
        unitdp=4,
        summary_only=False,
        page_size=10,
        search_term="murray",
    )
    by_number = sdk.call("get_invoices", invoice_numbers=["N-9"])
    by_contact = sdk.call("get_invoices", contact_i_ds=[made[0].contact.contact_id])

    assert (len(listed.invoices), listed.pagination.item_count) == (2, 2)
    assert [each.invoice_number for each in by_number.invoices] == ["N-9"]
    assert len(by_contact.invoices) == 2


def test_quotes(sdk: Sdk) -> None:
    quote = Quote(
        contact=Contact(name="Coral Coast Imports"),
        date=DAY,
        line_items=[line()],
        line_amount_types=QuoteLineAmountTypes.EXCLUSIVE,
        currency_code=CurrencyCode.AUD,
        terms="Thirty days",
    )
    made = sdk.call("create_quotes", Quotes(quotes=[quote]), summarize_errors=False).quotes[0]
    again = {"contact": Contact(contact_id=made.contact.contact_id), "date": DAY, "quote_number": made.quote_number}

    sent = sdk.call(
        "update_quote",
        made.quote_id,
        Quotes(quotes=[Quote(**again, status=QuoteStatusCodes.SENT)]),
        idempotency_key="q",
    )
    accepted = sdk.call(
        "update_or_create_quotes",
        Quotes(quotes=[Quote(**again, quote_id=made.quote_id, status=QuoteStatusCodes.ACCEPTED)]),
        summarize_errors=False,
    )
    sdk.call("create_quote_attachment_by_file_name", made.quote_id, "q.pdf", b"%PDF-1.4")
    listed = sdk.call("get_quotes", status="ACCEPTED", date_from=DAY, page=1, quote_number=made.quote_number)

    assert (sent.quotes[0].status, accepted.quotes[0].status) == (QuoteStatusCodes.SENT, QuoteStatusCodes.ACCEPTED)
    assert [each.quote_number for each in listed.quotes] == [made.quote_number]
    assert sdk.call("get_quote_attachments", made.quote_id).attachments[0].file_name == "q.pdf"


def test_credit_notes_and_allocations(sdk: Sdk) -> None:
    owed = sdk.call("create_invoices", Invoices(invoices=[invoice()])).invoices[0]
    note = CreditNote(
        type="ACCRECCREDIT",
        contact=Contact(name="Murray River Produce"),
        date=DAY,
        line_items=[line(unit_amount=10)],
        status="AUTHORISED",
    )
    made = sdk.call("create_credit_notes", CreditNotes(credit_notes=[note]), summarize_errors=False).credit_notes[0]

    changed = CreditNote(credit_note_id=made.credit_note_id, reference="back")
    saved = sdk.call("update_or_create_credit_notes", CreditNotes(credit_notes=[changed]), unitdp=4)
    allocation = Allocation(amount=11, date=DAY, invoice=Invoice(invoice_id=owed.invoice_id))
    allocated = sdk.call(
        "create_credit_note_allocation",
        made.credit_note_id,
        Allocations(allocations=[allocation]),
        summarize_errors=False,
    )
    sdk.call(
        "create_credit_note_attachment_by_file_name", made.credit_note_id, "c.pdf", b"%PDF-1.4", include_online=True
    )

    file = sdk.call("get_credit_note_attachment_by_file_name", made.credit_note_id, "c.pdf", "application/pdf")

    assert Path(file).read_bytes() == b"%PDF-1.4"
    assert saved.credit_notes[0].reference == "back"
    assert allocated.allocations[0].amount == 11
    assert sdk.call("get_credit_notes", page=1).credit_notes[0].remaining_credit == 0
    assert sdk.call("get_credit_note_attachments", made.credit_note_id).attachments[0].include_online is True

    allocation_id = allocated.allocations[0].allocation_id
    assert sdk.call("delete_credit_note_allocations", made.credit_note_id, allocation_id).is_deleted is True
    assert sdk.call("get_credit_notes", page=1).credit_notes[0].remaining_credit == 11


def test_contacts(sdk: Sdk) -> None:
    made = sdk.call(
        "create_contacts",
        Contacts(contacts=[Contact(name="New Customer", contact_number="C-1")]),
        summarize_errors=False,
    ).contacts[0]

    changed = Contact(contact_id=made.contact_id, email_address="a@b.example")
    saved = sdk.call("update_or_create_contacts", Contacts(contacts=[changed]), idempotency_key="c")
    listed = sdk.call(
        "get_contacts",
        where='Name=="New Customer"',
        order="Name",
        page=1,
        page_size=5,
        include_archived=True,
        summary_only=False,
        search_term="new",
        i_ds=[made.contact_id],
    )

    assert saved.contacts[0].email_address == "a@b.example"
    assert [each.contact_number for each in listed.contacts] == ["C-1"]
    assert sdk.call("get_contact_by_contact_number", "C-1").contacts[0].contact_id == made.contact_id


def test_items_payments_and_currencies(sdk: Sdk) -> None:
    sdk.call("create_items", Items(items=[Item(code="NEW-1", name="one")]), summarize_errors=False, unitdp=4)
    saved = sdk.call("update_or_create_items", Items(items=[Item(code="NEW-1", name="two")]))
    owed = sdk.call("create_invoices", Invoices(invoices=[invoice()])).invoices[0]
    payment = Payment(invoice=Invoice(invoice_id=owed.invoice_id), account=Account(code="090"), amount=10, date=DAY)
    paid = sdk.call("create_payments", Payments(payments=[payment]), summarize_errors=False)
    added = sdk.call("create_currency", Currency(code=CurrencyCode.JPY, description="Yen"))

    assert saved.items[0].name == "two"
    assert [each.code for each in sdk.call("get_items", where='Code=="NEW-1"', order="Code").items] == ["NEW-1"]
    assert paid.payments[0].amount == 10
    assert len(sdk.call("get_payments", page=1, page_size=10).payments) == 1
    assert added.currencies[0].code == CurrencyCode.JPY


@pytest.mark.parametrize(
    ("method", "field", "count"),
    [
        ("get_accounts", "accounts", 60),
        ("get_tax_rates", "tax_rates", 12),
        ("get_currencies", "currencies", 6),
        ("get_tracking_categories", "tracking_categories", 2),
        ("get_organisations", "organisations", 1),
        ("get_organisation_actions", "actions", 13),
        ("get_branding_themes", "branding_themes", 3),
        ("get_users", "users", 2),
        ("get_bank_transactions", "bank_transactions", None),
    ],
)
def test_reference_data(sandbox: SandboxProcess, sdk: Sdk, method: str, field: str, count: int | None) -> None:
    if count is None:
        sdk = Sdk(sandbox.url, sandbox.connect("AU", ["accounting.transactions.read"]))

    found = getattr(sdk.call(method), field)

    sdk.client.rest_client.pool_manager.clear()
    assert len(found) == (count or 0)


def test_connections(sdk: Sdk) -> None:
    (connection,) = sdk.identity.get_connections()

    assert sdk.identity.get_connections(auth_event_id=connection.auth_event_id)[0].id == connection.id
    assert sdk.identity.delete_connection(connection.id) is None
    assert sdk.identity.get_connections() == []


def test_sdk_refreshes_its_token_by_itself(sandbox: SandboxProcess, sdk: Sdk) -> None:
    before = sdk.client.configuration.oauth2_token
    sdk.call("get_organisations")
    first = before.access_token

    sdk.client.refresh_oauth2_token()

    assert sdk.client.get_oauth2_token()["access_token"] != first
    assert sdk.call("get_organisations").organisations[0].base_currency == CurrencyCode.AUD


def test_refusals_arrive_as_the_sdks_own_errors(sandbox: SandboxProcess, sdk: Sdk) -> None:
    with pytest.raises(AccountingBadRequestException) as refused:
        sdk.call("create_invoices", Invoices(invoices=[invoice(currency_code=CurrencyCode.JPY)]))
    with pytest.raises(NotFoundException):
        sdk.call("get_invoice", "11111111-2222-3333-4444-555555555555")
    sandbox.fault("throttled", problem="day", retry_after=-1)
    with pytest.raises(RateLimitException) as limited:
        sdk.call("get_organisations")

    assert refused.value.reason == "Organisation is not subscribed to currency JPY"
    assert limited.value.rate_limit == "day"
