from typing import Any

import pytest

from tests.xero_sandbox.company_client import Company, line
from tests.xero_sandbox.document_calls import post, with_id
from tests.xero_sandbox.sandbox_process import SandboxProcess


def credit_note(**fields: Any) -> dict[str, Any]:
    return {
        "Type": "ACCRECCREDIT",
        "Contact": {"Name": "Murray River Produce"},
        "Date": "2026-11-20",
        "LineItems": [line(UnitAmount=50)],
    } | fields


def create(company: Company, **fields: Any) -> dict[str, Any]:
    reply = company.put("CreditNotes", {"CreditNotes": [credit_note(**fields)]})
    assert reply.status == 200, reply.text
    note: dict[str, Any] = reply.json["CreditNotes"][0]
    return note


def errors_of(reply: Any) -> list[str]:
    return [error["Message"] for error in reply.json["Elements"][0]["ValidationErrors"]]


def allocate(company: Company, note: dict[str, Any], invoice: dict[str, Any], amount: Any) -> Any:
    body = {"Amount": amount, "Date": "2026-11-21", "Invoice": {"InvoiceID": invoice["InvoiceID"]}}
    return company.put(f"CreditNotes/{note['CreditNoteID']}/Allocations", {"Allocations": [body]})


def read(company: Company, note: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = company.get(f"CreditNotes/{note['CreditNoteID']}").json["CreditNotes"][0]
    return found


def test_credit_note_has_its_id_twice_and_its_remaining_credit(au: Company) -> None:
    note = create(au, Reference="back")

    assert note["ID"] == note["CreditNoteID"]
    assert (note["CreditNoteNumber"], note["RemainingCredit"], note["Total"]) == ("CN-0001", 55.0, 55.0)
    assert (note["Status"], note["Allocations"], note["Reference"]) == ("DRAFT", [], "back")


def test_supplier_credit_notes_have_no_reference_and_no_number_of_their_own(au: Company) -> None:
    note = create(
        au,
        Type="ACCPAYCREDIT",
        Contact={"Name": "Pacific Container Line"},
        Reference="mine",
        LineItems=[line(AccountCode="301")],
    )

    assert (note["Reference"], note["CreditNoteNumber"]) == ("", "")


def test_credit_notes_take_no_discount(au: Company) -> None:
    reply = au.put("CreditNotes", {"CreditNotes": [credit_note(LineItems=[line(DiscountRate=5)])]})

    assert errors_of(reply) == ["Discounts are not supported for this type of document."]


def test_number_of_a_sales_credit_note_is_unique(au: Company) -> None:
    create(au, CreditNoteNumber="CN-7")

    reply = au.put("CreditNotes", {"CreditNotes": [credit_note(CreditNoteNumber="CN-7")]})

    assert errors_of(reply) == ["Credit note # must be unique."]


def test_unknown_credit_note_id_is_refused(au: Company) -> None:
    sent = credit_note(CreditNoteID="11111111-2222-3333-4444-555555555555")

    assert errors_of(au.post("CreditNotes", {"CreditNotes": [sent]})) == [
        "An existing Credit Note with the specified CreditNoteID could not be found"
    ]


def test_list_is_paged_with_lines(sandbox: SandboxProcess, au: Company) -> None:
    for number in ("a", "b", "c"):
        create(au, CreditNoteNumber=number)
        sandbox.advance(1)

    body = au.get("CreditNotes", page=2, pageSize=2).json

    assert body["pagination"] == {"page": 2, "pageSize": 2, "pageCount": 2, "itemCount": 3}
    assert [(each["CreditNoteNumber"], len(each["LineItems"])) for each in body["CreditNotes"]] == [("c", 1)]
    assert [each["LineItems"] for each in au.get("CreditNotes").json["CreditNotes"]] == [[], [], []]


def test_list_knows_where_and_unitdp(au: Company) -> None:
    prices = [line(UnitAmount="0.4567", Quantity=100)]
    au.put("CreditNotes", {"CreditNotes": [credit_note(CreditNoteNumber="a", LineItems=prices)]}, unitdp=4)
    create(au, CreditNoteNumber="b")

    (found,) = au.get("CreditNotes", page=1, where='CreditNoteNumber=="a"', unitdp=4).json["CreditNotes"]

    assert (found["CreditNoteNumber"], found["LineItems"][0]["UnitAmount"]) == ("a", 0.4567)


def test_allocation_lowers_both_sides(au: Company) -> None:
    invoice, note = au.invoice(Status="AUTHORISED"), create(au, Status="AUTHORISED")

    reply = allocate(au, note, invoice, 30)

    (allocation,) = reply.json["Allocations"]
    after = au.get(f"Invoices/{invoice['InvoiceID']}").json["Invoices"][0]
    assert (allocation["Amount"], allocation["Invoice"]["InvoiceID"]) == (30.0, invoice["InvoiceID"])
    assert (after["AmountCredited"], after["AmountDue"], after["AmountPaid"]) == (30.0, 80.0, 0.0)
    assert [(each["CreditNoteNumber"], each["AppliedAmount"]) for each in after["CreditNotes"]] == [("CN-0001", 30.0)]
    assert (read(au, note)["RemainingCredit"], len(read(au, note)["Allocations"])) == (25.0, 1)


def test_fully_credited_invoice_is_paid_with_nothing_paid(au: Company) -> None:
    invoice = au.invoice(Status="AUTHORISED", LineItems=[line(UnitAmount=50)])
    note = create(au, Status="AUTHORISED")

    allocate(au, note, invoice, 55)

    after = au.get(f"Invoices/{invoice['InvoiceID']}").json["Invoices"][0]
    assert (after["Status"], after["AmountPaid"], after["AmountCredited"]) == ("PAID", 0.0, 55.0)
    assert after["FullyPaidOnDate"] == "/Date(1795219200000+0000)/"
    assert (read(au, note)["Status"], read(au, note)["RemainingCredit"]) == ("PAID", 0.0)


def test_draft_credit_note_cannot_be_allocated(au: Company) -> None:
    reply = allocate(au, create(au), au.invoice(Status="AUTHORISED"), 10)

    assert errors_of(reply) == ["Credit note must be authorised before it can be allocated."]


@pytest.mark.parametrize("amount", [56, 0, -1])
def test_allocation_must_fit(au: Company, amount: int) -> None:
    reply = allocate(au, create(au, Status="AUTHORISED"), au.invoice(Status="AUTHORISED"), amount)

    assert reply.status == 400


def test_allocation_to_another_customer_is_refused(au: Company) -> None:
    invoice = au.invoice(Status="AUTHORISED", Contact={"Name": "Coral Coast Imports"})

    assert errors_of(allocate(au, create(au, Status="AUTHORISED"), invoice, 10)) == [
        "Invoice and credit note must have the same contact and currency."
    ]


def test_removed_allocation_opens_both_again(au: Company) -> None:
    invoice, note = au.invoice(Status="AUTHORISED"), create(au, Status="AUTHORISED")
    (allocation,) = allocate(au, note, invoice, 55).json["Allocations"]

    reply = au.call("DELETE", f"CreditNotes/{note['CreditNoteID']}/Allocations/{allocation['AllocationID']}")

    assert (reply.status, reply.json["IsDeleted"]) == (200, True)
    assert (read(au, note)["Status"], read(au, note)["RemainingCredit"]) == ("AUTHORISED", 55.0)
    assert au.get(f"Invoices/{invoice['InvoiceID']}").json["Invoices"][0]["AmountDue"] == 110.0


def test_void_with_money_applied_is_refused(au: Company) -> None:
    invoice, note = au.invoice(Status="AUTHORISED"), create(au, Status="AUTHORISED")
    allocate(au, note, invoice, 10)

    assert errors_of(post(au, with_id(invoice, Status="VOIDED"))) == [
        "The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it."
    ]


@pytest.mark.parametrize("money", ["allocated", "refunded"])
def test_void_of_a_used_credit_note_is_refused(sandbox: SandboxProcess, au: Company, money: str) -> None:
    invoice, note = au.invoice(Status="AUTHORISED"), create(au, Status="AUTHORISED")
    if money == "allocated":
        allocate(au, note, invoice, 10)
    else:
        sandbox.act("refund", document=note["CreditNoteID"], amount="20")

    reply = au.post("CreditNotes", {"CreditNotes": [{"CreditNoteID": note["CreditNoteID"], "Status": "VOIDED"}]})

    assert (reply.status, read(au, note)["Status"]) == (400, "AUTHORISED")


def test_contact_cannot_change_under_a_credit(au: Company) -> None:
    invoice, note = au.invoice(Status="AUTHORISED"), create(au, Status="AUTHORISED")
    allocate(au, note, invoice, 10)

    assert errors_of(post(au, with_id(invoice, Contact={"Name": "Coral Coast Imports"}))) == [
        "This document cannot be edited as it has a payment or credit note allocated to it."
    ]


def test_refund_lowers_the_remaining_credit(sandbox: SandboxProcess, au: Company) -> None:
    note = create(au, Status="AUTHORISED")

    sandbox.act("refund", document=note["CreditNoteID"], amount="20")

    after = read(au, note)
    assert (after["RemainingCredit"], [each["Amount"] for each in after["Payments"]]) == (35.0, [20.0])


def test_credit_note_comes_as_pdf_where_asked(au: Company) -> None:
    note = create(au)

    reply = au.get(f"CreditNotes/{note['CreditNoteID']}", headers={"Accept": "application/pdf"})

    assert reply.headers["Content-Type"] == "application/pdf"


def test_post_finds_by_id_or_number(au: Company) -> None:
    note = create(au, CreditNoteNumber="CN-5")

    by_number = au.post("CreditNotes", {"CreditNotes": [credit_note(CreditNoteNumber="CN-5", Reference="number")]})
    by_path = au.post("CreditNotes/CN-5", {"Reference": "path"})
    another = au.post("CreditNotes", {"CreditNotes": [credit_note(CreditNoteNumber="CN-6")]})

    assert [reply.json["CreditNotes"][0]["CreditNoteID"] == note["CreditNoteID"] for reply in (by_number, by_path)] == [
        True,
        True,
    ]
    assert (by_path.json["CreditNotes"][0]["Reference"], another.json["CreditNotes"][0]["CreditNoteNumber"]) == (
        "path",
        "CN-6",
    )


def test_put_with_an_id_is_refused(au: Company) -> None:
    sent = credit_note(CreditNoteID=create(au)["CreditNoteID"])

    assert errors_of(au.put("CreditNotes", {"CreditNotes": [sent]})) == [
        "An existing Credit Note with the specified CreditNoteID could not be found"
    ]


def test_allocation_may_name_the_invoice_by_its_number(au: Company) -> None:
    invoice, note = au.invoice(Status="AUTHORISED", InvoiceNumber="A-1"), create(au, Status="AUTHORISED")
    body = {"Amount": 5, "Invoice": {"InvoiceNumber": "A-1"}}

    reply = au.put(f"CreditNotes/{note['CreditNoteID']}/Allocations", body)

    assert reply.json["Allocations"][0]["Invoice"]["InvoiceID"] == invoice["InvoiceID"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"Amount": 5}, "An existing Invoice with the specified InvoiceID could not be found"),
        ({"Invoice": {"InvoiceNumber": "OPEN"}}, "Allocation amount must be specified."),
        ({"Amount": 0, "Invoice": {"InvoiceNumber": "OPEN"}}, "Allocation amount must be greater than zero."),
        (
            {"Amount": 55.01, "Invoice": {"InvoiceNumber": "OPEN"}},
            "Allocation amount exceeds the amount outstanding on this document",
        ),
        (
            {"Amount": 5, "Invoice": {"InvoiceNumber": "DRAFT"}},
            "Invoice not of valid status or type for a credit note to be allocated to it.",
        ),
        (
            {"Amount": 5, "Date": "2024-06-30", "Invoice": {"InvoiceNumber": "OPEN"}},
            "The document date cannot be before the period lock date, currently set at 30 June 2024",
        ),
    ],
)
def test_what_is_wrong_with_an_allocation_is_refused(au: Company, body: dict[str, Any], message: str) -> None:
    au.invoice(Status="AUTHORISED", InvoiceNumber="OPEN")
    au.invoice(InvoiceNumber="DRAFT")
    note = create(au, Status="AUTHORISED")

    assert errors_of(au.put(f"CreditNotes/{note['CreditNoteID']}/Allocations", body)) == [message]


def test_allocation_can_be_the_whole_of_the_smaller_side(au: Company) -> None:
    invoice, note = au.invoice(Status="AUTHORISED", LineItems=[line(UnitAmount=50)]), create(au, Status="AUTHORISED")

    assert allocate(au, note, invoice, 55).status == 200
