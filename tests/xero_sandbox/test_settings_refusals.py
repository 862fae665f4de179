"""What the settings endpoints refuse, and in which words."""

from typing import Any

import pytest

from tests.xero_sandbox.company_client import Company, line
from tests.xero_sandbox.sandbox_process import SandboxProcess

UNKNOWN = "11111111-2222-3333-4444-555555555555"
COMPONENTS = [{"Name": "A", "Rate": 5}]


def errors_of(reply: Any) -> list[str]:
    assert reply.status == 400, reply.text
    return [error["Message"] for error in reply.json["Elements"][0]["ValidationErrors"]]


def account_id(company: Company, code: str) -> str:
    (found,) = company.get("Accounts", where=f'Code=="{code}"').json["Accounts"]
    identifier: str = found["AccountID"]
    return identifier


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"Code": "x" * 11}, "Code must not exceed 10 and Name 150 characters."),
        ({"Name": "x" * 151}, "Code must not exceed 10 and Name 150 characters."),
        ({"Code": "200"}, "Please enter a unique Code."),
        ({"Code": None}, "Please enter a unique Code."),
        ({"Name": "Sales"}, "Please enter a unique Name."),
        ({"Type": None}, "Account type must be specified."),
        ({"TaxType": "NOPE"}, "Tax rate must be valid."),
        (
            {"Type": "BANK", "TaxType": "BASEXCLUDED", "CurrencyCode": "JPY"},
            "The current organisation is not subscribed to currency 'JPY'.",
        ),
    ],
)
def test_what_is_wrong_with_an_account_is_refused(au: Company, fields: dict[str, Any], message: str) -> None:
    sent = {"Code": "212", "Name": "Drone Freight", "Type": "SALES", "TaxType": "OUTPUT"}

    assert errors_of(au.put("Accounts", sent | fields)) == [message]


def test_bank_account_needs_no_code(au: Company) -> None:
    sent = {"Name": "Savings", "Type": "BANK", "TaxType": "BASEXCLUDED"}

    assert "Code" not in au.put("Accounts", sent).json["Accounts"][0]


def test_one_account_is_written_per_call(au: Company) -> None:
    sent = [{"Code": f"21{number}", "Name": f"Account {number}", "Type": "SALES"} for number in (2, 3)]

    reply = au.put("Accounts", {"Accounts": sent})

    assert reply.status == 400
    assert au.get("Accounts", where='Code=="212"').json["Accounts"] == []


def test_account_takes_no_unknown_status(au: Company) -> None:
    reply = au.post(f"Accounts/{account_id(au, '201')}", {"Status": "GONE"})

    assert errors_of(reply) == ["The account status 'GONE' is not valid."]


@pytest.mark.parametrize("code", ["200", "090", "201", "202", "610"])
def test_used_account_and_system_account_cannot_be_deleted(sandbox: SandboxProcess, au: Company, code: str) -> None:
    sandbox.act("pay", document=au.invoice(Status="AUTHORISED")["InvoiceID"], account="090")
    contact = {"Name": "Coral Coast Imports"}
    quote = {"Contact": contact, "Date": "2026-11-20", "LineItems": [line(AccountCode="201")]}
    assert au.put("Quotes", {"Quotes": [quote]}).status == 200
    note = {"Type": "ACCRECCREDIT", "Contact": contact, "LineItems": [line(AccountCode="202")]}
    assert au.put("CreditNotes", {"CreditNotes": [note]}).status == 200

    reply = au.call("DELETE", f"Accounts/{account_id(au, code)}")

    assert (reply.status, reply.json["Message"]) == (
        400,
        "Account is in use or is a system account and cannot be deleted.",
    )


def test_system_account_cannot_be_changed(au: Company) -> None:
    assert errors_of(au.post(f"Accounts/{account_id(au, '610')}", {"Name": "Mine"})) == [
        "System accounts cannot be updated."
    ]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"TaxType": "NOPE", "Name": "x"}, "Tax rate must be valid."),
        ({"TaxType": "OUTPUT", "Status": "GONE"}, "The tax rate status 'GONE' is not valid."),
        ({"TaxType": "OUTPUT", "Name": "GST Free Income"}, "Please enter a unique Name."),
    ],
)
def test_what_is_wrong_with_a_changed_tax_rate_is_refused(au: Company, sent: dict[str, Any], message: str) -> None:
    assert errors_of(au.post("TaxRates", {"TaxRates": [sent]})) == [message]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"Name": "", "TaxComponents": COMPONENTS}, "Please enter a unique Name."),
        ({"Name": "GST Free Income", "TaxComponents": COMPONENTS}, "Please enter a unique Name."),
        ({"Name": "Levy"}, "At least one TaxComponent must be specified."),
    ],
)
def test_what_is_wrong_with_a_new_tax_rate_is_refused(au: Company, sent: dict[str, Any], message: str) -> None:
    assert errors_of(au.put("TaxRates", {"TaxRates": [sent]})) == [message]


def test_third_active_category_is_refused(au: Company) -> None:
    assert errors_of(au.put("TrackingCategories", {"Name": "Lane"})) == [
        "A maximum of two tracking categories can be active."
    ]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"Name": "department"}, "The tracking category name must be unique."),
        ({"Status": "GONE"}, "The tracking category status 'GONE' is not valid."),
    ],
)
def test_what_is_wrong_with_a_category_is_refused(au: Company, sent: dict[str, str], message: str) -> None:
    branch = au.get("TrackingCategories").json["TrackingCategories"][0]["TrackingCategoryID"]

    assert errors_of(au.post(f"TrackingCategories/{branch}", sent)) == [message]


@pytest.mark.parametrize(("length", "status"), [(0, 400), (100, 200), (101, 400)])
def test_tracking_names_have_one_to_a_hundred_characters(au: Company, length: int, status: int) -> None:
    category = au.get("TrackingCategories").json["TrackingCategories"][0]["TrackingCategoryID"]

    added = au.put(f"TrackingCategories/{category}/Options", {"Name": "x" * length, "Status": "ACTIVE"})

    assert added.status == status
    if length:
        assert au.post(f"TrackingCategories/{category}", {"Name": "x" * length}).status == status


def test_currency_must_be_one(au: Company) -> None:
    assert errors_of(au.put("Currencies", {"Code": "QQQ"})) == ["Currency code 'QQQ' is not valid."]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "Accounts/{}"),
        ("POST", "Accounts/{}"),
        ("DELETE", "Accounts/{}"),
        ("GET", "TrackingCategories/{}"),
        ("POST", "TrackingCategories/{}"),
        ("DELETE", "TrackingCategories/{}"),
        ("PUT", "TrackingCategories/{}/Options"),
        ("POST", "TrackingCategories/{}/Options/x"),
        ("DELETE", "TrackingCategories/{}/Options/x"),
        ("GET", "TaxRates/NOPE"),
        ("GET", "BrandingThemes/{}"),
        ("GET", "Users/{}"),
        ("POST", "Items/{}"),
        ("DELETE", "Items/{}"),
        ("POST", "Contacts/{}"),
        ("GET", "Contacts/{}/History"),
        ("PUT", "Contacts/{}/History"),
        ("GET", "CreditNotes/{}"),
        ("GET", "CreditNotes/{}/pdf"),
        ("POST", "CreditNotes/{}"),
        ("PUT", "CreditNotes/{}/Allocations"),
        ("DELETE", "CreditNotes/{}/Allocations/x"),
        ("GET", "Quotes/{}"),
        ("GET", "Quotes/{}/pdf"),
        ("POST", "Quotes/{}"),
        ("GET", "Payments/{}"),
        ("POST", "Payments/{}"),
        ("POST", "Invoices/{}/Email"),
        ("GET", "Invoices/{}/OnlineInvoice"),
        ("GET", "Invoices/{}/pdf"),
        ("GET", "BankTransactions/{}"),
    ],
)
def test_what_is_not_there_is_a_page_not_found(sandbox: SandboxProcess, method: str, path: str) -> None:
    scopes = ["accounting.transactions", "accounting.settings", "accounting.contacts"]
    company = sandbox.connect("AU", scopes)

    reply = company.call(method, path.format(UNKNOWN), json_body={"Name": "x"})

    assert (reply.status, reply.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_person_is_read_by_id(au: Company) -> None:
    first = au.get("Users").json["Users"][0]

    assert au.get(f"Users/{first['UserID']}").json["Users"] == [first]


def test_category_is_read_by_id_with_its_archived_options(au: Company) -> None:
    branch = au.get("TrackingCategories").json["TrackingCategories"][0]["TrackingCategoryID"]

    (found,) = au.get(f"TrackingCategories/{branch}").json["TrackingCategories"]

    assert [each["Status"] for each in found["Options"]].count("ARCHIVED") == 1
