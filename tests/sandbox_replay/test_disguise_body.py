import json

import pytest

from integrations.sandbox_replay.disguise_body import disguised, elements_of, other_id, why_no_replay

COPY = "8e2f8c0e-52f3-5c1b-9f62-0f6f2b1f7a55"
CONTACT_ID = "b7b9d1b2-3c60-4b6f-8e5e-0d2f4f5e8a11"
CREATE = "/api.xro/2.0/Invoices?summarizeErrors=false&unitdp=4"


def through(body: dict[str, object]) -> dict[str, object]:
    found: dict[str, object] = json.loads(disguised(json.dumps(body).encode(), organisation_id=COPY))
    return found


def test_nobody_can_be_known_by_a_contact_any_more() -> None:
    contact = {
        "Name": "Mary Smith", "AccountNumber": "C-9", "EmailAddress": "mary.smith7@acme.example",
        "TaxNumber": "GB 123", "Addresses": [{"AddressType": "POBOX", "AddressLine1": "7 Élm St", "City": "Ely"}],
    }  # fmt: skip

    (found,) = through({"Contacts": [contact]})["Contacts"]  # type: ignore[misc]

    assert found["EmailAddress"] == "xxxx.xxxxx0@xxxx.xxxxxxx"
    assert found["TaxNumber"] == "xx 000"
    assert found["Addresses"] == [{"AddressType": "POBOX", "AddressLine1": "0 xxx xx", "City": "xxx"}]
    assert found["AccountNumber"] == "C-9"
    assert found["Name"].startswith("Contact ")


def test_alike_names_stay_alike_and_keep_their_length() -> None:
    names = ["Mary Smith", "MARY SMITH ", "Mary Jones", "M" * 300]

    found = [one["Name"] for one in through({"Contacts": [{"Name": name} for name in names]})["Contacts"]]  # type: ignore[attr-defined]

    assert found[0] == found[1] != found[2]
    assert len(found[3]) == 300


def test_document_stays_to_the_byte_but_for_ids() -> None:
    line = {"Description": "Mary's freight", "UnitAmount": 100.0, "Tracking": [{"Name": "Branch", "Option": "Sydney"}]}
    body = {"Invoices": [{"InvoiceNumber": "I-1", "Contact": {"ContactID": CONTACT_ID}, "LineItems": [line]}]}

    (found,) = through(body)["Invoices"]  # type: ignore[misc]

    assert found["LineItems"] == [line]
    assert found["Contact"]["ContactID"] == other_id(CONTACT_ID, COPY) != CONTACT_ID


def test_what_is_no_id_stays_wrong() -> None:
    assert other_id("nobody", COPY) == "nobody"


@pytest.mark.parametrize(
    ("method", "path", "body", "words"),
    [
        ("PUT", CREATE, b'{"Invoices": [{"Total": 1}]}', ""),
        ("PUT", "/api.xro/2.0/Contacts?summarizeErrors=false", b'{"Contacts": [{"Name": "A"}]}', ""),
        ("POST", CREATE, b'{"Invoices": [{"InvoiceID": "1"}]}', "changes what stands in Xero"),
        ("PUT", CREATE, b'{"Invoices": [{"InvoiceID": "1"}]}', "changes what stands in Xero"),
        ("PUT", "/api.xro/2.0/Invoices/1/Attachments/a.pdf", b"", "changes what stands in Xero"),
        ("PUT", "/api.xro/2.0/CreditNotes/1/Allocations", b'{"Allocations": [{}]}', "changes what stands in Xero"),
        ("PUT", CREATE, b"", "not kept"),
        ("PUT", CREATE, b"[1]", "not kept"),
    ],
)
def test_only_what_creates_can_be_replayed(method: str, path: str, body: bytes, words: str) -> None:
    reason = why_no_replay(method, path, body, is_removed=False)

    assert bool(reason) == bool(words)
    assert words in reason


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"Invoices": 1}', b'{"Invoices": [1]}'])
def test_what_cannot_be_read_carries_nothing(body: bytes) -> None:
    assert elements_of(body) == []
