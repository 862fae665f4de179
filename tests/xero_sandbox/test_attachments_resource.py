import hashlib
from typing import Any

import pytest

from tests.xero_sandbox.company_client import Company, line
from tests.xero_sandbox.sandbox_process import SandboxProcess

PDF = b"%PDF-1.4 recording"


def attach(company: Company, path: str, body: bytes = PDF, method: str = "PUT", **query: Any) -> Any:
    headers = {"Content-Type": "application/octet-stream"}
    return company.call(method, path, body=body, headers=headers, query=query or None)


def test_answer_has_the_recorded_shape(au: Company) -> None:
    invoice_id = au.invoice()["InvoiceID"]

    reply = attach(au, f"Invoices/{invoice_id}/Attachments/recording.pdf", IncludeOnline="False")

    (attachment,) = reply.json["Attachments"]
    assert list(attachment) == ["AttachmentID", "FileName", "Url", "MimeType", "ContentLength"]
    assert (attachment["MimeType"], attachment["ContentLength"]) == ("application/pdf", 18)
    assert attachment["Url"].endswith(f"/api.xro/2.0/Invoices/{invoice_id}/Attachments/recording.pdf")


def test_same_file_name_overwrites(au: Company) -> None:
    path = f"Invoices/{au.invoice()['InvoiceID']}/Attachments/a.pdf"
    first = attach(au, path).json["Attachments"][0]

    second = attach(au, path, b"%PDF-1.4 other", method="POST").json["Attachments"][0]

    listed = au.get(path.removesuffix("/a.pdf")).json["Attachments"]
    assert second["AttachmentID"] == first["AttachmentID"]
    assert [each["ContentLength"] for each in listed] == [14]


@pytest.mark.parametrize("by", ["FileName", "AttachmentID"])
def test_bytes_come_back_as_they_went(au: Company, by: str) -> None:
    folder = f"Invoices/{au.invoice()['InvoiceID']}/Attachments"
    (attachment,) = attach(au, f"{folder}/a.pdf").json["Attachments"]

    reply = au.get(f"{folder}/{attachment[by]}", headers={"Accept": "application/octet-stream"})

    assert (reply.body, reply.headers["Content-Type"]) == (PDF, "application/pdf")
    assert reply.headers["Content-Disposition"] == "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf"


def test_parent_shows_that_it_has_attachments(au: Company) -> None:
    invoice = au.invoice()
    attach(au, f"Invoices/{invoice['InvoiceID']}/Attachments/a.pdf")

    (alone,) = au.get(f"Invoices/{invoice['InvoiceID']}").json["Invoices"]
    (listed,) = au.get("Invoices", page=1).json["Invoices"]

    assert (alone["HasAttachments"], alone["Attachments"][0]["FileName"]) == (True, "a.pdf")
    assert listed["HasAttachments"] is True


@pytest.mark.parametrize("character", ["<", ">", ":", '"', "/", "\\", "|", "?", "*", "+"])
def test_forbidden_characters_are_refused(au: Company, character: str) -> None:
    name = f"a%{ord(character):02X}b.pdf"

    assert attach(au, f"Invoices/{au.invoice()['InvoiceID']}/Attachments/{name}").status == 400


def test_percent_encoded_name_is_read(au: Company) -> None:
    reply = attach(au, f"Invoices/{au.invoice()['InvoiceID']}/Attachments/Invoice%20%5B7%5D.pdf")

    assert reply.json["Attachments"][0]["FileName"] == "Invoice [7].pdf"


def test_no_more_than_ten_files(au: Company) -> None:
    folder = f"Invoices/{au.invoice()['InvoiceID']}/Attachments"
    statuses = [attach(au, f"{folder}/{number}.pdf").status for number in range(11)]

    assert statuses == [200] * 10 + [400]
    assert attach(au, f"{folder}/3.pdf", b"%PDF-again").status == 200


def test_too_large_and_empty_files_are_refused(au: Company) -> None:
    path = f"Invoices/{au.invoice()['InvoiceID']}/Attachments/a.pdf"

    assert attach(au, path, b"x" * (10 * 1024 * 1024)).status == 200
    assert attach(au, path, b"x" * (10 * 1024 * 1024 + 1)).status == 400
    assert attach(au, path, b"").status == 400


def test_include_online_is_for_sales_only(au: Company) -> None:
    sale = au.invoice()["InvoiceID"]
    bill = au.invoice(Type="ACCPAY", Contact={"Name": "Pacific Container Line"}, LineItems=[line(AccountCode="301")])

    shown = attach(au, f"Invoices/{sale}/Attachments/a.pdf", IncludeOnline="true").json["Attachments"][0]
    refused = attach(au, f"Invoices/{bill['InvoiceID']}/Attachments/a.pdf", IncludeOnline="true")

    assert (shown["IncludeOnline"], refused.status) == (True, 400)


def test_unknown_parent_is_not_found(au: Company) -> None:
    path = "Invoices/11111111-2222-3333-4444-555555555555/Attachments"

    assert [attach(au, f"{path}/a.pdf").status, au.get(path).status, au.get(f"{path}/a.pdf").status] == [404] * 3


def test_quotes_credit_notes_and_contacts_take_files_too(au: Company) -> None:
    contact = {"Name": "Murray River Produce"}
    lines = [line()]
    quote = au.put("Quotes", {"Contact": contact, "Date": "2026-11-20", "LineItems": lines}).json["Quotes"][0]
    sent = {"Type": "ACCRECCREDIT", "Contact": contact, "LineItems": lines}
    note = au.put("CreditNotes", sent).json["CreditNotes"][0]

    statuses = [
        attach(au, f"Quotes/{quote['QuoteID']}/Attachments/q.pdf").status,
        attach(au, f"CreditNotes/{note['CreditNoteID']}/Attachments/c.pdf", IncludeOnline="true").status,
        attach(au, f"Contacts/{au.contact_id('CORAL02')}/Attachments/k.txt").status,
        attach(au, f"Quotes/{quote['QuoteID']}/Attachments/q.pdf", IncludeOnline="true").status,
    ]

    assert statuses == [200, 200, 200, 400]


def test_files_need_their_own_scope(sandbox: SandboxProcess, au: Company) -> None:
    invoice_id = au.invoice()["InvoiceID"]
    without = sandbox.connect("AU", ["accounting.invoices"])

    assert attach(without, f"Invoices/{invoice_id}/Attachments/a.pdf").status == 401


def test_person_deletes_a_file(sandbox: SandboxProcess, au: Company) -> None:
    invoice = au.invoice()
    attach(au, f"Invoices/{invoice['InvoiceID']}/Attachments/a.pdf")

    sandbox.act("delete_attachment", document=invoice["InvoiceID"])

    (shown,) = sandbox.admin("documents", organisation="AU")["documents"]
    assert shown["attachments"] == []


def test_overview_tells_size_and_hash(sandbox: SandboxProcess, au: Company) -> None:
    attach(au, f"Invoices/{au.invoice()['InvoiceID']}/Attachments/a.pdf")

    (shown,) = sandbox.admin("documents", organisation="AU")["documents"]
    (file,) = shown["attachments"]
    assert (file["file_name"], file["size"]) == ("a.pdf", 18)
    assert file["sha256"] == hashlib.sha256(PDF).hexdigest()


def test_history_grows_and_notes_can_be_added(au: Company) -> None:
    invoice = au.invoice(Status="AUTHORISED", InvoiceNumber="H-1")
    path = f"Invoices/{invoice['InvoiceID']}/History"

    reply = au.put(path, {"HistoryRecords": [{"Details": "Recorded by the catalogue"}]})

    (record,) = reply.json["HistoryRecords"]
    listed = au.get(path).json["HistoryRecords"]
    assert list(record) == ["DateUTCString", "DateUTC", "Details", "ValidationErrors"]
    assert [(each["Changes"], each["Details"], each["User"]) for each in listed] == [
        ("Note", "Recorded by the catalogue", "System Generated"),
        ("Created", "H-1 for 110.00 AUD", "System Generated"),
    ]
    assert list(listed[0]) == ["Changes", "DateUTCString", "DateUTC", "User", "Details"]


@pytest.mark.parametrize("details", ["", "x" * 2501])
def test_note_must_have_one_to_2500_characters(au: Company, details: str) -> None:
    path = f"Invoices/{au.invoice()['InvoiceID']}/History"

    assert au.put(path, {"HistoryRecords": [{"Details": details}]}).status == 400


def test_contacts_items_and_payments_have_a_history(au: Company) -> None:
    item = au.get("Items/THC").json["Items"][0]["ItemID"]

    for path in (f"Contacts/{au.contact_id('CORAL02')}/History", f"Items/{item}/History"):
        assert au.put(path, {"HistoryRecords": [{"Details": "x"}]}).status == 200
        assert [each["Details"] for each in au.get(path).json["HistoryRecords"]] == ["x"]


def test_no_file_is_deleted_by_the_api(au: Company) -> None:
    path = f"Invoices/{au.invoice()['InvoiceID']}/Attachments/a.pdf"
    attach(au, path)

    reply = au.call("DELETE", path)

    assert (reply.status, au.get(path).body) == (405, PDF)
