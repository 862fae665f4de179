from typing import Any

import pytest

from tests.xero_sandbox.company_client import Company
from tests.xero_sandbox.document_calls import post, read, with_id
from tests.xero_sandbox.sandbox_process import SandboxProcess


def pay(company: Company, invoice: dict[str, Any], amount: Any, **fields: Any) -> Any:
    payment = {
        "Invoice": {"InvoiceID": invoice["InvoiceID"]},
        "Account": {"Code": "090"},
        "Date": "2026-11-21",
        "Amount": amount,
    }
    return company.put("Payments", {"Payments": [payment | fields]})


def errors_of(reply: Any) -> list[str]:
    return [error["Message"] for error in reply.json["Elements"][0]["ValidationErrors"]]


def test_part_payment_leaves_the_invoice_open(au: Company) -> None:
    invoice = au.invoice(Status="AUTHORISED")

    (payment,) = pay(au, invoice, 40, Reference="EFT 1").json["Payments"]

    after = read(au, invoice)
    assert (payment["PaymentType"], payment["Status"], payment["Amount"]) == ("ACCRECPAYMENT", "AUTHORISED", 40.0)
    assert (after["Status"], after["AmountPaid"], after["AmountDue"]) == ("AUTHORISED", 40.0, 70.0)
    assert "FullyPaidOnDate" not in after
    assert after["Payments"] == [
        {
            "PaymentID": payment["PaymentID"],
            "Date": "/Date(1795219200000+0000)/",
            "Amount": 40.0,
            "Reference": "EFT 1",
            "CurrencyRate": 1.0,
            "HasAccount": False,
            "HasValidationErrors": False,
        }
    ]


def test_full_payment_closes_the_invoice_on_its_day(au: Company) -> None:
    invoice = au.invoice(Status="AUTHORISED")
    pay(au, invoice, 40)

    pay(au, invoice, 70, Date="2026-11-25")

    after = read(au, invoice)
    assert (after["Status"], after["AmountDue"]) == ("PAID", 0.0)
    assert after["FullyPaidOnDate"] == "/Date(1795564800000+0000)/"


def test_payment_above_the_amount_due_is_refused(au: Company) -> None:
    reply = pay(au, au.invoice(Status="AUTHORISED"), 110.01)

    assert errors_of(reply) == ["Payment amount exceeds the amount outstanding on this document"]


@pytest.mark.parametrize("code", ["200", "999", "610"])
def test_payment_needs_a_bank_or_an_account_for_payments(au: Company, code: str) -> None:
    assert pay(au, au.invoice(Status="AUTHORISED"), 1, Account={"Code": code}).status == 400


def test_account_for_payments_is_as_good_as_a_bank(au: Company) -> None:
    assert pay(au, au.invoice(Status="AUTHORISED"), 1, Account={"Code": "851"}).status == 200


def test_draft_cannot_be_paid(au: Company) -> None:
    assert errors_of(pay(au, au.invoice(), 1)) == ["Invoice must be approved before a payment can be made."]


def test_payment_in_a_locked_period_is_refused(au: Company) -> None:
    reply = pay(au, au.invoice(Status="AUTHORISED"), 1, Date="2024-01-01")

    assert errors_of(reply) == [
        "The document date cannot be before the period lock date, currently set at 30 June 2024"
    ]


def test_deleted_payment_opens_the_invoice_again(au: Company) -> None:
    invoice = au.invoice(Status="AUTHORISED")
    (payment,) = pay(au, invoice, 110).json["Payments"]

    reply = au.post(f"Payments/{payment['PaymentID']}", {"Status": "DELETED"})

    after = read(au, invoice)
    assert (reply.status, reply.json["Payments"][0]["Status"]) == (200, "DELETED")
    assert (after["Status"], after["AmountDue"], "Payments" in after) == ("AUTHORISED", 110.0, False)


def test_payment_knows_no_other_change(au: Company) -> None:
    (payment,) = pay(au, au.invoice(Status="AUTHORISED"), 110).json["Payments"]

    assert au.post(f"Payments/{payment['PaymentID']}", {"Amount": 1}).status == 400


def test_payments_are_listed_with_their_invoice(sandbox: SandboxProcess, au: Company) -> None:
    invoice = au.invoice(Status="AUTHORISED", InvoiceNumber="P-1")
    pay(au, invoice, 1)
    sandbox.advance(1)
    pay(au, invoice, 2)

    body = au.get("Payments", page=1, where='Status=="AUTHORISED"').json

    assert [each["Amount"] for each in body["Payments"]] == [1.0, 2.0]
    assert body["Payments"][0]["Invoice"]["InvoiceNumber"] == "P-1"
    assert body["pagination"]["itemCount"] == 2
    assert au.get(f"Payments/{body['Payments'][0]['PaymentID']}").json["Payments"][0]["Amount"] == 1.0


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"Reference": "new"}, 200),
        ({"DueDate": "2027-02-01"}, 200),
        ({"InvoiceNumber": "OTHER"}, 200),
        ({"Url": "https://freight.example/2"}, 200),
        ({"Contact": {"Name": "Coral Coast Imports"}}, 200),
        ({"Date": "2026-11-19"}, 400),
        ({"LineAmountTypes": "Inclusive"}, 400),
        ({"CurrencyCode": "USD"}, 400),
        ({"LineItems": [{"Description": "x", "Quantity": 1, "UnitAmount": 1, "AccountCode": "200"}]}, 400),
    ],
)
def test_paid_invoice_lets_its_words_change_but_not_its_money(au: Company, fields: dict[str, Any], status: int) -> None:
    invoice = au.invoice(Status="AUTHORISED")
    pay(au, invoice, 110)

    reply = post(au, with_id(invoice, **fields))

    assert reply.status == status
    if status == 400:
        assert errors_of(reply) == [
            "This document cannot be edited as it has a payment or credit note allocated to it."
        ]
    assert read(au, invoice)["Status"] == "PAID"


def test_line_of_a_paid_invoice_may_change_text_account_and_tracking(au: Company) -> None:
    invoice = au.invoice(Status="AUTHORISED")
    pay(au, invoice, 110)
    (line,) = invoice["LineItems"]
    sent = {
        "LineItemID": line["LineItemID"],
        "Description": "Better words",
        "AccountCode": "201",
        "Tracking": [{"Name": "Branch", "Option": "Port"}],
    }

    after = post(au, with_id(invoice, LineItems=[sent])).json["Invoices"][0]["LineItems"][0]

    assert (after["Description"], after["AccountCode"], after["Tracking"][0]["Option"]) == (
        "Better words",
        "201",
        "Port",
    )


def test_void_of_a_paid_invoice_is_refused(au: Company) -> None:
    invoice = au.invoice(Status="AUTHORISED")
    pay(au, invoice, 1)

    assert errors_of(post(au, with_id(invoice, Status="VOIDED"))) == [
        "The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it."
    ]


def test_credit_note_is_refunded_by_a_payment(au: Company) -> None:
    note = {"Type": "ACCRECCREDIT", "Contact": {"Name": "Coral Coast Imports"}, "Status": "AUTHORISED"}
    lines = [{"Description": "x", "Quantity": 1, "UnitAmount": 50, "AccountCode": "200"}]
    (made,) = au.put("CreditNotes", note | {"LineItems": lines}).json["CreditNotes"]
    sent = {"CreditNote": {"CreditNoteNumber": made["CreditNoteNumber"]}, "Account": {"Code": "090"}, "Amount": 55}

    (payment,) = au.put("Payments", {"Payments": [sent]}).json["Payments"]

    after = au.get(f"CreditNotes/{made['CreditNoteID']}").json["CreditNotes"][0]
    assert (payment["PaymentType"], payment["CreditNote"]["CreditNoteID"]) == ("ARCREDITPAYMENT", made["CreditNoteID"])
    assert (after["Status"], after["RemainingCredit"]) == ("PAID", 0.0)


def test_account_and_invoice_may_be_named_another_way(au: Company) -> None:
    (bank,) = au.get("Accounts", where='Code=="090"').json["Accounts"]
    au.invoice(Status="AUTHORISED", InvoiceNumber="P-2")
    sent = {"Invoice": {"InvoiceNumber": "P-2"}, "Account": {"AccountID": bank["AccountID"]}, "Amount": 1}

    assert au.put("Payments", sent).json["Payments"][0]["Account"]["Code"] == "090"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"Invoice": {"InvoiceNumber": "NONE"}}, "An existing Invoice or Credit Note must be specified for a payment."),
        ({"Amount": None}, "Payment amount must be greater than zero"),
        ({"Amount": 0}, "Payment amount must be greater than zero"),
        ({"Account": None}, "Account must be valid."),
        ({"Account": {"Code": "318"}}, "Account must be valid."),
        ({"Account": {"Code": "200"}}, "Account code '200' is not a valid code for this document."),
    ],
)
def test_what_is_wrong_with_a_payment_is_refused(au: Company, fields: dict[str, Any], message: str) -> None:
    assert errors_of(pay(au, au.invoice(Status="AUTHORISED"), 1, **fields)) == [message]


def test_payment_is_deleted_only_once(au: Company) -> None:
    (payment,) = pay(au, au.invoice(Status="AUTHORISED"), 110).json["Payments"]
    path = f"Payments/{payment['PaymentID']}"
    au.post(path, {"Status": "DELETED"})

    assert errors_of(au.post(path, {"Status": "DELETED"})) == ["Payment has already been deleted."]
