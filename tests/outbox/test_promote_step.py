"""Only drafts that we stored are approved, and what comes back is compared once more. Real HTTP."""

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import AccountingLogEntry
from tests.sending import (
    Calls,
    click,
    company,
    deliver,
    documents,
    go_on,
    jobs,
    ours_in_xero,
    send_all,
    shipments,
    store_pdfs,
)
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def draft(tenant: Tenant, xero: SandboxProcess, *prices: str) -> None:
    """Drafts in Xero that wait for their PDFs."""
    company(tenant, xero, attach_pdf=True)
    shipments(tenant, *prices)
    click(tenant)
    deliver()


def test_draft_edited_in_xero_before_its_approval_is_told(tenant: Tenant, xero: SandboxProcess) -> None:
    draft(tenant, xero, "10.00", "20.00")
    xero.act("edit_line", document="INV-00001", line=0, amount="12.00")

    store_pdfs(tenant)
    deliver()

    with tenant_scope(tenant):
        text = AccountingLogEntry.objects.get(result="failed").text
    assert jobs(tenant, "state", "problem_code") == [("attention", "FB-504"), ("done", "")]
    assert text == (
        "Xero holds other figures than ours (total: 11.00 here, 13.20 in Xero; tax: 1.00 here, 1.20 in Xero). "
        "The document was changed there and is approved."
    )


def test_approval_sends_ids_and_status_only(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    calls = Calls(xero)

    send_all(tenant)

    (call,) = calls.entries("POST", "Invoices")
    assert call["request_body"] == {
        "Invoices": [{"InvoiceID": str(documents(tenant, "xero_id")[0]), "Status": "AUTHORISED"}]
    }
    assert call["query"] == {"summarizeerrors": "false", "unitdp": "4"}


def test_stray_copy_in_xero_is_never_approved(tenant: Tenant, xero: SandboxProcess) -> None:
    draft(tenant, xero, "10.00")
    xero.act("duplicate", document="INV-00001", number="INV-00001-COPY")

    store_pdfs(tenant)
    deliver()

    assert ours_in_xero(xero, "number", "status") == [("INV-00001", "AUTHORISED"), ("INV-00001-COPY", "DRAFT")]


def test_plan_that_is_used_up_stops_what_it_refuses(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    xero.act("set_approval_limits", sales=1, bills=1)
    shipments(tenant, "10.00", "20.00")

    send_all(tenant)

    assert sorted(jobs(tenant, "state", "problem_code")) == [("attention", "FB-505"), ("done", "")]
    assert sorted(ours_in_xero(xero, "status")) == ["AUTHORISED", "DRAFT"]


def test_draft_deleted_in_xero_before_its_approval_is_told(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    xero.fault("throttled", method="POST", path="/Invoices", times=1)
    send_all(tenant)
    xero.act("delete", document="INV-00001")

    go_on(tenant)

    assert jobs(tenant, "state", "problem_code") == [("attention", "FB-506")]
    assert documents(tenant, "state") == ["attention"]


def test_draft_approved_by_hand_before_us_is_done(tenant: Tenant, xero: SandboxProcess) -> None:
    draft(tenant, xero, "10.00")
    xero.act("approve", document="INV-00001")

    store_pdfs(tenant)
    deliver()

    assert jobs(tenant, "state") == ["done"]
    assert documents(tenant, "xero_status", "money_state") == [("AUTHORISED", "unpaid")]


def test_status_that_nobody_knows_does_not_stop_the_delivery(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    xero.fault("unknown_enum", method="POST", path="/Invoices")

    send_all(tenant)

    assert jobs(tenant, "state") == ["done"]


def test_status_that_nobody_knows_is_looked_up_and_is_no_harm(tenant: Tenant, xero: SandboxProcess) -> None:
    """A new one of Xero's, longer than any before."""
    company(tenant, xero)
    shipments(tenant, "10.00", "20.00")
    xero.admin("faults", {"rules": [{"fault": "unknown_enum", "method": "PUT POST", "path": "/Invoices"}]})
    calls = Calls(xero)

    send_all(tenant)

    assert calls.made(path="Invoices") == ["PUT Invoices", "POST Invoices", "GET Invoices"]
    assert jobs(tenant, "state") == ["done", "done"]
    assert documents(tenant, "xero_status") == ["AUTHORISED", "AUTHORISED"]
