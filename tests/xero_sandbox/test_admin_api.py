import hashlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.xero_sandbox.company_client import Company, line, sales_invoice
from tests.xero_sandbox.document_calls import post, put, with_id
from tests.xero_sandbox.sandbox_process import SandboxProcess


def test_health_says_that_this_is_no_xero(sandbox: SandboxProcess) -> None:
    health = sandbox.admin("health")

    assert (health["sandbox"], health["clock"], health["limits"]) == (True, "virtual", "off")


def test_grant_without_organisations_reaches_all(sandbox: SandboxProcess) -> None:
    tokens = sandbox.admin("grants", {"organisations": []})
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}

    assert len(sandbox.http("GET", "/connections", headers=bearer).json) == 4


@pytest.mark.parametrize("body", [{"organisations": ["Atlantis"]}, {"client_id": "nobody"}])
def test_grant_for_nobody_is_refused(sandbox: SandboxProcess, body: dict[str, Any]) -> None:
    assert sandbox.http("POST", "/_sandbox/grants", json_body=body).status == 400


def test_unknown_address_lists_the_known_ones(sandbox: SandboxProcess) -> None:
    reply = sandbox.http("GET", "/_sandbox/nothing")

    assert reply.status == 404
    assert "POST /_sandbox/acts" in reply.json["known"]


def test_body_that_is_no_object_is_refused(sandbox: SandboxProcess) -> None:
    assert sandbox.http("POST", "/_sandbox/acts", body=b"[]").status == 400
    assert sandbox.http("POST", "/_sandbox/acts", body=b"{").status == 400


def test_overview_tells_all_of_a_document(sandbox: SandboxProcess, au: Company) -> None:
    invoice = au.invoice(InvoiceNumber="O-1", Reference="PO 7", Url="https://freight.example/1", Status="AUTHORISED")

    (shown,) = sandbox.admin("documents", organisation="AU")["documents"]

    wanted = {
        "organisation": au.organisation_id, "collection": "Invoices", "id": invoice["InvoiceID"], "type": "ACCREC",
        "status": "AUTHORISED", "number": "O-1", "reference": "PO 7", "url": "https://freight.example/1",
        "contact_name": "Murray River Produce", "contact_account_number": "MURRAY01", "contact_number": "",
        "date": "2026-11-20", "due_date": "2026-12-20", "currency": "AUD", "currency_rate": "1.000000",
        "sub_total": "100.00", "tax": "10.00", "total": "110.00", "amount_paid": "0.00", "amount_credited": "0.00",
        "amount_due": "110.00", "line_count": 1, "attachments": [], "created_by": "sandbox-client",
    }  # fmt: skip
    assert {name: shown[name] for name in wanted} == wanted
    assert shown["lines"][0]["account_code"] == "200"


def test_overview_filters_by_any_field(sandbox: SandboxProcess, au: Company, nz: Company) -> None:
    au.invoice(InvoiceNumber="1")
    au.invoice(InvoiceNumber="2", Status="AUTHORISED")
    put(nz, sales_invoice(Contact={"Name": "Kauri Timber Exports"}, InvoiceNumber="3"))

    assert sandbox.admin("documents")["count"] == 3
    assert [each["number"] for each in sandbox.admin("documents", organisation="AU", status="DRAFT")["documents"]] == [
        "1"
    ]
    assert sandbox.admin("documents", organisation="NZ", number="1")["count"] == 0


def test_journal_tells_request_and_answer(sandbox: SandboxProcess, au: Company) -> None:
    put(au, sales_invoice(InvoiceNumber="J-1"), summarizeErrors="false")

    (entry,) = sandbox.admin("journal", method="PUT")["entries"]

    assert (entry["path"], entry["query"], entry["status"]) == (
        "/api.xro/2.0/Invoices", {"summarizeerrors": "false"}, 200,
    )  # fmt: skip
    assert entry["headers"]["authorization"] == "redacted"
    assert (entry["client_id"], entry["organisation_id"]) == ("sandbox-client", au.organisation_id)
    assert entry["request_body"]["Invoices"][0]["InvoiceNumber"] == "J-1"
    assert entry["answer_body"]["Invoices"][0]["InvoiceNumber"] == "J-1"
    assert entry["answer_headers"]["content-type"] == "application/json; charset=utf-8"
    assert (entry["delivered"], entry["seconds"] > 0) == ("yes", True)
    sent = json.dumps({"Invoices": [sales_invoice(InvoiceNumber="J-1")]}).encode()
    assert entry["request_hash"] == hashlib.sha256(sent).hexdigest()


def test_journal_remembers_the_key(sandbox: SandboxProcess, au: Company) -> None:
    au.put("Invoices", {"Invoices": [sales_invoice()]}, headers={"Idempotency-Key": "k-7"})

    assert [entry["idempotency_key"] for entry in sandbox.admin("journal", method="PUT")["entries"]] == ["k-7"]


def test_journal_holds_no_tokens(sandbox: SandboxProcess, au: Company) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": au.tokens["refresh_token"], "client_id": "sandbox-client"}
    sandbox.http("POST", "/connect/token", form=form | {"client_secret": "sandbox-secret"})
    au.get("Organisation")

    text = json.dumps(sandbox.admin("journal"))

    secrets = (au.tokens["access_token"], au.tokens["refresh_token"], "sandbox-secret")
    assert [secret in text for secret in secrets] == [False, False, False]


def test_journal_is_filtered_and_read_on(sandbox: SandboxProcess, au: Company, nz: Company) -> None:
    au.get("Currencies")
    au.get("Accounts")
    nz.get("Currencies")
    entries = sandbox.admin("journal")["entries"]

    assert sandbox.admin("journal", path="/Currencies")["count"] == 2
    assert sandbox.admin("journal", organisation="NZ")["count"] == 1
    assert sandbox.admin("journal", since=entries[1]["number"])["count"] == 1
    assert len(sandbox.admin("journal", limit=1)["entries"]) == 1


def test_counts_add_up_by_method_path_and_status(sandbox: SandboxProcess, au: Company) -> None:
    first, second = au.invoice(), au.invoice()
    au.get(f"Invoices/{first['InvoiceID']}")
    au.get(f"Invoices/{second['InvoiceID']}")
    au.get("Invoices/none")

    counts = {
        (each["method"], each["path"], each["status"]): each["count"]
        for each in sandbox.admin("journal/counts")["counts"]
    }

    assert counts == {
        ("PUT", "/api.xro/2.0/Invoices", 200): 2,
        ("GET", "/api.xro/2.0/Invoices/{id}", 200): 2,
        ("GET", "/api.xro/2.0/Invoices/none", 404): 1,
    }


def test_every_state_change_is_told(sandbox: SandboxProcess, au: Company) -> None:
    invoice = au.invoice(Contact={"Name": "Brand New"})
    post(au, with_id(invoice, Status="AUTHORISED"))
    sandbox.act("pay", document=invoice["InvoiceID"])

    changes = [
        each for each in sandbox.admin("changes")["changes"] if each["kind"] in {"Contact", "Invoice", "Payment"}
    ]

    told = [(each["kind"], each["verb"], each["cause"]) for each in changes]
    assert told == [
        ("Contact", "created", "PUT /api.xro/2.0/Invoices"),
        ("Invoice", "created", "PUT /api.xro/2.0/Invoices"),
        ("Contact", "updated", "PUT /api.xro/2.0/Invoices"),
        ("Invoice", "updated", "POST /api.xro/2.0/Invoices"),
        ("Payment", "created", "person: pay"),
        ("Invoice", "updated", "person: pay"),
    ]
    assert changes[3]["fields"] == ["status"]
    assert changes[3]["organisation"] == au.organisation_id


def test_change_belongs_to_the_request_that_made_it(sandbox: SandboxProcess, au: Company) -> None:
    slow = {"X-Sandbox-Fault": "latency;seconds=0.3"}
    late = {"X-Sandbox-Fault": "late_commit;seconds=60;status=503"}
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(au.put, "Invoices", {"Invoices": [sales_invoice(InvoiceNumber="SLOW")]}, headers=slow)
        time.sleep(0.1)
        au.put("Invoices", {"Invoices": [sales_invoice(InvoiceNumber="QUICK")]})
        waiting.result()
    au.put("Invoices", {"Invoices": [sales_invoice(InvoiceNumber="LATE")]}, headers=late)
    sandbox.advance(61)
    sandbox.act("approve", document="QUICK")

    numbers = {
        entry["number"]: entry["request_body"]["Invoices"][0]["InvoiceNumber"]
        for entry in sandbox.admin("journal", method="PUT")["entries"]
    }
    by_id = {each["id"]: each["number"] for each in sandbox.admin("documents", organisation="AU")["documents"]}
    changes = [each for each in sandbox.admin("changes")["changes"] if each["kind"] == "Invoice"]
    assert [(by_id[each["id"]], numbers.get(each["request"], "nobody")) for each in changes] == [
        ("QUICK", "QUICK"),
        ("SLOW", "SLOW"),
        ("LATE", "LATE"),
        ("QUICK", "nobody"),
    ]


def test_journal_tells_what_was_answered_from_memory(sandbox: SandboxProcess, au: Company) -> None:
    for _ in range(2):
        au.put("Invoices", {"Invoices": [sales_invoice()]}, headers={"Idempotency-Key": "k"})

    entries = sandbox.admin("journal", method="PUT")["entries"]

    assert [entry["was_replayed"] for entry in entries] == [False, True]


def test_refused_request_changes_nothing(sandbox: SandboxProcess, au: Company) -> None:
    before = sandbox.admin("changes", limit=10_000)["changes"]

    put(au, sales_invoice(), sales_invoice(CurrencyCode="JPY"))

    assert sandbox.admin("changes", limit=10_000)["changes"] == before


def test_clock_moves_forward_only(sandbox: SandboxProcess) -> None:
    before = sandbox.now()
    sandbox.advance(3600)
    target = sandbox.now().replace(microsecond=0)

    back = sandbox.http("POST", "/_sandbox/clock", json_body={"set": before.isoformat()})
    nothing = sandbox.http("POST", "/_sandbox/clock", json_body={})

    assert (sandbox.now() - before).total_seconds() == 3600
    assert (back.status, nothing.status) == (400, 400)
    assert target <= sandbox.now()


def test_reset_brings_back_the_first_moment(sandbox: SandboxProcess, au: Company) -> None:
    au.invoice()
    sandbox.switch(nothing_changed="200")
    sandbox.fault("error", status=500)
    sandbox.admin("limits", {"minute": 3})

    sandbox.admin("reset", {})

    assert sandbox.admin("documents")["count"] == 0
    assert sandbox.admin("switches")["nothing_changed"] == "304"
    assert sandbox.admin("faults")["rules"] == []
    assert sandbox.admin("limits")["limits"]["is_enforced"] is False
    assert au.get("Organisation").status == 401


@pytest.mark.parametrize(
    "wish",
    [
        {"gravity": "off"},
        {"nothing_changed": "500"},
        {"payment_sends_invoice_event": "yes"},
        {"refresh_grace_minutes": "1"},
    ],
)
def test_unknown_switch_or_reading_is_refused(sandbox: SandboxProcess, wish: dict[str, Any]) -> None:
    assert sandbox.http("POST", "/_sandbox/switches", json_body=wish).status == 400


def test_documents_of_quotes_and_credit_notes_are_shown_too(sandbox: SandboxProcess, au: Company) -> None:
    contact = {"Name": "Coral Coast Imports"}
    au.put("Quotes", {"Contact": contact, "Date": "2026-11-20", "LineItems": [line()]})
    au.put("CreditNotes", {"Type": "ACCRECCREDIT", "Contact": contact, "LineItems": [line()]})

    shown = sandbox.admin("documents", organisation="AU")["documents"]

    assert sorted((each["collection"], each.get("remaining_credit", "")) for each in shown) == [
        ("CreditNotes", "110.00"), ("Quotes", ""),
    ]  # fmt: skip


def test_copies_of_an_organisation_have_its_books_and_ids_of_their_own(sandbox: SandboxProcess, au: Company) -> None:
    opened = sandbox.admin("organisations/copies", {"like": "AU", "count": 2})["organisations"]
    first, second = (one["id"] for one in opened)
    tokens = sandbox.admin("grants", {"organisations": [second]})
    copy = Company(http=sandbox.http, organisation_id=second, tokens=tokens)

    assert len({first, second, au.organisation_id, *(one["short_code"] for one in opened)}) == 5
    assert copy.contact_id("MURRAY01") != au.contact_id("MURRAY01")
    assert len(copy.get("Accounts").json["Accounts"]) == len(au.get("Accounts").json["Accounts"])
    assert au.get("Organisation", headers={"xero-tenant-id": first}).status == 403
