"""Drafts are made fifty at a time; what Xero refuses stops the one document that it is about. Real HTTP."""

import uuid
from typing import Any

import pytest

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import AccountingLogEntry, ContactLink, ReferenceRecord, SyncJob, XeroConnection
from integrations.outbox.requeue_job import requeue_jobs
from integrations.outbox.steps import create_step
from tests.freight_factories import CustomerFactory
from tests.sending import Calls, company, deliver, documents, go_on, jobs, log_of, ours_in_xero, send_all, shipments
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def failure_of(tenant: Tenant) -> AccountingLogEntry:
    with tenant_scope(tenant):
        return AccountingLogEntry.objects.get(result="failed")


def take_number(xero: SandboxProcess, number: str) -> None:
    """Somebody has written an invoice with our next number by hand."""
    fields = {
        "Type": "ACCREC", "InvoiceNumber": number, "Contact": {"Name": "Murray River Produce"},
        "LineItems": [{"Description": "By hand", "Quantity": 1, "UnitAmount": 1, "AccountCode": "200"}],
    }  # fmt: skip
    xero.act("create_document", fields=fields)


def test_one_bad_document_of_fifty_does_not_hold_up_the_others(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    take_number(xero, "INV-00007")
    shipments(tenant, *["100.00"] * 50)
    calls = Calls(xero)

    send_all(tenant)

    states = jobs(tenant, "state", "problem_code")
    assert states == [("done", "")] * 6 + [("rejected", "FB-502")] + [("done", "")] * 43
    # The taken number might have been taken by ourselves, so Xero is asked before anybody is troubled.
    assert calls.made(path="Invoices") == ["PUT Invoices", "GET Invoices", "POST Invoices"]
    assert documents(tenant, "number", "state")[6] == ("INV-00007", "attention")


def test_refusal_is_told_in_our_words_and_in_xeros(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    take_number(xero, "INV-00001")
    shipments(tenant, "100.00")

    send_all(tenant)

    entry = failure_of(tenant)
    assert entry.text == "Another document in Xero has the number INV-00001 already."
    assert (entry.problem_code, entry.details["xero"]) == ("FB-502", "Invoice # must be unique.")


def test_call_refused_as_a_whole_isolates_the_culprit(tenant: Tenant, xero: SandboxProcess) -> None:
    """An id of a contact that Xero does not know is answered with a page of HTML for the whole call."""
    company(tenant, xero)
    with tenant_scope(tenant):
        lost = CustomerFactory(code="LOST")
        ContactLink.objects.create(
            connection=XeroConnection.objects.get(), customer_code="LOST", contact_id=uuid.uuid4(), contact_name="Lost",
            matched_by="hand", matched_at=read_clock(),
        )  # fmt: skip
    shipments(tenant, "1.00", "2.00")
    shipments(tenant, "3.00", bill_to=lost)
    shipments(tenant, "4.00")

    send_all(tenant)

    assert jobs(tenant, "state") == ["done", "done", "rejected", "done"]
    assert ours_in_xero(xero, "number", "status") == [(f"INV-0000{n}", "AUTHORISED") for n in (1, 2, 4)]
    assert failure_of(tenant).details["xero"] == "Xero does not know the contact or the document (HTTP 404)."


@pytest.mark.parametrize(
    ("act", "wish", "code", "word"),
    [
        ("drop_currency", {"currency": "NZD"}, "FB-402", "NZD"),
        ("set_lock_date", {"lock": "period", "date": "2099-12-31"}, "FB-403", "31 December 2099"),
        ("set_tax_rate_status", {"tax_type": "OUTPUT", "status": "DELETED"}, "FB-305", "OUTPUT"),
    ],
)
def test_what_changed_in_xero_since_we_asked_is_refused_there(
    tenant: Tenant, xero: SandboxProcess, act: str, wish: dict[str, str], code: str, word: str
) -> None:
    company(tenant, xero)
    shipments(tenant, "100.00", currency="NZD", exchange_rate="1.08")
    xero.act(act, **wish)

    send_all(tenant)

    assert jobs(tenant, "state", "problem_code") == [("rejected", code)]
    assert word in failure_of(tenant).text
    assert ours_in_xero(xero, "id") == []


def test_figures_that_differ_by_a_cent_never_reach_the_ledger(tenant: Tenant, xero: SandboxProcess) -> None:
    """Should Xero round half to even: 0.25 with 10 % of tax is 0.03 here and 0.02 there."""
    company(tenant, xero)
    shipments(tenant, "0.25", "10.00")
    xero.switch(rounding="half_even")

    send_all(tenant)

    assert jobs(tenant, "state", "problem_code") == [("attention", "FB-504"), ("done", "")]
    assert ours_in_xero(xero, "status", "total") == [("DRAFT", "0.27"), ("AUTHORISED", "11.00")]
    assert failure_of(tenant).text == (
        "Xero holds other figures than ours (total: 0.28 here, 0.27 in Xero; tax: 0.03 here, 0.02 in Xero). "
        "The document is a draft there and was not approved."
    )


def test_draft_with_other_figures_takes_the_mended_lines_under_its_own_id(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "0.25")
    xero.switch(rounding="half_even")
    send_all(tenant)
    (draft,) = ours_in_xero(xero, "id")
    xero.switch(rounding="half_up")

    with tenant_scope(tenant):
        connection = XeroConnection.objects.get()
        ids = list(SyncJob.objects.values_list("id", flat=True))
        going = requeue_jobs(ids, connection=connection, link_base="http://localhost:8000", now=read_clock())
    go_on(tenant)

    assert going == 1
    assert ours_in_xero(xero, "id", "status", "total") == [(draft, "AUTHORISED", "0.28")]


def test_answer_in_another_order_gives_no_document_anothers_id(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00", "10.00", "10.00")
    xero.fault("shuffled", method="PUT", path="/Invoices")

    send_all(tenant)

    there = dict(ours_in_xero(xero, "number", "id"))
    known = [(number, str(xero_id)) for number, xero_id in documents(tenant, "number", "xero_id") if xero_id]
    assert all(there[number] == xero_id for number, xero_id in known)
    assert set(jobs(tenant, "state")) <= {"unknown", "done"}
    assert "unknown" in jobs(tenant, "state")


def test_draft_whose_account_was_archived_meanwhile_stays_a_draft(tenant: Tenant, xero: SandboxProcess) -> None:
    """Xero takes the draft without the account, with a warning; to approve it would fail and name no account."""
    company(tenant, xero)
    shipments(tenant, "100.00")
    xero.act("archive_account", account="200")
    calls = Calls(xero)

    send_all(tenant)

    (xero_id,) = documents(tenant, "xero_id")
    assert jobs(tenant, "state", "problem_code") == [("attention", "FB-302")]
    assert jobs(tenant, "problems")[0][0]["words"] == {"account": "200", "charge_code": "FRT", "side": "sales"}
    assert ours_in_xero(xero, "status", "id") == [("DRAFT", str(xero_id))]
    assert calls.made("POST", "Invoices") == []
    assert [event for event, _ in log_of(tenant, document__isnull=False)] == [
        "queued",
        "created",
        "warning",
        "attention",
    ]


def test_call_that_would_be_too_big_is_made_as_two(tenant: Tenant, xero: SandboxProcess, monkeypatch: Any) -> None:
    company(tenant, xero)
    shipments(tenant, *["100.00"] * 5)
    monkeypatch.setattr(create_step, "MOST_BYTES", 1500)
    calls = Calls(xero)

    send_all(tenant)

    sizes = [len(one["request_body"]["Invoices"]) for one in calls.entries("PUT", "Invoices")]
    assert sum(sizes) == 5
    assert len(sizes) > 1
    assert jobs(tenant, "state") == ["done"] * 5


def test_problem_found_before_sending_is_skipped_with_its_reason(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "100.00", currency="CHF", exchange_rate="0.58")
    with tenant_scope(tenant):
        ReferenceRecord.objects.filter(kind="account", code="200").update(is_active=False)
    calls = Calls(xero)

    send_all(tenant)
    deliver()

    assert (jobs(tenant, "id"), calls.made()) == ([], [])
