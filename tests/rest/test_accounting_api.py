"""Sending, and reading what became of it, against the sandbox: by the API what the pages show."""

import pytest

from freightbridge.background_work.work_kinds import Queue
from freightbridge.rest.json_shapes import Record
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.api import accounting_schemas as schemas
from integrations.api.accounting_schemas import problems_json
from invoices.models import Shipment
from tests.conftest import make_tenant
from tests.freight_factories import ChargeCodeFactory, CustomerFactory
from tests.rest.api_caller import caller, errors_of
from tests.rest.test_shipment_api import WHOLE
from tests.sending import company as connected
from tests.sending import ours_in_xero, store_pdfs
from tests.web.page_company import assessed, company, sent, visitor
from tests.web.test_upload_pages import GOOD, STRANGE, work
from tests.xero_company import run_queue, run_workers
from tests.xero_sandbox.sandbox_process import SandboxProcess

PROBLEM = {"code": "FB-201", "subject": "C-9", "words": {"customer": "C-9", "xero": "Contact not found"}}


def keeps(record: Record, told: dict[str, object]) -> None:
    """What is answered is what the documentation says, no more and no less."""
    assert set(told) == set(record.members)


@pytest.mark.django_db(transaction=True)
def test_shipment_goes_by_the_api_alone_into_xero_and_its_payment_comes_back(xero: SandboxProcess) -> None:
    tenant = make_tenant("acme-freight")
    connected(tenant, xero)
    with tenant_scope(tenant):
        CustomerFactory(code="BLUE001")
        ChargeCodeFactory()
    tms = caller(tenant)
    ready = tms.post("shipments", WHOLE).json()
    not_ready = tms.post("shipments", {**WHOLE, "number": "SHP-2", "incoterm": ""}).json()

    send = tms.post("sends", {"shipments": [ready["id"], not_ready["id"]]})
    assert (send.status_code, send.json()["selected"], send["Location"]) == (202, 2, "/api/v1/sends/1")
    run_queue(Queue.INTERACTIVE)
    store_pdfs(tenant)
    run_workers()

    (document,) = tms.get("documents", shipment=ready["id"]).json()["items"]
    keeps(schemas.DOCUMENT, document)
    assert (document["state"], document["state_text"], document["money"]) == ("in xero", "In Xero", "unpaid")
    assert (document["shipments"], document["total"], document["problems"]) == (["SHP-1"], "2750.00", [])
    assert ours_in_xero(xero, "id") == [document["xero_id"]]
    over = tms.get("sends/1").json()
    keeps(schemas.SEND, over)
    assert (over["is_over"], over["in_xero"], over["skipped"]) == (True, 1, 1)
    (skipped,) = tms.get("sends/1/skipped").json()["items"]
    assert (skipped["number"], skipped["reason"]) == ("SHP-2", not_ready["problems"][0]["text"])

    xero.admin("acts", {"act": "pay", "organisation": "AU", "document": document["number"]})
    assert visitor(tenant, "operator").post("check_payments").status_code == 302
    run_queue(Queue.POLL)

    paid = tms.get(f"documents/{document['id']}").json()
    assert (paid["money"], paid["amount_due"], len(paid["payments"])) == ("paid", "0.00", 1)
    assert tms.get(f"shipments/{ready['id']}").json()["money"] == "Paid"
    log = tms.get(f"shipments/{ready['id']}/log").json()["items"]
    keeps(schemas.LOG_ENTRY, log[0])
    assert next(entry["event"] for entry in log) == "payment"
    assert {"queued", "created", "approved"} <= {entry["event"] for entry in log}
    assert tms.get("connection").json()["status"] == "connected"


def test_document_that_stopped_tells_why_in_the_pages_words(tenant: Tenant) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    sent(tenant, [shipment], state="attention", problems=[PROBLEM], problem_code="FB-201")
    tms = caller(tenant)

    (document,) = tms.get("documents", state="attention").json()["items"]

    keeps(schemas.DOCUMENT, document)
    (problem,) = document["problems"]
    keeps(schemas.PROBLEM, problem)
    assert (document["state_text"], problem["code"], problem["field"]) == ("Needs attention", "FB-201", "C-9")
    assert problem["page"] == "http://localhost:8000/o/acme-freight/mappings/customers/?q=C-9#picked"
    assert problem["text"] in visitor(tenant, "support").text("shipment", shipment.public_id)
    assert tms.get(f"shipments/{shipment.public_id}").json()["problems"][0]["text"] == problem["text"]
    with tenant_scope(tenant):
        assert problems_json([PROBLEM], tenant=tenant) == [problem]


def test_documents_are_filtered_and_learnt_of_since(tenant: Tenant) -> None:
    company(tenant)
    sent(tenant, assessed(tenant, 3))
    tms = caller(tenant)
    everything = tms.get("documents").json()["items"]
    since = tms.get("sends/1").json()["started_at"]

    assert len(everything) == 3
    assert tms.get("documents", number=everything[1]["number"]).json()["items"] == [everything[1]]
    assert tms.get("documents", money="unpaid").json()["items"] == everything
    assert tms.get("documents", money="paid", state="in xero").json()["items"] == []
    assert tms.get("documents", updated_since=since).json()["items"] == everything
    assert tms.get("documents", updated_since="2099-01-01T00:00:00Z").json()["items"] == []
    assert tms.get("documents", size=2).json()["next"].startswith("/api/v1/documents?after=")


def test_nothing_is_sent_without_a_connection(tenant: Tenant) -> None:
    tms = caller(tenant)
    made = tms.post("shipments", {**WHOLE, "customer": "", "charges": []}).json()

    refused = tms.post("sends", {"shipments": [made["id"]]})

    assert (refused.status_code, "connected yet" in refused.json()["detail"]) == (409, True)
    assert tms.get("connection").json()["status"] == "disconnected"
    assert errors_of(tms.post("sends", {"shipments": []})) == {"/shipments": "0 entries; from 1 to 1000 are possible."}


def test_file_goes_through_the_intake_of_the_page_and_is_reported_alike(tenant: Tenant) -> None:
    company(tenant)
    with tenant_scope(tenant):
        ChargeCodeFactory()
    tms = caller(tenant)

    made = tms.upload(GOOD.encode())
    assert (made.status_code, made.json()["state"], made["Location"]) == (202, "checking", "/api/v1/uploads/1")
    assert tms.post("uploads/1/import", "").status_code == 409
    work()
    checked = tms.get("uploads/1").json()
    rows = tms.get("uploads/1/rows", errors="true").json()["items"]
    started = tms.post("uploads/1/import", "")
    work()

    assert (checked["state"], checked["rows"], checked["new"], checked["errors"]) == ("checked", 2, 2, 1)
    assert [(row["row"], row["remarks"][0]["text"]) for row in rows if row["remarks"]][-1][
        1
    ] == "“nonsense” is no number."
    assert "“nonsense” is no number." in visitor(tenant, "viewer").text("upload", 1)
    assert (started.status_code, tms.get("uploads/1").json()["state"]) == (202, "done")
    assert [one["number"] for one in tms.get("uploads").json()["items"]] == [1]
    with tenant_scope(tenant):
        assert Shipment.objects.count() == 2


def test_file_whose_columns_nobody_knows_waits_for_a_person(tenant: Tenant) -> None:
    company(tenant)
    tms = caller(tenant)

    made = tms.upload(STRANGE.encode()).json()

    assert (made["state"], made["state_text"]) == ("matching", "Columns to be matched")
    assert made["page"] == "http://localhost:8000/o/acme-freight/import/1/"


def test_file_that_is_none_is_refused_with_a_sentence(tenant: Tenant) -> None:
    tms = caller(tenant)

    unreadable, empty = tms.upload(b"\x00\x01\x02" * 50), tms.upload(b"")
    no_form = tms.post("uploads", {})
    no_file = tms.client.post("/api/v1/uploads", {"other": "x"}, headers=tms.headers("k"))

    assert [answer.status_code for answer in (unreadable, empty, no_form, no_file)] == [422, 422, 415, 422]
    assert list(errors_of(unreadable)) == ["/file"]
    assert set(errors_of(no_file)) == {"/file", "/other"}
