"""From a click to Xero, with real PostgreSQL and real HTTP; workers run in this process."""

from collections import Counter

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import AttemptMember, SyncAttempt
from invoices.models import Shipment
from tests.sending import Calls, company, documents, jobs, log_of, ours_in_xero, send_all, shipments
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def test_shipments_become_approved_invoices_with_the_same_figures(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "1250.00", "99.95", "0.35")

    send_all(tenant)

    with tenant_scope(tenant):
        shown = set(Shipment.objects.values_list("accounting_state", "money_state"))
    assert jobs(tenant, "state") == ["done"] * 3
    assert shown == {("in xero", "unpaid")}
    assert ours_in_xero(xero, "number", "status", "total", "tax") == [
        ("INV-00001", "AUTHORISED", "1375.00", "125.00"),
        ("INV-00002", "AUTHORISED", "109.95", "10.00"),
        ("INV-00003", "AUTHORISED", "0.39", "0.04"),
    ]


def test_document_here_knows_its_document_there(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00", "20.00")

    send_all(tenant)

    here = [
        (number, str(xero_id), f"http://localhost:8000/d/{identity}")
        for number, xero_id, identity in documents(tenant, "number", "xero_id", "identity")
    ]
    assert here == ours_in_xero(xero, "number", "id", "url")


def test_sixty_documents_take_two_creates_and_two_approvals(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, *["100.00"] * 30)
    shipments(tenant, *["100.00"] * 30)
    calls = Calls(xero)

    send_all(tenant)

    assert Counter(calls.made()) == {"PUT Contacts": 1, "PUT Invoices": 2, "POST Invoices": 2}
    assert [len(one["request_body"]["Invoices"]) for one in calls.entries("PUT", "Invoices")] == [50, 10]
    assert jobs(tenant, "state") == ["done"] * 60


def test_second_month_of_the_same_customers_needs_no_contact_call(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "1.00")
    send_all(tenant)
    calls = Calls(xero)
    with tenant_scope(tenant):
        customer = Shipment.objects.get().bill_to
    shipments(tenant, "2.00", bill_to=customer)

    send_all(tenant)

    assert calls.made() == ["PUT Invoices", "POST Invoices"]


def test_every_write_was_committed_before_it_was_sent(tenant: Tenant, xero: SandboxProcess) -> None:
    """I4 of the invariants: no write without an earlier intent with that key and those very bytes."""
    company(tenant, xero)
    shipments(tenant, "10.00", "20.00")
    calls = Calls(xero)

    send_all(tenant)

    assert jobs(tenant, "problems") == [[], []]
    sent = [
        (one["idempotency_key"], one["request_hash"], one["status"])
        for one in calls.entries()
        if one["method"] != "GET"
    ]
    with tenant_scope(tenant):
        kept = SyncAttempt.objects.order_by("id").values_list("idempotency_key", "body_sha256", "http_status")
        assert list(kept) == sent
        assert all(attempt.sent_at < attempt.finished_at for attempt in SyncAttempt.objects.all())  # type: ignore[operator]
        verdicts = list(AttemptMember.objects.order_by("id").values_list("attempt__step", "position", "verdict"))
    assert verdicts == [
        ("contact", 0, "applied"),
        ("create", 0, "applied"),
        ("create", 1, "applied"),
        ("promote", 0, "applied"),
        ("promote", 1, "applied"),
    ]


def test_log_tells_the_story_of_a_document(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")

    send_all(tenant)

    assert log_of(tenant, document__isnull=False) == [
        ("queued", "Queued for Harbour & Hinterland Freight (AU)."),
        ("created", "Xero has it as a draft."),
        ("approved", "Approved in Xero."),
    ]


@pytest.mark.parametrize(("target", "calls_made"), [("DRAFT", 1), ("SUBMITTED", 2), ("AUTHORISED", 2)])
def test_document_ends_in_its_target_status(tenant: Tenant, xero: SandboxProcess, target: str, calls_made: int) -> None:
    company(tenant, xero, target_status=target)
    shipments(tenant, "10.00")
    calls = Calls(xero)

    send_all(tenant)

    assert ours_in_xero(xero, "status") == [target]
    assert documents(tenant, "state", "xero_status") == [("in xero", target)]
    assert len(calls.entries(path="Invoices")) == calls_made


def test_negative_charges_become_a_credit_note(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "-40.00", "40.00")

    send_all(tenant)

    assert ours_in_xero(xero, "number", "type", "status", "total") == [
        ("CN-00001", "ACCRECCREDIT", "AUTHORISED", "44.00"),
        ("INV-00001", "ACCREC", "AUTHORISED", "44.00"),
    ]


def test_foreign_currency_goes_with_our_own_rate(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00", currency="USD", exchange_rate="0.654321")

    send_all(tenant)

    assert ours_in_xero(xero, "currency", "currency_rate", "total") == [("USD", "0.654321", "11.00")]
    assert jobs(tenant, "state") == ["done"]


def test_document_over_nothing_is_paid_at_once(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "0.00")

    send_all(tenant)

    assert ours_in_xero(xero, "status", "total") == [("PAID", "0.00")]
    assert jobs(tenant, "state") == ["done"]


def test_other_tenant_sees_nothing_of_it(tenant: Tenant, other_tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")

    send_all(tenant)

    assert jobs(other_tenant, "id") == documents(other_tenant, "id") == log_of(other_tenant) == []
