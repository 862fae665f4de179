from typing import Any

import pytest

from tests.xero_sandbox.company_client import Company, line
from tests.xero_sandbox.sandbox_process import SandboxProcess


def quote(**fields: Any) -> dict[str, Any]:
    return {
        "Contact": {"Name": "Murray River Produce"},
        "Date": "2026-09-14",
        "LineItems": [line(UnitAmount="703.02")],
        "Terms": "Recorded by the catalogue",
    } | fields


def put(company: Company, *quotes: dict[str, Any], **query: Any) -> Any:
    return company.put("Quotes", {"Quotes": list(quotes)}, **query)


def create(company: Company, **fields: Any) -> dict[str, Any]:
    reply = put(company, quote(**fields))
    assert reply.status == 200, reply.text
    made: dict[str, Any] = reply.json["Quotes"][0]
    return made


def post(company: Company, held: dict[str, Any], **fields: Any) -> Any:
    """An update with what Xero demands of every one: the contact and the date."""
    sent = {"QuoteID": held["QuoteID"], "Contact": {"ContactID": held["Contact"]["ContactID"]}, "Date": "2026-09-14"}
    return company.post("Quotes", {"Quotes": [sent | fields]})


def errors_of(reply: Any) -> list[str]:
    assert reply.status == 400, reply.text
    return [error["Message"] for error in reply.json["Elements"][0]["ValidationErrors"]]


def test_answer_has_the_recorded_shape(nz: Company) -> None:
    sent = quote(Contact={"Name": "Kauri Timber Exports"})

    reply = put(nz, sent, summarizeErrors="False")

    body = reply.json
    (made,) = body["Quotes"]
    assert reply.headers["Content-Type"] == "application/json"
    assert list(body) == ["SummarizeErrors", "Id", "Status", "ProviderName", "DateTimeUTC", "Quotes"]
    assert body["SummarizeErrors"] is False
    assert list(made) == [
        "QuoteID", "QuoteNumber", "Terms", "Contact", "LineItems", "Date", "DateString", "Status", "CurrencyRate",
        "CurrencyCode", "SubTotal", "TotalTax", "Total", "BrandingThemeID", "UpdatedDateUTC", "LineAmountTypes",
        "StatusAttributeString",
    ]  # fmt: skip
    assert (made["Date"], made["DateString"]) == ("/Date(1789344000000)/", "2026-09-14T00:00:00")
    assert sorted(made["Contact"]) == ["ContactID", "EmailAddress", "Name"]
    assert list(made["LineItems"][0]) == [
        "LineItemID", "AccountCode", "Description", "UnitAmount", "LineAmount", "ItemCode", "Quantity", "TaxAmount",
        "Tracking",
    ]  # fmt: skip
    assert (made["LineItems"][0]["ItemCode"], made["LineAmountTypes"]) == ("", "EXCLUSIVE")


def test_without_the_parameter_errors_are_summarised(au: Company) -> None:
    assert au.get("Quotes").json["SummarizeErrors"] is True


def test_line_without_tax_type_is_not_taxed(au: Company) -> None:
    made = create(au)

    assert (made["TotalTax"], "TaxType" in made["LineItems"][0]) == (0.0, False)
    assert create(au, LineItems=[line(TaxType="OUTPUT")])["TotalTax"] == 10.0


def test_tax_type_that_does_not_fit_the_account_is_refused(au: Company) -> None:
    assert errors_of(put(au, quote(LineItems=[line(TaxType="INPUT")]))) == [
        "The TaxType code 'INPUT' cannot be used with account code '200'."
    ]


def test_post_without_a_number_renumbers(au: Company) -> None:
    held = create(au)

    numbers = [post(au, held).json["Quotes"][0]["QuoteNumber"] for _ in range(2)]

    assert held["QuoteNumber"] == "QU-0001"
    assert numbers == ["QU-0002", "QU-0003"]


def test_post_without_terms_blanks_them(au: Company) -> None:
    held = create(au)

    assert post(au, held, QuoteNumber=held["QuoteNumber"]).json["Quotes"][0]["Terms"] == ""


def test_post_without_line_amount_types_prices_as_exclusive(au: Company) -> None:
    held = create(au, LineAmountTypes="inclusive", LineItems=[line(UnitAmount=110, TaxType="OUTPUT")])

    after = post(au, held).json["Quotes"][0]

    assert (held["LineAmountTypes"], held["Total"]) == ("INCLUSIVE", 110.0)
    assert (after["LineAmountTypes"], after["Total"], after["TotalTax"]) == ("EXCLUSIVE", 121.0, 11.0)


def test_post_without_lines_keeps_them(au: Company) -> None:
    held = create(au)

    (kept,) = post(au, held).json["Quotes"][0]["LineItems"]

    assert (kept["Description"], kept["LineAmount"]) == ("Freight", 703.02)
    assert kept["LineItemID"] != held["LineItems"][0]["LineItemID"]


def test_post_without_line_ids_makes_new_lines(au: Company) -> None:
    held = create(au)

    after = post(au, held, LineItems=[line()]).json["Quotes"][0]["LineItems"]

    assert [each["LineItemID"] == held["LineItems"][0]["LineItemID"] for each in after] == [False]


def test_other_texts_are_kept(au: Company) -> None:
    held = create(au, Title="Air", Summary="Sydney to Perth", Reference="R1", ExpiryDate="2026-10-14")

    after = post(au, held).json["Quotes"][0]

    assert (after["Title"], after["Summary"], after["Reference"]) == ("Air", "Sydney to Perth", "R1")
    assert after["ExpiryDateString"] == "2026-10-14T00:00:00"


@pytest.mark.parametrize("missing", ["Contact", "Date"])
def test_update_must_carry_contact_and_date(au: Company, missing: str) -> None:
    held = create(au)

    assert errors_of(post(au, held, **{missing: None})) == [
        f"A {missing} must be specified for this type of transaction"
    ]


def test_new_quote_needs_lines(au: Company) -> None:
    assert errors_of(put(au, quote(LineItems=None))) == ["One or more line items must be specified"]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ([], "SENT"),
        ([], "DELETED"),
        (["SENT"], "ACCEPTED"),
        (["SENT"], "DECLINED"),
        (["SENT"], "DELETED"),
        (["SENT", "ACCEPTED"], "INVOICED"),
        (["SENT", "ACCEPTED"], "SENT"),
        (["SENT", "ACCEPTED"], "DELETED"),
        (["SENT", "DECLINED"], "SENT"),
        (["SENT", "ACCEPTED", "INVOICED"], "SENT"),
        (["SENT", "ACCEPTED", "INVOICED"], "DELETED"),
    ],
)
def test_status_may_go(au: Company, path: list[str], wanted: str) -> None:
    held = create(au)
    for status in path:
        assert post(au, held, Status=status).status == 200

    reply = post(au, held, Status=wanted)

    assert (reply.status, reply.json["Quotes"][0]["Status"]) == (200, wanted)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [([], "ACCEPTED"), ([], "INVOICED"), (["SENT"], "INVOICED"), (["SENT"], "DRAFT"), (["DELETED"], "SENT")],
)
def test_status_may_not_go(au: Company, path: list[str], wanted: str) -> None:
    held = create(au)
    for status in path:
        post(au, held, Status=status)

    before = (path or ["DRAFT"])[-1]
    assert errors_of(post(au, held, Status=wanted)) == [f"Quote status cannot be changed from {before} to {wanted}"]


def test_invoiced_is_a_status_only_unless_switched(sandbox: SandboxProcess, au: Company) -> None:
    for reading, count in (("status_only", 0), ("creates_invoice", 1)):
        sandbox.switch(quote_invoiced=reading)
        held = create(au)
        for status in ("SENT", "ACCEPTED", "INVOICED"):
            post(au, held, Status=status, QuoteNumber=held["QuoteNumber"])
        assert au.get("Invoices", page=1).json["pagination"]["itemCount"] == count


def test_number_is_unique(au: Company) -> None:
    create(au, QuoteNumber="Q-1")

    assert errors_of(put(au, quote(QuoteNumber="Q-1"))) == ["Quote number must be unique"]


@pytest.mark.parametrize(
    ("field", "limit"), [("Title", 100), ("Summary", 3000), ("Terms", 4000), ("Reference", 4000), ("QuoteNumber", 255)]
)
def test_texts_have_their_lengths(au: Company, field: str, limit: int) -> None:
    assert create(au, **{field: "x" * limit})[field] == "x" * limit
    assert errors_of(put(au, quote(**{field: "y" * (limit + 1)}))) == [f"{field} must not exceed {limit} characters."]


def test_quotes_take_discounts_and_rates(au: Company) -> None:
    made = create(au, CurrencyCode="USD", CurrencyRate="0.65", LineItems=[line(DiscountRate=10)])

    assert (made["CurrencyRate"], made["Total"], made["TotalDiscount"]) == (0.65, 90.0, 10.0)


def test_quotes_know_no_unitdp(au: Company) -> None:
    (made,) = put(au, quote(LineItems=[line(UnitAmount="0.4567", Quantity=100)]), unitdp=4).json["Quotes"]

    assert (made["LineItems"][0]["UnitAmount"], made["Total"]) == (0.46, 46.0)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"Status": "SENT"}, ["B"]),
        ({"QuoteNumber": "A"}, ["A"]),
        ({"DateFrom": "2026-10-01"}, ["B"]),
        ({"DateTo": "2026-10-01"}, ["A"]),
        ({"ExpiryDateFrom": "2026-11-01", "ExpiryDateTo": "2026-11-30"}, ["B"]),
        ({"where": 'QuoteNumber=="A"'}, ["A", "B"]),
        ({"order": "QuoteNumber DESC"}, ["B", "A"]),
        ({"page": 2}, []),
        ({"pageSize": 1}, ["A", "B"]),
    ],
)
def test_list_filters(sandbox: SandboxProcess, au: Company, query: dict[str, Any], found: list[str]) -> None:
    create(au, QuoteNumber="A")
    sandbox.advance(1)
    create(au, QuoteNumber="B", Status="SENT", Date="2026-10-20", ExpiryDate="2026-11-20")

    body = au.get("Quotes", **query).json

    assert [each["QuoteNumber"] for each in body["Quotes"]] == found
    assert "pagination" not in body


def test_list_by_contact(au: Company) -> None:
    create(au, QuoteNumber="A")
    create(au, QuoteNumber="B", Contact={"Name": "Coral Coast Imports"})

    body = au.get("Quotes", ContactID=au.contact_id("CORAL02")).json

    assert [each["QuoteNumber"] for each in body["Quotes"]] == ["B"]


def test_quote_comes_alone_and_as_pdf(au: Company) -> None:
    held = create(au)

    alone = au.get(f"Quotes/{held['QuoteID']}")
    drawn = au.get(f"Quotes/{held['QuoteID']}", headers={"Accept": "application/pdf"})

    assert alone.json["Quotes"][0]["QuoteNumber"] == held["QuoteNumber"]
    assert drawn.body[:5] == b"%PDF-"


@pytest.mark.parametrize("rest", ["Invoice", "Convert", "Email", "OnlineInvoice"])
def test_no_endpoint_converts_or_mails(au: Company, rest: str) -> None:
    held = create(au)

    assert au.post(f"Quotes/{held['QuoteID']}/{rest}", {}).status == 404


def test_page_holds_a_hundred(au: Company) -> None:
    put(au, *(quote() for _ in range(101)), summarizeErrors="false")

    pages = [len(au.get("Quotes", page=page).json["Quotes"]) for page in (1, 2)]

    assert (pages, len(au.get("Quotes").json["Quotes"])) == ([100, 1], 100)


def test_list_knows_modified_since(sandbox: SandboxProcess, au: Company) -> None:
    create(au, QuoteNumber="A")
    sandbox.advance(5)
    since = {"If-Modified-Since": sandbox.now().strftime("%Y-%m-%dT%H:%M:%S")}
    nothing = au.get("Quotes", headers=since)
    create(au, QuoteNumber="B")

    changed = au.get("Quotes", headers=since).json["Quotes"]

    assert (nothing.status, [each["QuoteNumber"] for each in changed]) == (304, ["B"])


def test_post_finds_by_number_and_path_by_id(au: Company) -> None:
    held = create(au, QuoteNumber="Q-9")

    by_number = au.post("Quotes", {"Quotes": [quote(QuoteNumber="Q-9", Title="number")]})
    by_path = au.post(f"Quotes/{held['QuoteID']}", quote(QuoteNumber="Q-9", Title="path"))

    found = [reply.json["Quotes"][0] for reply in (by_number, by_path)]
    assert [(each["QuoteID"], each["Title"]) for each in found] == [
        (held["QuoteID"], "number"),
        (held["QuoteID"], "path"),
    ]


def test_unknown_quote_id_is_refused(au: Company) -> None:
    sent = quote(QuoteID="11111111-2222-3333-4444-555555555555")
    words = ["An existing Quote with the specified QuoteID could not be found"]

    assert errors_of(put(au, sent)) == words
    assert errors_of(au.post("Quotes", {"Quotes": [sent]})) == words


def test_unknown_line_amount_type_is_refused(au: Company) -> None:
    assert errors_of(put(au, quote(LineAmountTypes="HALF"))) == ["LineAmountTypes 'HALF' is not valid."]
