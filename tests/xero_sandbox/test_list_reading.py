from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from tests.xero_sandbox.company_client import Company, line, sales_invoice
from tests.xero_sandbox.document_calls import post, put, with_id
from tests.xero_sandbox.sandbox_process import SandboxProcess

BILL = {"Type": "ACCPAY", "Contact": {"Name": "Pacific Container Line"}, "LineItems": [line(AccountCode="301")]}


def numbers(reply: Any) -> list[str]:
    assert reply.status == 200, reply.text
    return [invoice["InvoiceNumber"] for invoice in reply.json["Invoices"]]


@pytest.fixture
def filled(sandbox: SandboxProcess, au: Company) -> Company:
    """Five documents, a second apart: A, B approved, C, D (a bill), E approved."""
    for number, fields in (
        ("A", {}),
        ("B", {"Status": "AUTHORISED", "Date": "2026-10-05", "Reference": "PO-77"}),
        ("C", {"Contact": {"Name": "Coral Coast Imports"}}),
        ("D", BILL),
        ("E", {"Status": "AUTHORISED", "Contact": {"Name": "Coral Coast Imports"}, "LineItems": [line(UnitAmount=900)]}),  # noqa: E501 - a row of a table
    ):  # fmt: skip
        au.invoice(InvoiceNumber=number, **fields)
        sandbox.advance(1)
    return au


def test_page_tells_where_it_is(filled: Company) -> None:
    reply = filled.get("Invoices", page=2, pageSize=2)

    assert reply.json["pagination"] == {"page": 2, "pageSize": 2, "pageCount": 3, "itemCount": 5}
    assert numbers(reply) == ["C", "D"]


def test_page_beyond_the_end_is_empty(filled: Company) -> None:
    reply = filled.get("Invoices", page=4, pageSize=2)

    assert (numbers(reply), reply.json["pagination"]["pageCount"]) == ([], 3)


@pytest.mark.parametrize(("asked", "given"), [("0", 1), ("5000", 1000), ("-3", 1), ("x", 100)])
def test_page_size_is_brought_back_into_range(filled: Company, asked: str, given: int) -> None:
    assert filled.get("Invoices", page=1, pageSize=asked).json["pagination"]["pageSize"] == given


def test_list_without_pages_has_no_lines_and_no_block(filled: Company) -> None:
    body = filled.get("Invoices").json

    assert "pagination" not in body
    assert [invoice["LineItems"] for invoice in body["Invoices"]] == [[]] * 5
    assert sorted(body["Invoices"][0]["Contact"]) == [
        "Addresses", "ContactGroups", "ContactID", "ContactPersons", "HasValidationErrors", "Name", "Phones",
    ]  # fmt: skip


def test_page_has_lines(filled: Company) -> None:
    body = filled.get("Invoices", page=1).json

    assert [len(invoice["LineItems"]) for invoice in body["Invoices"]] == [1] * 5
    assert "ValidationErrors" not in body["Invoices"][0]["LineItems"][0]


def test_statuses_force_pages(filled: Company) -> None:
    reply = filled.get("Invoices", Statuses="AUTHORISED,PAID")

    assert (numbers(reply), reply.json["pagination"]["itemCount"]) == (["B", "E"], 2)


def test_one_status_is_read_from_its_index(filled: Company) -> None:
    assert numbers(filled.get("Invoices", Statuses="DRAFT")) == ["A", "C", "D"]


def test_summary_forces_pages_and_drops_the_heavy_parts(filled: Company) -> None:
    body = filled.get("Invoices", summaryOnly="true").json

    dropped = {"Payments", "HasAttachments", "LineItems", "CISDeduction"}
    assert body["pagination"]["itemCount"] == 5
    assert dropped & set(body["Invoices"][0]) == set()


def test_ids_numbers_and_contacts_filter(filled: Company) -> None:
    coral = filled.contact_id("CORAL02")
    ids = [each["InvoiceID"] for each in filled.get("Invoices", page=1).json["Invoices"]]

    assert numbers(filled.get("Invoices", IDs=f"{ids[4]},{ids[0]}")) == ["A", "E"]
    assert numbers(filled.get("Invoices", InvoiceNumbers="C,E,none")) == ["C", "E"]
    assert numbers(filled.get("Invoices", ContactIDs=coral)) == ["C", "E"]


def test_created_by_my_app_leaves_out_what_people_made(sandbox: SandboxProcess, filled: Company) -> None:
    sandbox.act("create_document", fields=sales_invoice(InvoiceNumber="by hand"))

    assert "by hand" in numbers(filled.get("Invoices", page=1))
    assert numbers(filled.get("Invoices", createdByMyApp="true", page=1)) == ["A", "B", "C", "D", "E"]


@pytest.mark.parametrize(("term", "found"), [("coral", ["C", "E"]), ("po-77", ["B"]), ("nothing", [])])
def test_search_term_looks_into_number_reference_and_contact(filled: Company, term: str, found: list[str]) -> None:
    assert numbers(filled.get("Invoices", searchTerm=term, page=1)) == found


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ('Type=="ACCPAY"', ["D"]),
        ('Type="ACCPAY"', ["D"]),
        ('Type=="ACCREC" AND Status=="AUTHORISED"', ["B", "E"]),
        ('Type=="ACCREC"&&Status=="AUTHORISED"', ["B", "E"]),
        ('InvoiceNumber=="A" OR InvoiceNumber=="C"', ["A", "C"]),
        ('InvoiceNumber=="A"||InvoiceNumber=="C"', ["A", "C"]),
        ('(InvoiceNumber=="A" OR InvoiceNumber=="B") AND Status=="DRAFT"', ["A"]),
        ('InvoiceNumber=="b"', ["B"]),
        ("Date>=DateTime(2026,11,01)", ["A", "C", "D", "E"]),
        ("Date<DateTime(2026,11,01)", ["B"]),
        ("Total>500", ["E"]),
        ("AmountDue==110 AND Total<=110.00", ["A", "B", "C", "D"]),
        ("AmountPaid=0 AND Total!=110", ["E"]),
        ('Reference.Contains("77")', ["B"]),
        ('Reference!=null AND Reference.StartsWith("PO")', ["B"]),
        ('Contact.Name.ToLower().EndsWith("imports")', ["C", "E"]),
        ('Contact.Name=="CORAL COAST IMPORTS"', ["C", "E"]),
        ('Reference==null AND Type=="ACCREC"', ["A", "C", "E"]),
    ],
)
def test_where_filters(filled: Company, where: str, found: list[str]) -> None:
    assert numbers(filled.get("Invoices", where=where, page=1)) == found


def test_where_by_contact_id(filled: Company) -> None:
    coral = filled.contact_id("CORAL02")

    assert numbers(filled.get("Invoices", where=f'Contact.ContactID=guid("{coral}")', page=1)) == ["C", "E"]


def test_quotation_marks_are_escaped(au: Company) -> None:
    au.invoice(Reference='say "hi"', InvoiceNumber="Q")

    assert numbers(au.get("Invoices", where='Reference=="say \\"hi\\""', page=1)) == ["Q"]


@pytest.mark.parametrize(
    "where",
    ['Type=="ACCREC', "Type==", 'Nothing=="x"', "Type>5", 'Type=="A" AND', "DROP TABLE", 'Date>="x"', "Type#3"],
)
def test_unreadable_filter_is_a_query_parse_exception(filled: Company, where: str) -> None:
    reply = filled.get("Invoices", where=where, page=1)

    assert (reply.status, reply.json["ErrorNumber"], reply.json["Type"]) == (400, 16, "QueryParseException")


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("UpdatedDateUTC DESC", ["E", "D", "C", "B", "A"]),
        ("UpdatedDateUTC ASC", ["A", "B", "C", "D", "E"]),
        ("InvoiceNumber DESC", ["E", "D", "C", "B", "A"]),
        ("Total DESC,InvoiceNumber", ["E", "A", "B", "C", "D"]),
        ("Status,InvoiceNumber DESC", ["E", "B", "D", "C", "A"]),
    ],
)
def test_order_sorts(filled: Company, order: str, found: list[str]) -> None:
    assert numbers(filled.get("Invoices", order=order, page=1)) == found


@pytest.mark.parametrize("order", ["Nothing", "Date SIDEWAYS", "Date ASC now"])
def test_unreadable_order_is_refused(filled: Company, order: str) -> None:
    assert filled.get("Invoices", order=order, page=1).json["Type"] == "QueryParseException"


def test_descending_pages_do_not_overlap(filled: Company) -> None:
    pages = [numbers(filled.get("Invoices", order="UpdatedDateUTC DESC", page=page, pageSize=2)) for page in (1, 2, 3)]

    assert pages == [["E", "D"], ["C", "B"], ["A"]]


def test_changed_document_moves_to_the_end(sandbox: SandboxProcess, filled: Company) -> None:
    (first,) = filled.get("Invoices", InvoiceNumbers="A").json["Invoices"]
    sandbox.advance(1)
    post(filled, with_id(first, Reference="moved"))

    assert numbers(filled.get("Invoices", page=1)) == ["B", "C", "D", "E", "A"]


def test_only_what_changed_since_is_listed(sandbox: SandboxProcess, filled: Company) -> None:
    since = (sandbox.now() - timedelta(seconds=2)).replace(microsecond=0)
    stamps = (since.strftime("%Y-%m-%dT%H:%M:%S"), format_datetime(since, usegmt=True))

    for stamp in stamps:
        reply = filled.get("Invoices", page=1, headers={"If-Modified-Since": stamp})
        assert numbers(reply)[-1] == "E"
        assert "A" not in numbers(reply)
        assert reply.json["pagination"]["itemCount"] == len(numbers(reply))


def test_changed_since_goes_together_with_a_filter(sandbox: SandboxProcess, filled: Company) -> None:
    since = (sandbox.now() - timedelta(seconds=4)).strftime("%Y-%m-%dT%H:%M:%S")

    reply = filled.get("Invoices", page=1, where='Type=="ACCREC"', headers={"If-Modified-Since": since})

    assert "D" not in numbers(reply)
    assert numbers(reply)[-1] == "E"


def test_nothing_changed_is_304_or_an_empty_list(sandbox: SandboxProcess, filled: Company) -> None:
    sandbox.advance(2)
    since = {"If-Modified-Since": sandbox.now().strftime("%Y-%m-%dT%H:%M:%S")}

    harsh = filled.get("Invoices", page=1, headers=since)
    sandbox.switch(nothing_changed="200")
    mild = filled.get("Invoices", page=1, headers=since)

    assert (harsh.status, harsh.body) == (304, b"")
    assert (mild.status, mild.json["Invoices"]) == (200, [])


def test_unreadable_moment_is_refused(filled: Company) -> None:
    assert filled.get("Invoices", page=1, headers={"If-Modified-Since": "last week"}).status == 400


def test_updated_moment_is_told_twice(sandbox: SandboxProcess, au: Company) -> None:
    now = sandbox.now()

    invoice = au.invoice()

    assert invoice["UpdatedDateUTCString"] == now.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert invoice["UpdatedDateUTC"] == f"/Date({int(now.timestamp() * 1000)}+0000)/"


def test_quiet_changes_do_not_bump_the_updated_moment(sandbox: SandboxProcess, au: Company) -> None:
    invoice = au.invoice(Status="AUTHORISED")
    sandbox.act("pay", document=invoice["InvoiceID"], amount="10")
    before = au.get(f"Invoices/{invoice['InvoiceID']}").json["Invoices"][0]["UpdatedDateUTC"]
    sandbox.advance(60)

    quiet = post(au, with_id(invoice, DueDate="2027-01-01")).json["Invoices"][0]
    loud = post(au, with_id(invoice, Reference="told")).json["Invoices"][0]

    assert (quiet["UpdatedDateUTC"], quiet["DueDateString"]) == (before, "2027-01-01T00:00:00")
    assert loud["UpdatedDateUTC"] > before


def test_organisations_do_not_see_each_others_lists(sandbox: SandboxProcess, filled: Company) -> None:
    gb = sandbox.connect("GB")
    put(gb, sales_invoice(Contact={"Name": "Aire Valley Textiles"}, InvoiceNumber="UK"))

    assert numbers(gb.get("Invoices", page=1)) == ["UK"]
    assert "UK" not in numbers(filled.get("Invoices", page=1))
