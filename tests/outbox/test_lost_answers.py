"""An answer that never comes: a create is never repeated by itself, all else is, and both end in one document."""

from typing import Any

import pytest

from freightbridge.local_servers.places import free_port
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import OrganisationLane, SyncAttempt, SyncJob
from invoices.models import Shipment
from tests.sending import (
    Calls,
    click,
    company,
    deliver,
    documents,
    go_on,
    jobs,
    log_of,
    ours_in_xero,
    quiet_over,
    send_all,
    shipments,
    store_pdfs,
)
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("fault", "in_xero"),
    [
        ({"fault": "lost_answer"}, 1),
        ({"fault": "reset_after"}, 1),
        ({"fault": "cut_off"}, 1),
        ({"fault": "truncated"}, 1),
        ({"fault": "reset_before"}, 0),
        ({"fault": "html", "status": 200, "commits": True}, 1),
        ({"fault": "html", "status": 302}, 0),
        ({"fault": "error", "status": 500, "commits": True}, 1),
        ({"fault": "error", "status": 503}, 0),
    ],
    ids=lambda value: value["fault"] if isinstance(value, dict) else str(value),
)
def test_create_without_a_clear_answer_is_looked_up_before_anything_is_sent_again(
    tenant: Tenant, xero: SandboxProcess, fault: dict[str, Any], in_xero: int
) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    xero.fault(**fault, method="PUT", path="/Invoices", times=1)
    calls = Calls(xero)

    send_all(tenant)
    with tenant_scope(tenant):
        shown = Shipment.objects.get().accounting_state
    assert (jobs(tenant, "state"), documents(tenant, "state", "xero_id")) == (["unknown"], [("unknown", None)])
    assert (shown, calls.made(path="Invoices")) == ("unknown", ["PUT Invoices"])
    assert len(ours_in_xero(xero, "id")) == in_xero

    go_on(tenant)
    assert jobs(tenant, "state") == (["done"] if in_xero else ["unknown"])
    quiet_over(tenant)
    go_on(tenant)

    assert jobs(tenant, "state", "generation") == [("done", 1 if in_xero else 2)]
    assert ours_in_xero(xero, "status") == ["AUTHORISED"]
    assert calls.made("PUT", "Invoices") == ["PUT Invoices"] * (1 if in_xero else 2)


def test_absent_document_waits_for_the_heartbeat_too(tenant: Tenant, xero: SandboxProcess) -> None:
    """A clock that jumped by an hour ends no waiting time."""
    company(tenant, xero)
    shipments(tenant, "10.00")
    xero.fault("reset_before", method="PUT", path="/Invoices", times=1)
    send_all(tenant)

    quiet_over(tenant, ticks=23)
    go_on(tenant)
    waiting = jobs(tenant, "state")
    quiet_over(tenant, ticks=1)
    go_on(tenant)

    assert (waiting, jobs(tenant, "state")) == (["unknown"], ["done"])


def test_lost_answer_to_fifty_is_settled_by_one_look(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, *["10.00"] * 50)
    xero.fault("lost_answer", method="PUT", path="/Invoices", times=1)
    calls = Calls(xero)

    send_all(tenant)
    before = jobs(tenant, "state")
    go_on(tenant)

    assert before == ["unknown"] * 50
    assert calls.made(path="Invoices") == ["PUT Invoices", "GET Invoices", "POST Invoices"]
    assert jobs(tenant, "state") == ["done"] * 50
    assert documents(tenant, "unknown_since") == [None] * 50


def test_look_that_is_not_answered_cleanly_proves_nothing(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    xero.fault("lost_answer", method="PUT", path="/Invoices", times=1)
    send_all(tenant)
    xero.fault("html", status=200, method="GET", path="/Invoices", times=1)

    quiet_over(tenant)
    go_on(tenant)
    unsettled = jobs(tenant, "state", "generation")
    go_on(tenant)

    assert unsettled == [("unknown", 1)]
    assert jobs(tenant, "state", "generation") == [("done", 1)]
    assert len(ours_in_xero(xero, "id")) == 1


def test_draft_that_somebody_deleted_meanwhile_is_for_a_person(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    xero.fault("lost_answer", method="PUT", path="/Invoices", times=1)
    send_all(tenant)
    xero.act("delete", document="INV-00001")

    quiet_over(tenant)
    go_on(tenant)

    assert jobs(tenant, "state", "problem_code") == [("attention", "FB-507")]
    assert ours_in_xero(xero, "status") == ["DELETED"]


def test_unknown_outcome_is_told_and_kept_with_its_bytes(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    xero.fault("lost_answer", method="PUT", path="/Invoices")

    send_all(tenant)

    with tenant_scope(tenant):
        attempt = SyncAttempt.objects.get(step="create")
        verdict = attempt.members.get().verdict
    assert ("unknown", "No clear answer from Xero (the connection broke off before the answer had come).") in log_of(
        tenant
    )
    assert (verdict, attempt.http_status) == ("unknown", None)
    assert attempt.error == "the connection broke off before the answer had come"
    assert b"INV-00001" in bytes(attempt.body)


def test_xero_that_cannot_be_reached_has_done_nothing(tenant: Tenant, xero: SandboxProcess, settings: Any) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    settings.XERO_API_BASE_URL = f"http://127.0.0.1:{free_port()}"
    send_all(tenant)
    before = jobs(tenant, "state")
    with tenant_scope(tenant):
        pause = OrganisationLane.objects.get()

    settings.XERO_API_BASE_URL = xero.url
    go_on(tenant)

    assert (before, pause.outage_count) == (["queued"], 1)
    assert pause.pause_reason == "Xero gives no proper answer at the moment (no connection was made)"
    assert jobs(tenant, "state") == ["done"]
    assert ours_in_xero(xero, "status") == ["AUTHORISED"]


@pytest.mark.parametrize("fault", ["lost_answer", "reset_before", "cut_off", "truncated"])
def test_lost_answer_to_an_attachment_is_repeated_and_attaches_once(
    tenant: Tenant, xero: SandboxProcess, fault: str
) -> None:
    company(tenant, xero, attach_pdf=True)
    shipments(tenant, "10.00")
    click(tenant)
    deliver()
    store_pdfs(tenant)
    xero.fault(fault, method="PUT", path="/Attachments", times=1)
    calls = Calls(xero)

    deliver()
    assert jobs(tenant, "state", "step") == [("sending", "attach")]
    go_on(tenant)

    ((attachment,),) = ours_in_xero(xero, "attachments")
    assert attachment["size"] == len("%PDF INV-00001")
    assert calls.made("PUT") == ["PUT Invoices/…/Attachments/…"] * 2
    assert jobs(tenant, "state") == ["done"]


@pytest.mark.parametrize("fault", ["lost_answer", "reset_before", "cut_off", "truncated", "html"])
def test_lost_answer_to_an_approval_is_repeated(tenant: Tenant, xero: SandboxProcess, fault: str) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00", "20.00")
    xero.fault(fault, method="POST", path="/Invoices", times=1)
    calls = Calls(xero)

    send_all(tenant)
    assert jobs(tenant, "state", "step") == [("sending", "promote")] * 2
    go_on(tenant)

    assert calls.made(path="Invoices") == ["PUT Invoices", "POST Invoices", "POST Invoices"]
    assert ours_in_xero(xero, "status") == ["AUTHORISED"] * 2
    assert jobs(tenant, "state") == ["done"] * 2


def test_repeated_call_has_the_same_key_and_the_same_bytes(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00", "20.00")
    xero.fault("lost_answer", method="POST", path="/Invoices", times=1)
    calls = Calls(xero)

    send_all(tenant)
    go_on(tenant)

    first, second = calls.entries("POST", "Invoices")
    assert (first["idempotency_key"], first["request_hash"]) == (second["idempotency_key"], second["request_hash"])


def test_invoice_paid_while_its_approval_was_unknown_is_done(tenant: Tenant, xero: SandboxProcess) -> None:
    """Approved, the answer lost, and the customer paid at once: the repeated call is refused, and all is well."""
    company(tenant, xero)
    shipments(tenant, "10.00")
    xero.fault("lost_answer", method="POST", path="/Invoices", times=1)
    send_all(tenant)
    xero.act("pay", document="INV-00001")
    with tenant_scope(tenant):
        # As if Xero had forgotten the key, which it does after six minutes.
        SyncJob.objects.update(generation=2)

    go_on(tenant)

    assert ours_in_xero(xero, "status") == ["PAID"]
    assert jobs(tenant, "state") == ["done"]
