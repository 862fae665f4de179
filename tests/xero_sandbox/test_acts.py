from typing import Any

import pytest

from tests.xero_sandbox.company_client import Company, line, sales_invoice
from tests.xero_sandbox.document_calls import read
from tests.xero_sandbox.sandbox_process import SandboxProcess


def documents(sandbox: SandboxProcess, **filters: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sandbox.admin("documents", organisation="AU", **filters)["documents"]
    return found


def test_approve_pay_unpay_and_void(sandbox: SandboxProcess, au: Company) -> None:
    invoice = au.invoice(InvoiceNumber="A-1")

    statuses = []
    for act in ("approve", "pay", "unpay", "void"):
        sandbox.act(act, document="A-1")
        statuses.append(read(au, invoice)["Status"])

    assert statuses == ["AUTHORISED", "PAID", "AUTHORISED", "VOIDED"]


def test_part_payment_on_a_day_to_an_account(sandbox: SandboxProcess, au: Company) -> None:
    invoice = au.invoice(Status="AUTHORISED", CurrencyCode="USD")

    sandbox.act("pay", document=invoice["InvoiceID"], amount="12.34", date="2026-11-01", account="091")

    after = read(au, invoice)
    (payment,) = au.get("Payments").json["Payments"]
    assert (after["AmountPaid"], after["Payments"][0]["Date"]) == (12.34, "/Date(1793491200000+0000)/")
    assert payment["Account"]["Code"] == "091"


def test_payment_goes_to_the_bank_account_of_its_currency(sandbox: SandboxProcess, au: Company) -> None:
    invoice = au.invoice(Status="AUTHORISED", CurrencyCode="USD")

    sandbox.act("pay", document=invoice["InvoiceID"])

    assert au.get("Payments").json["Payments"][0]["Account"]["Name"] == "USD Trading Account"


def test_one_of_several_payments_is_removed(sandbox: SandboxProcess, au: Company) -> None:
    invoice = au.invoice(Status="AUTHORISED")
    first = sandbox.act("pay", document=invoice["InvoiceID"], amount="10")["payment"]
    sandbox.act("pay", document=invoice["InvoiceID"], amount="20")

    sandbox.act("unpay", document=invoice["InvoiceID"], payment=first)

    assert read(au, invoice)["AmountPaid"] == 20.0


def test_draft_is_deleted_and_line_is_edited(sandbox: SandboxProcess, au: Company) -> None:
    first, second = au.invoice(), au.invoice(LineItems=[line(), line(Description="two")])

    sandbox.act("delete", document=first["InvoiceID"])
    sandbox.act("edit_line", document=second["InvoiceID"], line=1, account="205", amount="7.50")

    after = read(au, second)["LineItems"]
    assert read(au, first)["Status"] == "DELETED"
    assert [(each["AccountCode"], each["UnitAmount"]) for each in after] == [("200", 100.0), ("205", 7.5)]
    assert after[1]["Description"] == "two"


def test_fields_are_edited_by_xeros_names(sandbox: SandboxProcess, au: Company) -> None:
    invoice = au.invoice()

    sandbox.act("edit", document=invoice["InvoiceID"], fields={"Reference": "changed", "InvoiceNumber": "NEW"})

    after = read(au, invoice)
    assert (after["Reference"], after["InvoiceNumber"]) == ("changed", "NEW")


def test_document_is_doubled(sandbox: SandboxProcess, au: Company) -> None:
    sale = au.invoice(InvoiceNumber="S-1", Status="AUTHORISED", Url="https://freight.example/1")
    sandbox.act("pay", document=sale["InvoiceID"])
    bill = au.invoice(
        Type="ACCPAY",
        Contact={"Name": "Pacific Container Line"},
        InvoiceNumber="B-1",
        LineItems=[line(AccountCode="301")],
    )

    sandbox.act("duplicate", document=sale["InvoiceID"])
    sandbox.act("duplicate", document=bill["InvoiceID"])

    sales = [each for each in documents(sandbox) if each["url"]]
    assert [(each["status"], each["amount_paid"], each["total"]) for each in sales] == [
        ("PAID", "110.00", "110.00"), ("AUTHORISED", "0.00", "110.00"),
    ]  # fmt: skip
    assert sales[1]["number"].startswith("S-1-COPY")
    assert [each["number"] for each in documents(sandbox, type="ACCPAY")] == ["B-1", "B-1"]


def test_person_makes_documents_by_hand(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.act("create_document", fields=sales_invoice(Status="AUTHORISED"))
    quote = {"Contact": {"Name": "Coral Coast Imports"}, "Date": "2026-11-20", "LineItems": [line()]}
    sandbox.act("create_document", fields=quote)

    assert [(each["type"], each["created_by"]) for each in documents(sandbox)] == [("ACCREC", ""), ("QUOTE", "")]
    assert au.get("Quotes").json["Quotes"][0]["QuoteNumber"] == "QU-0001"


def test_quote_is_moved_along_without_losing_its_number(sandbox: SandboxProcess, au: Company) -> None:
    quote = {"Contact": {"Name": "Coral Coast Imports"}, "Date": "2026-11-20", "LineItems": [line()], "Terms": "T"}
    sandbox.act("create_document", fields=quote)

    for step in ("send", "accept", "invoice"):
        sandbox.act("move_quote", document="QU-0001", to=step)

    (after,) = au.get("Quotes").json["Quotes"]
    assert (after["QuoteNumber"], after["Status"], after["Terms"]) == ("QU-0001", "INVOICED", "T")


def test_credit_is_allocated_by_hand(sandbox: SandboxProcess, au: Company) -> None:
    invoice = au.invoice(Status="AUTHORISED")
    note = {"Type": "ACCRECCREDIT", "Contact": {"Name": "Murray River Produce"}, "LineItems": [line(UnitAmount=10)]}
    made = sandbox.act("create_document", fields=note | {"Status": "AUTHORISED"})

    sandbox.act("allocate", document=made["document"], invoice=invoice["InvoiceID"])

    assert read(au, invoice)["AmountCredited"] == 11.0


def test_tax_rate_and_contact_are_changed(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.act("set_tax_rate_status", tax_type="EXEMPTEXPORT")
    sandbox.act("rename_contact", contact="Coral Coast Imports", name="Coral Coast Ltd", account_number="CC9")

    assert au.get("TaxRates/EXEMPTEXPORT").json["TaxRates"][0]["Status"] == "DELETED"
    assert au.get("Contacts", where='AccountNumber=="CC9"').json["Contacts"][0]["Name"] == "Coral Coast Ltd"


def test_revoked_grant_ends_everything(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.act("revoke_grant")

    assert au.get("Organisation").status == 403


@pytest.mark.parametrize(
    ("act", "wish", "words"),
    [
        ("fly", {}, "There is no act 'fly'"),
        ("pay", {}, "The act needs 'document'."),
        ("pay", {"document": "nobody"}, "There is no document 'nobody'"),
        ("pay", {"document": "R-1", "amount": "111"}, "Payment amount exceeds the amount outstanding on this document"),
        ("approve", {"document": "P-1"}, "Invoice not of valid status for modification"),
        ("archive_account", {"account": "610"}, "Account '610' is not there or belongs to Xero."),
        ("drop_currency", {"currency": "AUD"}, "AUD is not subscribed, or is the base currency."),
        ("add_currency", {"currency": "XXX"}, "XXX is no currency that the sandbox has rates for."),
        ("move_quote", {"document": "R-1", "to": "moon"}, "A quote can be moved to send, accept, decline, invoice."),
        ("archive_contact", {"contact": "Nobody"}, "There is no contact 'Nobody'."),
        ("set_lock_date", {"lock": "gate"}, "lock is 'period' or 'end_of_year'."),
        ("edit_line", {"document": "R-1", "line": 4}, "The document has 1 lines; they count from 0."),
        ("edit", {"document": "R-1", "fields": {"Date": "x"}}, "The string 'x' is not a valid AllXsd value."),
    ],
)
def test_refused_act_says_why_and_changes_nothing(
    sandbox: SandboxProcess, au: Company, act: str, wish: dict[str, Any], words: str
) -> None:
    au.invoice(InvoiceNumber="R-1", Status="AUTHORISED")
    paid = au.invoice(InvoiceNumber="P-1", Status="AUTHORISED")
    sandbox.act("void", document=paid["InvoiceID"])
    before = documents(sandbox)

    refusal = sandbox.refused_act(act, **wish)

    assert refusal.startswith(words)
    assert documents(sandbox) == before


def test_organisation_that_is_not_there_is_refused(sandbox: SandboxProcess) -> None:
    assert sandbox.refused_act("disconnect", "Atlantis") == "There is no organisation called 'Atlantis'."


@pytest.mark.parametrize("name", ["AU", "aud", "!hHf4A", "Harbour & Hinterland Freight (AU)", "harbour"])
def test_organisation_is_known_by_many_names(sandbox: SandboxProcess, name: str) -> None:
    assert sandbox.act("disconnect", name) == {"disconnected": []}
