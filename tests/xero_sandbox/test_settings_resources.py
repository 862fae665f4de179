from typing import Any

import pytest

from tests.xero_sandbox.company_client import Company, sales_invoice
from tests.xero_sandbox.document_calls import put
from tests.xero_sandbox.sandbox_process import SandboxProcess


def errors_of(reply: Any) -> list[str]:
    assert reply.status == 400, reply.text
    return [error["Message"] for error in reply.json["Elements"][0]["ValidationErrors"]]


def test_organisation_has_the_recorded_keys(nz: Company) -> None:
    (organisation,) = nz.get("Organisation").json["Organisations"]

    assert list(organisation) == [
        "Name", "LegalName", "PaysTax", "Version", "OrganisationType", "BaseCurrency", "CountryCode", "IsDemoCompany",
        "OrganisationStatus", "TaxNumber", "FinancialYearEndDay", "FinancialYearEndMonth", "SalesTaxBasis",
        "SalesTaxPeriod", "DefaultSalesTax", "DefaultPurchasesTax", "PeriodLockDate", "CreatedDateUTC",
        "OrganisationEntityType", "Timezone", "ShortCode", "OrganisationID", "Edition", "Class", "Addresses", "Phones",
        "ExternalLinks", "PaymentTerms",
    ]  # fmt: skip
    assert (organisation["Timezone"], organisation["ShortCode"][0]) == ("NEWZEALANDSTANDARDTIME", "!")
    assert organisation["PeriodLockDate"] == "/Date(1743379200000)/"
    assert organisation["OrganisationID"] == nz.organisation_id


def test_lock_dates_appear_only_while_they_are_set(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.act("set_lock_date", lock="period")
    without = au.get("Organisation").json["Organisations"][0]
    sandbox.act("set_lock_date", lock="end_of_year", date="2026-06-30")
    locked = au.get("Organisation").json["Organisations"][0]

    assert "PeriodLockDate" not in without
    assert locked["EndOfYearLockDate"] == "/Date(1782777600000)/"
    assert put(au, sales_invoice(Date="2026-06-30")).json["Elements"][0]["ValidationErrors"] == [
        {"Message": "The document date cannot be before the end of year lock date, currently set at 30 June 2026"}
    ]
    assert put(au, sales_invoice(Date="2026-07-01")).status == 200


def test_actions_say_what_the_plan_allows(au: Company, nz: Company) -> None:
    allowed = [
        {action["Name"]: action["Status"] for action in company.get("Organisation/Actions").json["Actions"]}
        for company in (au, nz)
    ]

    assert [each["UseMulticurrency"] for each in allowed] == ["ALLOWED", "NOT-ALLOWED"]
    assert allowed[0]["CreateApprovedInvoice"] == "ALLOWED"


def test_accounts_tell_class_system_and_status(au: Company) -> None:
    accounts = {each.get("Code"): each for each in au.get("Accounts").json["Accounts"]}

    assert (accounts["200"]["Type"], accounts["200"]["Class"], accounts["200"]["TaxType"]) == (
        "REVENUE",
        "REVENUE",
        "OUTPUT",
    )
    assert (accounts["610"]["SystemAccount"], accounts["800"]["SystemAccount"]) == ("DEBTORS", "CREDITORS")
    assert accounts["318"]["Status"] == "ARCHIVED"
    assert accounts["090"]["BankAccountType"] == "BANK"
    assert None in accounts
    assert accounts["851"]["EnablePaymentsToAccount"] is True


def test_accounts_are_filtered_and_ordered(au: Company) -> None:
    banks = au.get("Accounts", where='Type=="BANK"', order="Name DESC").json["Accounts"]

    assert [each["Name"] for each in banks] == ["USD Trading Account", "Petty Cash Card", "Operating Account"]


def test_accounts_know_modified_since(sandbox: SandboxProcess, au: Company) -> None:
    since = {"If-Modified-Since": sandbox.now().strftime("%Y-%m-%dT%H:%M:%S")}
    nothing = au.get("Accounts", headers=since)
    sandbox.advance(5)
    sandbox.act("archive_account", account="201")

    (changed,) = au.get("Accounts", headers=since).json["Accounts"]

    assert (nothing.status, changed["Code"], changed["Status"]) == (304, "201", "ARCHIVED")


def test_account_is_created_changed_and_archived(au: Company) -> None:
    (made,) = au.put("Accounts", {"Code": "212", "Name": "Drone Freight", "Type": "SALES", "TaxType": "OUTPUT"}).json[
        "Accounts"
    ]

    path = f"Accounts/{made['AccountID']}"
    assert errors_of(au.put("Accounts", {"Code": "213", "Name": "drone freight", "Type": "SALES"})) == [
        "Please enter a unique Name."
    ]
    assert au.post(path, {"Name": "Drones"}).json["Accounts"][0]["Name"] == "Drones"
    assert au.post(path, {"Status": "ARCHIVED"}).json["Accounts"][0]["Status"] == "ARCHIVED"
    assert au.call("DELETE", path).json["Accounts"][0]["Status"] == "DELETED"
    assert au.get(path).status == 404


def test_tax_rates_include_deleted_ones(nz: Company) -> None:
    rates = {each["TaxType"]: each for each in nz.get("TaxRates").json["TaxRates"]}

    assert (rates["OUTPUT"]["Status"], rates["OUTPUT"]["EffectiveRate"]) == ("DELETED", 12.5)
    assert rates["OUTPUT2"] == {
        "Name": "15% GST on Income", "TaxType": "OUTPUT2", "ReportTaxType": "OUTPUT", "CanApplyToAssets": True,
        "CanApplyToEquity": True, "CanApplyToExpenses": False, "CanApplyToLiabilities": True,
        "CanApplyToRevenue": True, "DisplayTaxRate": 15.0, "EffectiveRate": 15.0, "Status": "ACTIVE",
        "TaxComponents": [{"Name": "GST", "Rate": 15.0, "IsCompound": False, "IsNonRecoverable": False}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("country", "code", "rate"), [("AU", "OUTPUT", 10.0), ("NZ", "OUTPUT2", 15.0), ("GB", "OUTPUT2", 20.0)]
)
def test_same_code_means_another_rate_in_another_country(
    sandbox: SandboxProcess, country: str, code: str, rate: float
) -> None:
    (found,) = sandbox.connect(country).get(f"TaxRates/{code}").json["TaxRates"]

    assert found["EffectiveRate"] == rate


def test_tax_rate_is_created_with_a_code_of_its_own_and_deleted(au: Company) -> None:
    components = [{"Name": "A", "Rate": 5}, {"Name": "B", "Rate": 10, "IsCompound": True}]
    (made,) = au.put("TaxRates", {"TaxRates": [{"Name": "Levy", "TaxComponents": components}]}).json["TaxRates"]

    deleted = au.post("TaxRates", {"TaxRates": [{"TaxType": made["TaxType"], "Status": "DELETED"}]})

    assert (made["TaxType"][:3], made["DisplayTaxRate"], made["EffectiveRate"]) == ("TAX", 15.0, 15.5)
    assert deleted.json["TaxRates"][0]["Status"] == "DELETED"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Branch", "Department"]),
        ({"order": "Name DESC"}, ["Department", "Branch"]),
        ({"where": 'Name=="Department"'}, ["Department"]),
        ({"where": 'Status=="ARCHIVED"'}, []),
    ],
)
def test_tracking_is_filtered_and_sorted(au: Company, query: dict[str, str], names: list[str]) -> None:
    assert [each["Name"] for each in au.get("TrackingCategories", **query).json["TrackingCategories"]] == names


def test_tracking_shows_active_options_unless_asked_for_all(au: Company) -> None:
    usual = au.get("TrackingCategories").json["TrackingCategories"]
    everything = au.get("TrackingCategories", includeArchived="true").json["TrackingCategories"]

    assert [(each["Name"], len(each["Options"])) for each in usual] == [("Branch", 4), ("Department", 4)]
    assert [len(each["Options"]) for each in everything] == [5, 4]


def test_tracking_options_are_added_renamed_and_deleted(au: Company) -> None:
    category = au.get("TrackingCategories").json["TrackingCategories"][0]["TrackingCategoryID"]
    path = f"TrackingCategories/{category}/Options"

    (made,) = au.put(path, {"Name": "Rail yard"}).json["Options"]
    renamed = au.post(f"{path}/{made['TrackingOptionID']}", {"Name": "Rail"}).json["Options"][0]
    taken = au.put(path, {"Name": "rail"})
    deleted = au.call("DELETE", f"{path}/{made['TrackingOptionID']}").json["Options"][0]

    assert (made["Status"], renamed["Name"], taken.status, deleted["Status"]) == ("ACTIVE", "Rail", 400, "DELETED")
    assert len(au.get("TrackingCategories").json["TrackingCategories"][0]["Options"]) == 4


def test_renamed_option_shows_in_lists_at_once(au: Company) -> None:
    au.invoice(LineItems=[{"Description": "x", "Quantity": 1, "UnitAmount": 1, "Tracking": [{"Name": "Branch", "Option": "Port"}]}])  # fmt: skip  # noqa: E501 - one line of an invoice
    category = au.get("TrackingCategories").json["TrackingCategories"][0]
    option = next(each for each in category["Options"] if each["Name"] == "Port")
    before = au.get("Invoices", page=1).json["Invoices"][0]["LineItems"][0]["Tracking"][0]["Option"]

    au.post(
        f"TrackingCategories/{category['TrackingCategoryID']}/Options/{option['TrackingOptionID']}", {"Name": "Quay"}
    )

    after = au.get("Invoices", page=1).json["Invoices"][0]["LineItems"][0]["Tracking"][0]["Option"]
    assert (before, after) == ("Port", "Quay")


def test_category_is_made_archived_and_deleted(au: Company) -> None:
    held = au.get("TrackingCategories").json["TrackingCategories"][1]["TrackingCategoryID"]
    archived = au.post(f"TrackingCategories/{held}", {"Status": "ARCHIVED"}).json["TrackingCategories"][0]

    (made,) = au.put("TrackingCategories", {"Name": "Lane"}).json["TrackingCategories"]
    deleted = au.call("DELETE", f"TrackingCategories/{made['TrackingCategoryID']}")

    assert (archived["Status"], deleted.json["TrackingCategories"][0]["Status"]) == ("ARCHIVED", "DELETED")
    assert [each["Name"] for each in au.get("TrackingCategories").json["TrackingCategories"]] == ["Branch"]


def test_currencies_are_those_subscribed(au: Company) -> None:
    currencies = au.get("Currencies").json["Currencies"]

    assert [each["Code"] for each in currencies] == ["AUD", "EUR", "GBP", "NZD", "SGD", "USD"]
    assert currencies[0] == {"Code": "AUD", "Description": "Australian Dollar"}


def test_currency_is_added_where_the_plan_allows(au: Company, nz: Company) -> None:
    added = au.put("Currencies", {"Code": "JPY", "Description": "Japanese Yen"})

    assert added.json["Currencies"] == [{"Code": "JPY", "Description": "Japanese Yen"}]
    assert put(au, sales_invoice(CurrencyCode="JPY")).status == 200
    assert nz.put("Currencies", {"Code": "AUD"}).status == 400


def test_dropped_currency_is_refused_from_then_on(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.act("drop_currency", currency="USD")

    assert errors_of(put(au, sales_invoice(CurrencyCode="USD"))) == ["Organisation is not subscribed to currency USD"]


def test_branding_themes_come_in_their_order(au: Company) -> None:
    themes = au.get("BrandingThemes").json["BrandingThemes"]

    assert [(each["Name"], each["SortOrder"], each["Type"]) for each in themes] == [
        ("Standard", 1, "INVOICE"), ("Export documents", 2, "INVOICE"), ("Warehouse", 3, "INVOICE"),
    ]  # fmt: skip
    assert list(themes[0]) == ["BrandingThemeID", "Name", "LogoUrl", "Type", "SortOrder", "CreatedDateUTC"]
    assert au.get(f"BrandingThemes/{themes[1]['BrandingThemeID']}").json["BrandingThemes"] == [themes[1]]


@pytest.mark.parametrize(
    "name",
    [
        "BankTransactions", "BankTransfers", "BatchPayments", "ContactGroups", "Employees", "ExpenseClaims",
        "LinkedTransactions", "ManualJournals", "Overpayments", "Prepayments", "PurchaseOrders", "Receipts",
        "RepeatingInvoices", "Journals", "Budgets", "PaymentServices",
    ],
)  # fmt: skip
def test_unused_collections_answer_and_are_empty(sandbox: SandboxProcess, name: str) -> None:
    scopes = ["accounting.transactions.read", "accounting.settings", "accounting.contacts", "accounting.journals.read"]
    company = sandbox.connect("AU", [*scopes, "accounting.budgets.read"])

    assert company.get(name).json[name] == []


def test_paged_unused_collection_has_its_block(sandbox: SandboxProcess) -> None:
    company = sandbox.connect("AU", ["accounting.transactions"])

    assert company.get("PurchaseOrders", page=1).json["pagination"]["itemCount"] == 0
    assert company.put("PurchaseOrders", {"PurchaseOrders": [{}]}).status == 501
    assert company.post("PurchaseOrders/11111111-2222-3333-4444-555555555555", {}).status == 404


def test_users_are_the_organisations_people(au: Company) -> None:
    users = au.get("Users").json["Users"]

    assert sorted(each["FirstName"] for each in users) == ["Alex", "Mia"]
