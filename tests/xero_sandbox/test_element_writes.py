import pytest

from tests.xero_sandbox.company_client import Company, line, sales_invoice
from tests.xero_sandbox.document_calls import post, put, with_id
from tests.xero_sandbox.sandbox_process import SandboxProcess

ZERO_ID = "00000000-0000-0000-0000-000000000000"
GOOD = sales_invoice(InvoiceNumber="G")
BAD = sales_invoice(InvoiceNumber="B", CurrencyCode="JPY")


def count(company: Company) -> int:
    total: int = company.get("Invoices", page=1).json["pagination"]["itemCount"]
    return total


def test_without_the_parameter_one_bad_element_refuses_all(au: Company) -> None:
    reply = put(au, GOOD, BAD)

    body = reply.json
    assert (reply.status, body["ErrorNumber"], body["Type"]) == (400, 10, "ValidationException")
    assert body["Message"] == "A validation exception occurred"
    assert [element["InvoiceNumber"] for element in body["Elements"]] == ["B"]
    assert count(au) == 0


def test_summarised_errors_may_keep_the_good_ones_by_switch(sandbox: SandboxProcess, au: Company) -> None:
    sandbox.switch(summarised_errors="keep_good")

    assert (put(au, GOOD, BAD).status, count(au)) == (400, 1)


@pytest.mark.parametrize("query", [{"summarizeErrors": "false"}, {"SummarizeErrors": "False"}])
def test_unsummarised_errors_stand_at_their_elements(au: Company, query: dict[str, str]) -> None:
    reply = put(au, GOOD, BAD, sales_invoice(InvoiceNumber="H"), **query)

    elements = reply.json["Invoices"]
    assert reply.status == 200
    assert [each["StatusAttributeString"] for each in elements] == ["OK", "ERROR", "OK"]
    assert [each["InvoiceNumber"] for each in elements] == ["G", "B", "H"]
    assert [each["HasErrors"] for each in elements] == [False, True, False]
    assert elements[1]["InvoiceID"] == ZERO_ID
    assert elements[1]["ValidationErrors"] == [{"Message": "Organisation is not subscribed to currency JPY"}]
    assert count(au) == 2


def test_warning_is_told_in_both_modes(au: Company) -> None:
    sent = sales_invoice(LineItems=[line(AccountCode="999")])

    summarised, apart = put(au, sent), put(au, sent, summarizeErrors="false")

    assert [reply.json["Invoices"][0]["StatusAttributeString"] for reply in (summarised, apart)] == ["WARNING"] * 2


def test_second_of_two_equal_numbers_in_one_request_is_refused(au: Company) -> None:
    reply = put(au, GOOD, GOOD, summarizeErrors="false")

    assert [each["StatusAttributeString"] for each in reply.json["Invoices"]] == ["OK", "ERROR"]
    assert reply.json["Invoices"][1]["ValidationErrors"] == [{"Message": "Invoice # must be unique."}]


def test_contact_of_a_refused_element_is_not_created(au: Company) -> None:
    put(au, BAD | {"Contact": {"Name": "Never Made"}}, summarizeErrors="false")

    assert au.get("Contacts", where='Name=="Never Made"').json["Contacts"] == []


def test_refused_element_is_echoed_with_its_dates_as_xero_writes_them(au: Company) -> None:
    (element,) = put(au, BAD).json["Elements"]

    assert (element["Date"], element["DateString"]) == ("/Date(1795132800000+0000)/", "2026-11-20T00:00:00")
    assert (element["Payments"], element["LineItems"][0]["Description"]) == ([], "Freight")


def test_one_bad_element_never_blocks_the_other_forty_nine(au: Company) -> None:
    batch = [sales_invoice(InvoiceNumber=f"N{number}") for number in range(49)]

    reply = put(au, *batch[:20], BAD, *batch[20:], summarizeErrors="false")

    statuses = [each["StatusAttributeString"] for each in reply.json["Invoices"]]
    assert (statuses.count("OK"), statuses[20]) == (49, "ERROR")
    assert [each["InvoiceNumber"] for each in reply.json["Invoices"] if not each["HasErrors"]] == [
        each["InvoiceNumber"] for each in batch
    ]


def test_many_are_promoted_by_id_in_one_post(au: Company) -> None:
    drafts = put(au, *(sales_invoice() for _ in range(3))).json["Invoices"]

    reply = post(au, *(with_id(each, Status="AUTHORISED") for each in drafts), summarizeErrors="false")

    assert [each["Status"] for each in reply.json["Invoices"]] == ["AUTHORISED"] * 3


@pytest.mark.parametrize(
    ("body", "number", "kind"),
    [
        (b"{not json", 14, "PostDataInvalidException"),
        (b"[1, 2]", 14, "PostDataInvalidException"),
        (b'{"Invoices": [{"Type": "ACCREC", "Date": "2017-12-14 00:00:00"}]}', 14, "PostDataInvalidException"),
        (b'{"Invoices": [{"Type": "ACCREC", "Date": "yesterday"}]}', 14, "PostDataInvalidException"),
        (b'{"Invoices": [{"InvoiceID": "not-a-guid"}]}', 14, "PostDataInvalidException"),
        (b'{"Invoices": [{"Type": "ACCREC", "LineItems": "none"}]}', 14, "PostDataInvalidException"),
        (
            b'{"Invoices": [{"Type": "ACCREC", "LineItems": [{"Quantity": "many"}]}]}',
            14,
            "PostDataInvalidException",
        ),
        (b'{"Invoices": [{"Type": "ACCREC", "LineItems": [{"Quantity": NaN}]}]}', 14, "PostDataInvalidException"),
        (b'{"Invoices": [{"Type": "ACCREC", "LineItems": [{"Quantity": true}]}]}', 14, "PostDataInvalidException"),
        (b'{"Invoices": [{"Type": "ACCREC", "LineItems": [{"Quantity": 1e30}]}]}', 14, "PostDataInvalidException"),
        (b'{"Invoices": [{"Type": ["ACCREC"]}]}', 14, "PostDataInvalidException"),
        (b'{"Invoices": [{"Type": true}]}', 14, "PostDataInvalidException"),
        (b'{"Invoices": [{"Type": "ACCREC", "Contact": "X"}]}', 14, "PostDataInvalidException"),
        (
            b'{"Invoices": [{"Type": "ACCREC", "SentToContact": "maybe", "Status": "AUTHORISED"}]}',
            14,
            "PostDataInvalidException",
        ),
        (b'{"Invoices": []}', 17, "NoDataProcessedException"),
        (b"{}", 17, "NoDataProcessedException"),
        (b"", 17, "NoDataProcessedException"),
    ],
)
def test_malformed_body_is_refused_whole(au: Company, body: bytes, number: int, kind: str) -> None:
    reply = au.call("PUT", "Invoices", body=body, headers={"Content-Type": "application/json"})

    answer = reply.json
    assert (reply.status, answer["ErrorNumber"], answer["Type"]) == (400, number, kind)
    assert list(answer) == ["ErrorNumber", "Type", "Message"]


def test_space_between_date_and_time_is_named_in_the_refusal(au: Company) -> None:
    reply = put(au, sales_invoice(Date="2017-12-14 00:00:00"))

    assert reply.json["Message"] == "The string '2017-12-14 00:00:00' is not a valid AllXsd value."


@pytest.mark.parametrize("text", ["2026-11-20", "2026-11-20T10:00:00", "2026-11-20T23:59:59.123Z", "/Date(1795132800000)/", "/Date(1795132800000+1300)/"])  # fmt: skip  # noqa: E501 - one row of dates
def test_every_form_of_date_is_read(au: Company, text: str) -> None:
    assert au.invoice(Date=text)["DateString"] == "2026-11-20T00:00:00"


def test_truth_may_come_as_text(au: Company) -> None:
    assert au.invoice(SentToContact="TRUE", Status="AUTHORISED")["SentToContact"] is True


def test_element_may_stand_under_its_own_name(au: Company) -> None:
    assert au.put("Invoices", {"Invoice": GOOD}).json["Invoices"][0]["InvoiceNumber"] == "G"


def test_null_counts_as_not_sent(au: Company) -> None:
    invoice = au.invoice(Reference="kept")

    after = post(au, with_id(invoice, Reference=None, Url=None)).json["Invoices"][0]

    assert after["Reference"] == "kept"


def test_numbers_may_come_as_text(au: Company) -> None:
    assert au.invoice(LineItems=[line(Quantity="2", UnitAmount="10.50")])["Total"] == 23.1


@pytest.mark.parametrize("content_type", ["application/xml", "text/xml", "application/x-www-form-urlencoded"])
def test_other_bodies_than_json_are_refused_clearly(au: Company, content_type: str) -> None:
    reply = au.call("PUT", "Invoices", body=b"<Invoice/>", headers={"Content-Type": content_type})

    assert (reply.status, "JSON only" in reply.text) == (415, True)


def test_answer_in_xml_is_refused_clearly(au: Company) -> None:
    reply = au.get("Invoices", headers={"Accept": "application/xml"})

    assert (reply.status, "JSON only" in reply.text) == (406, True)


def test_unknown_address_and_wrong_method(au: Company) -> None:
    unknown, wrong = au.get("Nowhere"), au.call("DELETE", "Invoices")

    assert (unknown.status, unknown.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert wrong.status == 405


def test_addresses_match_in_any_case(au: Company) -> None:
    assert au.get("invoices", page=1).status == 200
    assert au.http("GET", "/API.XRO/2.0/organisation", headers=au.headers).status == 200
