"""One call is one request, whatever goes wrong: counted at the server. And the bodies hold what was meant."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freightbridge.local_servers.places import free_port
from integrations.mapping.document_identity import DocumentMark
from integrations.mapping.documents import MappedContact, MappedDocument, MappedLine
from integrations.mapping.map_document import map_document
from integrations.mapping.source import DocumentKind
from integrations.xero_gateway import sdk
from integrations.xero_gateway.answers import NoAnswerError, NotSentError
from integrations.xero_gateway.call_times import CallTimes
from tests.gateway.scripted_server import Script, scripted_server
from tests.mapping.mapping_cases import rules_of, source_of
from tests.xero_sandbox.sandbox_process import SandboxProcess

CONTACT = "11111111-1111-4111-8111-111111111111"


def seen_of(xero: SandboxProcess) -> list[str]:
    entries = xero.admin("journal", path="/api.xro")["entries"]
    return [one["method"] for one in entries]


def document(**changes: Any) -> MappedDocument:
    mapped = map_document(
        source_of({}), rules=rules_of({}), mark=DocumentMark("MARK", "https://freight.example")
    ).document
    assert mapped is not None
    return replace(mapped, **changes)


def body_of(*documents: MappedDocument) -> Any:
    return json.loads(sdk.freeze_documents(list(documents), contact_ids=[CONTACT] * len(documents)))


@pytest.mark.parametrize("currency", ["NZD", "ZWG"])
def test_currency_goes_whether_the_sdk_knows_it_or_not(currency: str) -> None:
    (sent,) = body_of(document(currency=currency))["Invoices"]

    assert sent["CurrencyCode"] == currency


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
@pytest.mark.parametrize("fault", ["lost_answer", "reset_before", "reset_after", "cut_off"])
def test_lost_answer_is_one_request(xero: SandboxProcess, method: str, fault: str) -> None:
    xero.fault(fault)

    with pytest.raises(NoAnswerError):
        sdk.send(method, f"{xero.url}/api.xro/2.0/Invoices", headers={}, body=b"{}")

    assert seen_of(xero) == [method]


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
def test_answer_that_takes_too_long_is_one_request(xero: SandboxProcess, method: str) -> None:
    impatient = CallTimes(read=timedelta(seconds=0.1))
    headers = xero.connect("AU").headers | {"Content-Type": "application/json"}
    xero.fault("latency", seconds=0.4)

    with pytest.raises(NoAnswerError, match="no answer came in time"):
        sdk.send(method, f"{xero.url}/api.xro/2.0/Invoices", headers=headers, body=b"{}", times=impatient)

    assert seen_of(xero) == [method]


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (429, {"Retry-After": "1"}),
        (503, {"Retry-After": "1"}),
        (413, {"Retry-After": "1"}),
        (302, {"Location": "/elsewhere"}),
        (307, {"Location": "/elsewhere"}),
        (500, {}),
    ],
)
def test_answer_is_neither_waited_for_nor_followed(method: str, status: int, headers: dict[str, str]) -> None:
    with scripted_server(Script(status=status, headers=headers)) as server:
        answer = sdk.send(method, f"{server.url}/Invoices", headers={}, body=b"{}")

    assert answer.status == status
    assert server.requests == [f"{method} /Invoices"]


def test_server_that_nobody_listens_at_was_not_sent_anything() -> None:
    with pytest.raises(NotSentError, match="no connection was made"):
        sdk.send("PUT", f"http://127.0.0.1:{free_port()}/Invoices", headers={}, body=b"{}")


def test_broken_encryption_proves_nothing() -> None:
    """It may break after the request has gone, so only a certificate that is refused says that nothing was sent."""
    with scripted_server(Script()) as server, pytest.raises(NoAnswerError, match="the encryption of the"):
        sdk.send("PUT", server.url.replace("http:", "https:"), headers={}, body=b"{}")


def test_header_names_of_the_answer_are_in_lower_case() -> None:
    with scripted_server(Script(headers={"X-MinLimit-Remaining": "59"})) as server:
        answer = sdk.send("GET", server.url, headers={})

    assert answer.headers["x-minlimit-remaining"] == "59"


def test_all_calls_share_one_pool() -> None:
    assert sdk.pool() is sdk.pool()


def test_invoice_is_written_as_a_draft_with_only_the_contacts_id() -> None:
    assert body_of(document()) == {
        "Invoices": [
            {
                "Type": "ACCREC",
                "Status": "DRAFT",
                "Contact": {"ContactID": CONTACT},
                "InvoiceNumber": "INV-00042",
                "Reference": "PO-7781",
                "Date": "/Date(1772409600000)/",
                "DueDate": "/Date(1775001600000)/",
                "LineAmountTypes": "Exclusive",
                "CurrencyCode": "AUD",
                "CurrencyRate": 1,
                "Url": "https://freight.example/d/MARK",
                "LineItems": [
                    {
                        "Description": "Air freight Sydney to Auckland · DN-304",
                        "Quantity": 1,
                        "UnitAmount": 1250.0,
                        "AccountCode": "200",
                        "TaxType": "OUTPUT",
                    }
                ],
            }
        ]
    }


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("sales invoice", {"Type": "ACCREC", "InvoiceNumber": "N", "Reference": "PO-7781"}),
        ("bill", {"Type": "ACCPAY", "InvoiceNumber": "N", "Reference": None}),
        ("sales credit note", {"Type": "ACCRECCREDIT", "CreditNoteNumber": "N", "Reference": "PO-7781"}),
        ("bill credit note", {"Type": "ACCPAYCREDIT", "CreditNoteNumber": "N", "Reference": None}),
    ],
)
def test_kind_is_written_as_xero_names_it(kind: str, expected: dict[str, str | None]) -> None:
    (elements,) = body_of(document(kind=DocumentKind(kind), number="N")).values()

    assert {name: elements[0].get(name) for name in expected} == expected


def test_credit_note_has_neither_url_nor_due_date() -> None:
    (element,) = body_of(document(kind=DocumentKind.SALES_CREDIT_NOTE))["CreditNotes"]

    assert set(element) == {
        "Type", "Status", "Contact", "CreditNoteNumber", "Reference", "Date", "LineAmountTypes", "CurrencyCode",
        "CurrencyRate", "LineItems",
    }  # fmt: skip


def test_documents_keep_their_order() -> None:
    body = body_of(*(document(number=f"INV-{number}") for number in range(50)))

    assert [one["InvoiceNumber"] for one in body["Invoices"]] == [f"INV-{number}" for number in range(50)]


@given(
    quantity=st.decimals("0.0001", "999999999.9999", places=4),
    unit_amount=st.decimals("-9999999999.9999", "9999999999.9999", places=4),
    rate=st.decimals("0.000001", "999999.999999", places=6),
)
def test_amounts_survive_the_way_to_the_wire(quantity: Decimal, unit_amount: Decimal, rate: Decimal) -> None:
    line = replace(document().lines[0], quantity=quantity, unit_amount=unit_amount)

    frozen = sdk.freeze_documents([document(lines=(line,), exchange_rate=rate)], contact_ids=[CONTACT])

    (read,) = json.loads(frozen, parse_float=Decimal, parse_int=Decimal)["Invoices"]
    (read_line,) = read["LineItems"]
    assert (read_line["Quantity"], read_line["UnitAmount"], read["CurrencyRate"]) == (quantity, unit_amount, rate)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"discount_percent": Decimal("12.5")}, {"DiscountRate": 12.5}),
        ({"item_code": "THC"}, {"ItemCode": "THC"}),
        ({}, {}),
    ],
)
def test_line_says_only_what_was_meant(changes: dict[str, Any], expected: dict[str, Any]) -> None:
    line: MappedLine = replace(document().lines[0], **changes)

    ((written,),) = ([one["LineItems"][0]] for one in body_of(document(lines=(line,)))["Invoices"])

    usual = {"Description", "Quantity", "UnitAmount", "AccountCode", "TaxType"}
    assert {name: value for name, value in written.items() if name not in usual} == expected


def test_branding_theme_is_sent_where_one_is_chosen() -> None:
    (element,) = body_of(document(branding_theme_id=CONTACT))["Invoices"]

    assert element["BrandingThemeID"] == CONTACT


def test_same_documents_freeze_to_the_same_bytes() -> None:
    """The same idempotency key demands the very same request."""
    assert len({sdk.freeze_documents([document()], contact_ids=[CONTACT]) for _ in range(5)}) == 1


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            "sales invoice",
            {"Invoices": [{"InvoiceID": "a", "Status": "AUTHORISED"}, {"InvoiceID": "b", "Status": "AUTHORISED"}]},
        ),
        (
            "sales credit note",
            {
                "CreditNotes": [
                    {"CreditNoteID": "a", "Status": "AUTHORISED"},
                    {"CreditNoteID": "b", "Status": "AUTHORISED"},
                ]
            },
        ),
    ],
)
def test_approval_is_ids_and_status(kind: str, expected: dict[str, Any]) -> None:
    body = sdk.freeze_statuses(DocumentKind(kind), xero_ids=["a", "b"], status="AUTHORISED")

    assert json.loads(body) == expected


def test_contact_is_written_without_empty_fields() -> None:
    contact = MappedContact(
        customer_code="ALOK", name="Alok", email="", tax_number="", street="1 Wharf Road", city="Sydney", region="",
        postal_code="", country="Australia",
    )  # fmt: skip

    assert json.loads(sdk.freeze_contacts([contact])) == {
        "Contacts": [
            {
                "Name": "Alok",
                "AccountNumber": "ALOK",
                "ContactNumber": "ALOK",
                "Addresses": [
                    {"AddressType": "POBOX", "AddressLine1": "1 Wharf Road", "City": "Sydney", "Country": "Australia"}
                ],
            }
        ]
    }


def test_value_without_a_place_in_json_is_refused() -> None:
    with pytest.raises(TypeError, match="set has no place in a request to Xero"):
        json.dumps({"a": {1}}, default=sdk._refuse)
