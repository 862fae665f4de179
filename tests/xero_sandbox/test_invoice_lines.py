from typing import Any

import pytest

from tests.xero_sandbox.company_client import Company, line, sales_invoice
from tests.xero_sandbox.document_calls import errors_of, post, put, refused, with_id
from tests.xero_sandbox.sandbox_process import SandboxProcess

NOT_IDENTIFIED = (
    "The Contact must contain at least 1 of the following elements to identify the contact: "
    "Name, ContactID, ContactNumber"
)
ARCHIVED = (
    "The contact with the specified contact details has been archived. "
    "The contact must be un-archived before creating new invoices or credit notes"
)
LOCKED = "The document date cannot be before the period lock date, currently set at"
TOO_LONG = "The description of a line item cannot be longer than 4000 characters."


def test_lines_are_replaced_by_what_is_sent(au: Company) -> None:
    before = au.invoice(LineItems=[line(Description="a"), line(Description="b")])
    first, second = before["LineItems"]

    sent = [{"LineItemID": second["LineItemID"], "Quantity": 3}, line(Description="c")]
    after = post(au, with_id(before, LineItems=sent)).json["Invoices"][0]

    assert [each["Description"] for each in after["LineItems"]] == ["b", "c"]
    assert after["LineItems"][0]["LineItemID"] == second["LineItemID"]
    assert (after["LineItems"][0]["Quantity"], after["LineItems"][0]["LineAmount"]) == (3.0, 300.0)
    assert after["LineItems"][1]["LineItemID"] not in {first["LineItemID"], second["LineItemID"]}


def test_unapproved_invoice_may_lack_an_account_but_an_approved_one_may_not(au: Company) -> None:
    bare = {"Description": "Freight", "Quantity": 1, "UnitAmount": 5}

    draft = au.invoice(LineItems=[bare])

    assert "AccountCode" not in draft["LineItems"][0]
    assert refused(au, LineItems=[bare], Status="AUTHORISED") == ["Account code must be specified"]
    assert errors_of(post(au, with_id(draft, Status="SUBMITTED"))) == ["Account code must be specified"]


def test_line_of_text_only_is_allowed(au: Company) -> None:
    invoice = au.invoice(LineItems=[line(), {"Description": "Container MSKU1234567"}], Status="AUTHORISED")

    assert invoice["Total"] == 110.0
    assert sorted(invoice["LineItems"][1]) == ["Description", "LineItemID", "Tracking", "ValidationErrors"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"LineItems": []}, "One or more line items must be specified"),
        ({"LineItems": None}, "One or more line items must be specified"),
        ({"Contact": None}, "A Contact must be specified for this type of transaction"),
        (
            {"Contact": {"EmailAddress": "a@b.example"}},
            NOT_IDENTIFIED,
        ),
        (
            {"Contact": {"Name": "Kimberley Pearls (closed)"}},
            ARCHIVED,
        ),
        ({"CurrencyCode": "JPY"}, "Organisation is not subscribed to currency JPY"),
        ({"Url": "freight/1"}, "Url must be a valid absolute url"),
        ({"Url": "https://go.xero.com/x"}, "Url must be a valid absolute url"),
        ({"Date": "2024-06-30"}, f"{LOCKED} 30 June 2024"),
        ({"LineItems": [line(AccountCode="610")]}, "Account code '610' is not a valid code for this document."),
        ({"LineItems": [line(AccountCode="090")]}, "Account code '090' is not a valid code for this document."),
        ({"LineItems": [line(LineAmount=1)]}, "The line total 1.00 does not match the expected line total 100.00"),
        ({"LineItems": [line(Description="x" * 4001)]}, TOO_LONG),
        (
            {"LineItems": [line(Quantity="1234567890.1234", UnitAmount="0.01")]},
            "The quantity of a line item cannot be longer than 13 characters.",
        ),
        ({"LineItems": [line(LineAmount="10000000000", UnitAmount=None)]}, "The line amount cannot be greater than 9,999,999,999.99."),  # noqa: E501 - a row of a table
        ({"LineItems": [line(ItemCode="NOPE")]}, "Item code 'NOPE' is not valid"),
        (
            {"LineItems": [line(TaxType="GST on Income")]},
            "The TaxType code GST on Income does not exist or cannot be used for this type of transaction.",
        ),
        (
            {"LineItems": [line(TaxType="EXEMPTCAPITAL")]},
            "The TaxType code EXEMPTCAPITAL does not exist or cannot be used for this type of transaction.",
        ),
        ({"LineItems": [line(TaxType="INPUT")]}, "The TaxType code 'INPUT' cannot be used with account code '200'."),
        (
            {"LineItems": [line(Tracking=[{"Name": "Branch", "Option": "Moon"}])]},
            "Unknown tracking details. A Tracking Category did not match a known active Tracking Category.",
        ),
        (
            {"LineItems": [line(Tracking=[{"Name": "Branch", "Option": "Old Yard"}])]},
            "Unknown tracking details. A Tracking Category did not match a known active Tracking Category.",
        ),
        ({"LineItems": [line(UnitAmount=-5)]}, "The total of the invoice cannot be negative."),
        ({"LineItems": [line(TaxAmount=101)]}, "The tax amount cannot be greater than the line amount!"),
        ({"Type": "INVOICE"}, "Invoice Type must be one of ACCREC, ACCPAY."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_in_xeros_words(au: Company, fields: dict[str, Any], message: str) -> None:
    assert refused(au, **fields) == [message]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("999", "Account code '999' is not a valid code for this document."),
        (
            "318",
            "Account code '318' has been archived, or has been deleted. Each line item must reference a valid account.",
        ),
    ],
)
def test_unusable_account_is_refused_when_approved_and_lost_in_a_draft(au: Company, code: str, message: str) -> None:
    lines = [line(AccountCode=code)]

    assert refused(au, LineItems=lines, Status="AUTHORISED") == [message]
    draft = au.invoice(LineItems=lines)
    assert "AccountCode" not in draft["LineItems"][0]
    assert draft["StatusAttributeString"] == "WARNING"
    assert draft["Warnings"] == [
        {"Message": f"Account code '{code}' has been removed as it does not match a recognised account."}
    ]


def test_account_archived_between_draft_and_approval_is_refused(sandbox: SandboxProcess, au: Company) -> None:
    draft = au.invoice(LineItems=[line(AccountCode="201")])
    sandbox.act("archive_account", account="201")

    assert errors_of(post(au, with_id(draft, Status="AUTHORISED"))) == [
        "Account code '201' has been archived, or has been deleted. Each line item must reference a valid account."
    ]


def test_all_that_is_wrong_is_told_at_once(au: Company) -> None:
    assert refused(au, Contact=None, CurrencyCode="JPY", LineItems=[line(AccountCode="610")]) == [
        "Organisation is not subscribed to currency JPY",
        "Account code '610' is not a valid code for this document.",
        "A Contact must be specified for this type of transaction",
    ]


def test_account_may_be_named_by_id(au: Company) -> None:
    accounts = au.get("Accounts").json["Accounts"]
    account_id = next(each["AccountID"] for each in accounts if each.get("Code") == "205")
    sent = {"Description": "x", "Quantity": 1, "UnitAmount": 1, "AccountID": account_id}

    assert au.invoice(LineItems=[sent])["LineItems"][0]["AccountCode"] == "205"


def test_item_alone_fills_the_line(au: Company) -> None:
    (shown,) = au.invoice(LineItems=[{"ItemCode": "THC"}], Status="AUTHORISED")["LineItems"]

    assert (shown["Description"], shown["UnitAmount"], shown["AccountCode"]) == (
        "Terminal handling charge",
        385.0,
        "206",
    )
    assert (shown["ItemCode"], shown["Item"]["Code"], shown["Item"]["Name"]) == (
        "THC",
        "THC",
        "Terminal handling charge",
    )


def test_item_with_text_but_no_quantity_loses_its_code(au: Company) -> None:
    (shown,) = au.invoice(LineItems=[{"ItemCode": "THC", "Description": "Terminal"}])["LineItems"]

    assert "ItemCode" not in shown


def test_tracking_is_told_by_id_alone_and_by_name_in_lists(au: Company) -> None:
    invoice = au.invoice(LineItems=[line(Tracking=[{"Name": "branch", "Option": "PORT"}])])

    (in_full,) = invoice["LineItems"][0]["Tracking"]
    (in_list,) = au.get("Invoices", page=1).json["Invoices"][0]["LineItems"][0]["Tracking"]
    assert sorted(in_full) == ["Name", "Option", "TrackingCategoryID", "TrackingOptionID"]
    assert in_list == {
        "Name": "Branch",
        "Option": "Port",
        "TrackingCategoryID": in_full["TrackingCategoryID"],
        "Options": [],
    }


def test_more_than_two_tracking_categories_are_refused(au: Company) -> None:
    choices = [{"Name": "Branch", "Option": "Port"}] * 3

    assert refused(au, LineItems=[line(Tracking=choices)]) == [
        "A line item can have a maximum of two tracking categories."
    ]


@pytest.mark.parametrize(("unitdp", "unit", "amount"), [(None, 0.43, 0.86), (4, 0.425, 0.85)])
def test_unit_prices_keep_two_places_unless_four_are_asked(
    au: Company, unitdp: int | None, unit: float, amount: float
) -> None:
    query = {"unitdp": unitdp} if unitdp else {}

    (invoice,) = put(au, sales_invoice(LineItems=[line(Quantity=2, UnitAmount="0.425")]), **query).json["Invoices"]

    (shown,) = invoice["LineItems"]
    assert (shown["UnitAmount"], shown["LineAmount"]) == (unit, amount)


def test_four_places_are_read_only_with_unitdp(au: Company) -> None:
    (invoice,) = put(au, sales_invoice(LineItems=[line(UnitAmount="0.4567", Quantity=100)]), unitdp=4).json["Invoices"]
    path = f"Invoices/{invoice['InvoiceID']}"

    prices = [au.get(path, **query).json["Invoices"][0]["LineItems"][0]["UnitAmount"] for query in ({}, {"unitdp": 4})]

    assert prices == [0.46, 0.4567]
    assert invoice["SubTotal"] == 45.67


def test_tax_is_rounded_by_line_and_summed(sandbox: SandboxProcess, au: Company) -> None:
    lines = [line(UnitAmount="0.05") for _ in range(3)]

    half_up = au.invoice(LineItems=lines)
    sandbox.switch(rounding="half_even")
    half_even = au.invoice(LineItems=lines)

    assert ([each["TaxAmount"] for each in half_up["LineItems"]], half_up["TotalTax"]) == ([0.01, 0.01, 0.01], 0.03)
    assert half_even["TotalTax"] == 0.0


def test_inclusive_amounts_hold_their_tax(nz: Company) -> None:
    invoice = nz.invoice(LineAmountTypes="Inclusive", LineItems=[line(UnitAmount=541.25)])

    assert (invoice["TotalTax"], invoice["SubTotal"], invoice["Total"]) == (70.6, 470.65, 541.25)


def test_no_tax_means_no_tax(au: Company) -> None:
    invoice = au.invoice(LineAmountTypes="NoTax")

    assert (invoice["TotalTax"], invoice["Total"], invoice["LineItems"][0]["TaxType"]) == (0.0, 100.0, "NONE")


def test_changing_line_amount_types_alone_taxes_the_kept_lines_anew(au: Company) -> None:
    invoice = au.invoice()

    after = post(au, with_id(invoice, LineAmountTypes="Inclusive")).json["Invoices"][0]

    assert (after["Total"], after["TotalTax"]) == (100.0, 9.09)


def test_sent_tax_amount_overrides(au: Company) -> None:
    assert au.invoice(LineItems=[line(TaxAmount="9.99")])["TotalTax"] == 9.99


@pytest.mark.parametrize(("discount", "amount"), [({"DiscountRate": 10}, 90.0), ({"DiscountAmount": "12.5"}, 87.5)])
def test_sales_invoices_take_discounts(au: Company, discount: dict[str, Any], amount: float) -> None:
    invoice = au.invoice(LineItems=[line(**discount)])

    assert (invoice["LineItems"][0]["LineAmount"], invoice["IsDiscounted"]) == (amount, True)
    assert invoice["TotalDiscount"] == 100.0 - amount


def test_bills_take_no_discount(au: Company) -> None:
    bill = {"Type": "ACCPAY", "Contact": {"Name": "Pacific Container Line"}}

    assert refused(au, **bill, LineItems=[line(AccountCode="301", DiscountRate=10)]) == [
        "Discounts are not supported for this type of document."
    ]


def test_description_may_have_four_thousand_characters(au: Company) -> None:
    assert len(au.invoice(LineItems=[line(Description="x" * 4000)])["LineItems"][0]["Description"]) == 4000


def test_quantity_keeps_four_places(au: Company) -> None:
    (shown,) = au.invoice(LineItems=[line(Quantity="2.00005", UnitAmount="100")])["LineItems"]

    assert (shown["Quantity"], shown["LineAmount"]) == (2.0001, 200.01)


def test_line_knows_the_id_of_its_account(au: Company) -> None:
    accounts = {each.get("Code"): each["AccountID"] for each in au.get("Accounts").json["Accounts"]}

    (shown,) = au.invoice(LineItems=[line(AccountCode="205")])["LineItems"]

    assert shown["AccountID"] == accounts["205"]


def test_tracking_may_be_named_by_ids(au: Company) -> None:
    category = au.get("TrackingCategories").json["TrackingCategories"][0]
    option = category["Options"][1]
    ids = {"TrackingCategoryID": category["TrackingCategoryID"], "TrackingOptionID": option["TrackingOptionID"]}

    (shown,) = au.invoice(LineItems=[line(Tracking=[ids])])["LineItems"][0]["Tracking"]

    assert (shown["Name"], shown["Option"]) == (category["Name"], option["Name"])


def test_credit_line_is_allowed(au: Company) -> None:
    assert au.invoice(LineItems=[line(), line(UnitAmount=-20)])["Total"] == 88.0


@pytest.mark.parametrize(
    ("sent", "rate"), [({"CurrencyRate": "0.7012345"}, 0.701235), ({"CurrencyRate": "0.66"}, 0.66)]
)
def test_currency_rate_keeps_six_places(au: Company, sent: dict[str, str], rate: float) -> None:
    invoice = au.invoice(CurrencyCode="USD", **sent)

    assert (invoice["CurrencyCode"], invoice["CurrencyRate"]) == ("USD", rate)


def test_missing_rate_is_that_of_the_invoice_date(au: Company) -> None:
    rates = [au.invoice(CurrencyCode="USD", Date=day)["CurrencyRate"] for day in ("2026-03-02", "2026-09-02")]

    assert rates[0] != rates[1]
    assert {0.5 < rate < 0.8 for rate in rates} == {True}


def test_base_currency_always_reads_one(au: Company) -> None:
    assert au.invoice(CurrencyCode="AUD", CurrencyRate=3)["CurrencyRate"] == 1.0


def test_odd_rate_is_a_warning_and_no_refusal(au: Company) -> None:
    reply = put(au, sales_invoice(CurrencyCode="USD", CurrencyRate=1.51), summarizeErrors="false")

    (invoice,) = reply.json["Invoices"]
    assert (reply.status, invoice["StatusAttributeString"], len(invoice["Warnings"])) == (200, "WARNING", 1)


@pytest.mark.parametrize(("rate", "is_odd"), [("1.51", False), ("0.66", True)])
def test_rate_may_be_read_the_other_way_round(sandbox: SandboxProcess, au: Company, rate: str, is_odd: bool) -> None:
    sandbox.switch(currency_rate_means="base_per_foreign")

    (usual, given) = put(
        au, sales_invoice(CurrencyCode="USD"), sales_invoice(CurrencyCode="USD", CurrencyRate=rate)
    ).json["Invoices"]

    assert 1.25 < usual["CurrencyRate"] < 2
    assert ("Warnings" in given) is is_odd


def test_unsubscribed_currency_of_a_single_currency_plan_is_refused(nz: Company) -> None:
    assert refused(nz, CurrencyCode="AUD") == ["Organisation is not subscribed to currency AUD"]
