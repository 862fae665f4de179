import re

import pytest

from tests.xero_sandbox.company_client import Company, line, sales_invoice
from tests.xero_sandbox.document_calls import errors_of, post, put, read, refused, with_id
from tests.xero_sandbox.sandbox_process import SandboxProcess

ZERO_ID = "00000000-0000-0000-0000-000000000000"


def test_create_answers_in_the_recorded_shape(nz: Company) -> None:
    lines = [{"Description": "Job: 1", "Quantity": 2, "UnitAmount": 10.50, "AccountCode": "200"}]
    sent = {"Type": "ACCREC", "Contact": {"Name": "Recording"}, "LineItems": lines, "Date": "2026-09-14"}

    reply = put(nz, sent | {"DueDate": "2026-09-14", "Status": "AUTHORISED", "Reference": "recording"})

    body = reply.json
    (invoice,) = body["Invoices"]
    assert reply.headers["Content-Type"] == "application/json; charset=utf-8"
    assert list(body) == ["Id", "Status", "ProviderName", "DateTimeUTC", "Invoices"]
    assert (body["Status"], body["ProviderName"]) == ("OK", "FreightBridge (sandbox)")
    assert re.fullmatch(r"/Date\(\d{13}\)/", body["DateTimeUTC"])
    assert sorted(invoice) == sorted(
        [
            "Type", "InvoiceID", "InvoiceNumber", "Reference", "Prepayments", "Overpayments", "AmountDue", "AmountPaid",
            "SentToContact", "CurrencyRate", "IsDiscounted", "HasErrors", "InvoicePaymentServices",
            "UpdatedDateUTCString", "Contact", "DateString", "Date", "DueDateString", "DueDate", "BrandingThemeID",
            "Status", "LineAmountTypes", "LineItems", "SubTotal", "TotalTax", "Total", "UpdatedDateUTC", "CurrencyCode",
        ]
    )  # fmt: skip
    assert (invoice["SubTotal"], invoice["TotalTax"], invoice["Total"], invoice["AmountDue"]) == (
        21,
        3.15,
        24.15,
        24.15,
    )
    assert (invoice["Date"], invoice["DateString"]) == ("/Date(1789344000000+0000)/", "2026-09-14T00:00:00")
    assert (invoice["CurrencyCode"], invoice["CurrencyRate"], invoice["InvoiceNumber"]) == ("NZD", 1.0, "INV-0001")
    (shown,) = invoice["LineItems"]
    assert list(shown) == [
        "Description", "UnitAmount", "TaxType", "TaxAmount", "LineAmount", "AccountCode", "Tracking", "Quantity",
        "LineItemID", "AccountID", "ValidationErrors",
    ]  # fmt: skip
    assert (shown["TaxType"], shown["TaxAmount"], shown["LineAmount"]) == ("OUTPUT2", 3.15, 21.0)


def test_numbers_are_json_numbers_with_a_point(au: Company) -> None:
    body = put(au, sales_invoice()).text

    assert '"Total":110.0,' in body
    assert '"Quantity":1.0,' in body


def test_bare_object_is_accepted(au: Company) -> None:
    reply = au.put("Invoices", sales_invoice())

    assert (reply.status, len(reply.json["Invoices"])) == (200, 1)


def test_key_case_is_tolerated(au: Company) -> None:
    sent = {
        "type": "ACCREC",
        "contact": {"name": "Coral Coast Imports"},
        "lineItems": [{"description": "x", "quantity": 1, "unitAmount": 5, "accountCode": "200"}],
        "duedate": "2026-12-20",
    }

    invoice = au.put("Invoices", {"invoices": [sent]}).json["Invoices"][0]

    assert (invoice["Contact"]["Name"], invoice["Total"]) == ("Coral Coast Imports", 5.5)
    assert invoice["DueDateString"] == "2026-12-20T00:00:00"


def test_status_is_draft_and_date_is_today_in_the_organisations_zone(sandbox: SandboxProcess, nz: Company) -> None:
    midday = sandbox.now().replace(hour=13, minute=0)
    if midday > sandbox.now():
        sandbox.admin("clock", {"set": midday.isoformat()})
    else:
        sandbox.advance((midday - sandbox.now()).total_seconds() + 86_400)
    tomorrow_in_auckland = sandbox.now().date().toordinal() + 1
    nz = sandbox.connect("NZ")

    sent = sales_invoice()
    del sent["Date"]
    invoice = put(nz, sent).json["Invoices"][0]

    assert invoice["Status"] == "DRAFT"
    day = int(invoice["Date"].removeprefix("/Date(").split("+")[0]) // 86_400_000 + 719_163
    assert day == tomorrow_in_auckland


def test_due_date_may_lie_before_the_date(au: Company) -> None:
    invoice = au.invoice(Date="2026-03-11", DueDate="2026-01-10", Status="AUTHORISED")

    assert (invoice["Status"], invoice["DueDateString"]) == ("AUTHORISED", "2026-01-10T00:00:00")


@pytest.mark.parametrize("status", ["PAID", "VOIDED", "DELETED"])
def test_new_invoice_cannot_begin_at_its_end(au: Company, status: str) -> None:
    assert refused(au, Status=status) == ["Invoice not of valid status for creation"]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("DRAFT", "SUBMITTED"),
        ("DRAFT", "AUTHORISED"),
        ("DRAFT", "DELETED"),
        ("SUBMITTED", "AUTHORISED"),
        ("SUBMITTED", "DRAFT"),
        ("SUBMITTED", "DELETED"),
        ("AUTHORISED", "AUTHORISED"),
        ("AUTHORISED", "VOIDED"),
    ],
)
def test_status_may_go(au: Company, first: str, then: str) -> None:
    invoice = au.invoice(Status=first)

    reply = post(au, with_id(invoice, Status=then))

    assert (reply.status, reply.json["Invoices"][0]["Status"]) == (200, then)
    assert read(au, invoice)["Status"] == then


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("DRAFT", "VOIDED"),
        ("SUBMITTED", "VOIDED"),
        ("AUTHORISED", "DELETED"),
        ("AUTHORISED", "DRAFT"),
        ("DRAFT", "PAID"),
    ],
)
def test_status_may_not_go(au: Company, first: str, then: str) -> None:
    invoice = au.invoice(Status=first)

    reply = post(au, with_id(invoice, Status=then))

    assert (reply.status, errors_of(reply)) == (400, ["Invoice not of valid status for modification"])
    assert read(au, invoice)["Status"] == first


@pytest.mark.parametrize(("first", "end"), [("AUTHORISED", "VOIDED"), ("DRAFT", "DELETED")])
def test_ended_invoice_cannot_be_changed(au: Company, first: str, end: str) -> None:
    invoice = au.invoice(Status=first)
    post(au, with_id(invoice, Status=end))

    reply = post(au, with_id(invoice, Reference="late"))

    assert errors_of(reply) == ["Invoice not of valid status for modification"]


def test_refused_deletion_echoes_deleted_though_nothing_changed(au: Company) -> None:
    invoice = au.invoice(Status="AUTHORISED")

    reply = post(au, with_id(invoice, Status="DELETED"), summarizeErrors="False")

    (element,) = reply.json["Invoices"]
    assert (reply.status, element["Status"], element["HasErrors"]) == (200, "DELETED", True)
    assert element["StatusAttributeString"] == "ERROR"
    assert element["InvoiceID"] == invoice["InvoiceID"]
    assert read(au, invoice)["Status"] == "AUTHORISED"


def test_void_answer_still_shows_amount_due_but_a_read_does_not(au: Company) -> None:
    invoice = au.invoice(Status="AUTHORISED")

    voided = post(au, with_id(invoice, Status="VOIDED")).json["Invoices"][0]
    (listed,) = au.get("Invoices", page=1).json["Invoices"]

    assert (voided["Status"], voided["AmountDue"]) == ("VOIDED", 110.0)
    assert (listed["Status"], listed["AmountDue"]) == ("VOIDED", 0.0)
    assert read(au, invoice)["AmountDue"] == 0.0


def test_put_of_a_taken_number_is_refused(au: Company) -> None:
    au.invoice(InvoiceNumber="HH-1")

    assert refused(au, InvoiceNumber="HH-1") == ["Invoice # must be unique."]
    assert refused(au, InvoiceNumber="hh-1") == ["Invoice # must be unique."]


def test_number_stays_taken_after_void_and_delete(sandbox: SandboxProcess, au: Company) -> None:
    voided, deleted = au.invoice(InvoiceNumber="V", Status="AUTHORISED"), au.invoice(InvoiceNumber="D")
    post(au, with_id(voided, Status="VOIDED"), with_id(deleted, Status="DELETED"))

    assert refused(au, InvoiceNumber="V") == ["Invoice # must be unique."]
    assert refused(au, InvoiceNumber="D") == ["Invoice # must be unique."]
    sandbox.switch(deleted_number="free")
    assert au.invoice(InvoiceNumber="D")["InvoiceNumber"] == "D"


def test_missing_number_is_given(au: Company) -> None:
    au.invoice(InvoiceNumber="INV-0002")

    numbers = [au.invoice()["InvoiceNumber"] for _ in range(2)]

    assert numbers == ["INV-0003", "INV-0004"]


@pytest.mark.parametrize("number", ["x" * 256, "Rechnung-Ä", "line\nbreak"])
def test_number_must_be_printable_and_short(au: Company, number: str) -> None:
    assert refused(au, InvoiceNumber=number) == ["InvoiceNumber must be at most 255 printable ASCII characters."]


def test_post_with_an_existing_number_updates_that_invoice(au: Company) -> None:
    first = au.invoice(InvoiceNumber="HH-9", Reference="one")

    reply = post(au, sales_invoice(InvoiceNumber="HH-9", Reference="two"))

    (second,) = reply.json["Invoices"]
    assert (second["InvoiceID"], second["Reference"]) == (first["InvoiceID"], "two")
    assert au.get("Invoices", page=1).json["pagination"]["itemCount"] == 1


def test_post_creates_what_is_not_there(au: Company) -> None:
    assert post(au, sales_invoice(InvoiceNumber="HH-10")).json["Invoices"][0]["InvoiceNumber"] == "HH-10"


def test_bill_numbers_are_not_unique(au: Company) -> None:
    bill = {"Type": "ACCPAY", "Contact": {"Name": "Pacific Container Line"}, "InvoiceNumber": "4711"}
    bill |= {"LineItems": [line(AccountCode="301")]}

    first, second = put(au, bill).json["Invoices"][0], put(au, bill).json["Invoices"][0]

    assert first["InvoiceID"] != second["InvoiceID"]
    assert au.get("Invoices", InvoiceNumbers="4711", page=1).json["pagination"]["itemCount"] == 2


@pytest.mark.parametrize(
    ("reading", "supplier", "count"),
    [
        ("any_supplier", "Skyward Cargo Airlines", 1),
        ("same_supplier", "Skyward Cargo Airlines", 2),
        ("same_supplier", "Pacific Container Line", 1),
        ("create", "Pacific Container Line", 2),
    ],
)
def test_post_of_a_bill_with_a_known_number(
    sandbox: SandboxProcess, au: Company, reading: str, supplier: str, count: int
) -> None:
    bill = {"Type": "ACCPAY", "Contact": {"Name": "Pacific Container Line"}, "InvoiceNumber": "4711"}
    bill |= {"LineItems": [line(AccountCode="301")]}
    put(au, bill)
    sandbox.switch(bill_number_on_post=reading)

    post(au, bill | {"Contact": {"Name": supplier}})

    assert au.get("Invoices", page=1).json["pagination"]["itemCount"] == count


def test_bills_keep_no_reference_and_need_no_number(au: Company) -> None:
    bill = put(
        au,
        sales_invoice(
            Type="ACCPAY",
            Contact={"Name": "Pacific Container Line"},
            Reference="mine",
            LineItems=[line(AccountCode="301")],
        ),
    ).json["Invoices"][0]

    assert (bill["Reference"], bill["InvoiceNumber"], bill["LineItems"][0]["TaxType"]) == ("", "", "INPUT")
    assert "BrandingThemeID" not in bill


def test_unknown_invoice_id_in_the_body_is_refused(au: Company) -> None:
    unknown = "11111111-2222-3333-4444-555555555555"

    replies = [post(au, sales_invoice(InvoiceID=unknown)), put(au, sales_invoice(InvoiceID=unknown))]

    words = ["An existing Invoice with the specified InvoiceID could not be found"]
    assert [errors_of(reply) for reply in replies] == [words, words]


def test_invoice_id_of_zeros_counts_as_none(au: Company) -> None:
    assert put(au, sales_invoice(InvoiceID=ZERO_ID)).status == 200


def test_post_to_an_id_or_number_updates(au: Company) -> None:
    invoice = au.invoice(InvoiceNumber="HH-3")

    by_id = au.post(f"Invoices/{invoice['InvoiceID']}", {"Reference": "by id"})
    by_number = au.post("Invoices/HH-3", {"Invoices": [{"Reference": "by number"}]})
    unknown = au.post("Invoices/HH-4", {"Reference": "nobody"})

    assert by_id.json["Invoices"][0]["Reference"] == "by id"
    assert by_number.json["Invoices"][0]["Reference"] == "by number"
    assert (unknown.status, unknown.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_get_by_number_finds_it(au: Company) -> None:
    invoice = au.invoice(InvoiceNumber="HH-5")

    assert au.get("Invoices/HH-5").json["Invoices"][0]["InvoiceID"] == invoice["InvoiceID"]


def test_status_only_update_keeps_everything_else(au: Company) -> None:
    before = au.invoice(Reference="keep", Url="https://freight.example/i/1", LineItems=[line(), line(Quantity=3)])

    after = post(au, with_id(before, Status="AUTHORISED")).json["Invoices"][0]

    kept = ("Reference", "Url", "InvoiceNumber", "Date", "DueDate", "Total", "CurrencyRate", "BrandingThemeID")
    assert [after[name] for name in kept] == [before[name] for name in kept]
    assert after["LineItems"] == before["LineItems"]


def test_sent_to_contact_only_holds_once_approved(au: Company) -> None:
    draft, approved = au.invoice(SentToContact=True), au.invoice(SentToContact=True, Status="AUTHORISED")

    assert (draft["SentToContact"], approved["SentToContact"]) == (False, True)


def test_branding_theme_defaults_to_the_first(au: Company) -> None:
    themes = au.get("BrandingThemes").json["BrandingThemes"]

    assert au.invoice()["BrandingThemeID"] == themes[0]["BrandingThemeID"]
    assert au.invoice(BrandingThemeID=themes[1]["BrandingThemeID"])["BrandingThemeID"] == themes[1]["BrandingThemeID"]
    assert refused(au, BrandingThemeID="11111111-2222-3333-4444-555555555555") == ["Branding theme must be valid."]


def test_due_date_comes_from_the_terms_on_approval(au: Company) -> None:
    sent = sales_invoice(Date="2026-11-20")
    del sent["DueDate"]
    (draft,) = put(au, sent).json["Invoices"]

    approved = post(au, with_id(draft, Status="AUTHORISED")).json["Invoices"][0]

    assert "DueDate" not in draft
    assert approved["DueDateString"] == "2026-12-04T00:00:00"


def test_missing_due_date_can_be_refused(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.switch(missing_due_date="refuse")

    assert refused(au, DueDate=None, Status="AUTHORISED") == ["DueDate must be specified for an approved invoice."]


def test_invoice_over_nothing_is_paid_at_once(au: Company) -> None:
    assert au.invoice(LineItems=[line(UnitAmount=0)], Status="AUTHORISED")["Status"] == "PAID"


def test_customers_are_marked_by_their_first_sale(au: Company) -> None:
    invoice = au.invoice(Contact={"Name": "Somebody New"})

    assert (invoice["Contact"]["IsCustomer"], invoice["Contact"]["IsSupplier"]) == (True, False)


def test_online_invoice_only_for_approved_sales(au: Company) -> None:
    draft, approved = au.invoice(), au.invoice(Status="AUTHORISED")

    refused_reply = au.get(f"Invoices/{draft['InvoiceID']}/OnlineInvoice")
    (online,) = au.get(f"Invoices/{approved['InvoiceID']}/OnlineInvoice").json["OnlineInvoices"]

    assert refused_reply.status == 404
    assert online["OnlineInvoiceUrl"].endswith(f"/invoicing/view/{approved['InvoiceID']}")


@pytest.mark.parametrize(("status", "answer"), [("DRAFT", 400), ("SUBMITTED", 204), ("AUTHORISED", 204)])
def test_email_only_for_invoices_that_left_draft(au: Company, status: str, answer: int) -> None:
    invoice = au.invoice(Status=status)

    reply = au.call("POST", f"Invoices/{invoice['InvoiceID']}/Email", json_body={})

    assert reply.status == answer


@pytest.mark.parametrize("ending", ["", "/pdf"])
def test_invoice_comes_as_pdf_where_asked(au: Company, ending: str) -> None:
    invoice = au.invoice()

    reply = au.get(f"Invoices/{invoice['InvoiceID']}{ending}", headers={"Accept": "application/pdf"})

    assert (reply.status, reply.headers["Content-Type"], reply.body[:8]) == (200, "application/pdf", b"%PDF-1.4")


def test_unknown_invoice_is_a_page_not_found(au: Company) -> None:
    reply = au.get("Invoices/11111111-2222-3333-4444-555555555555")

    assert (reply.status, reply.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "The resource you're looking for cannot be found" in reply.text


def test_invoice_of_another_organisation_is_not_found(sandbox: SandboxProcess, au: Company) -> None:
    invoice = au.invoice()

    assert sandbox.connect("GB").get(f"Invoices/{invoice['InvoiceID']}").status == 404


def test_approval_limit_of_an_old_plan(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.act("set_approval_limits", sales=1, bills=0)
    au.invoice(Status="AUTHORISED")

    assert refused(au, Status="AUTHORISED") == ["You have reached the limit of invoices you can approve"]
    assert au.invoice()["Status"] == "DRAFT"


def test_payment_is_expected_of_sales_and_planned_for_bills(au: Company) -> None:
    sale = au.invoice(ExpectedPaymentDate="2026-12-01")
    bill = {"Type": "ACCPAY", "Contact": {"Name": "Pacific Container Line"}, "LineItems": [line(AccountCode="301")]}

    planned = au.invoice(**bill, PlannedPaymentDate="2026-12-02")

    assert read(au, sale)["ExpectedPaymentDate"] == "/Date(1796083200000+0000)/"
    assert read(au, planned)["PlannedPaymentDate"] == "/Date(1796169600000+0000)/"
