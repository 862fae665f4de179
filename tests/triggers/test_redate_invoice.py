from datetime import date

import pytest

from freightbridge.audit.models import AuditEvent
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import SyncJob, XeroConnection
from invoices.models import Invoice
from tests.web.page_company import Visitor, assessed, company, sent

PROBLEM = {"code": "FB-403", "subject": "INV-00001", "words": {"date": "2026-03-02", "lock_date": "2099-12-31"}}


@pytest.fixture
def locked(tenant: Tenant) -> Invoice:
    """Stopped, since the books were locked after it was approved."""
    company(tenant)
    sent(tenant, assessed(tenant), state="attention", problems=[PROBLEM], problem_code="FB-403")
    with tenant_scope(tenant):
        XeroConnection.objects.update(period_lock_date=date(2098, 6, 30), year_lock_date=date(2099, 12, 31))
        invoice: Invoice = Invoice.objects.get()
        return invoice


def test_locked_document_is_offered_the_first_open_date_and_goes_on(
    tenant: Tenant, operator: Visitor, locked: Invoice
) -> None:
    page = operator.text("invoice", locked.public_id)
    operator.post("invoice_redate", locked.public_id)

    with tenant_scope(tenant):
        invoice, job = Invoice.objects.get(), SyncJob.objects.get()
        event = AuditEvent.objects.get(action="dated after the lock date")
    assert "Date it 1 Jan 2100" in page
    assert (invoice.issue_date, invoice.due_date - invoice.issue_date) == (
        date(2100, 1, 1), locked.due_date - locked.issue_date,
    )  # fmt: skip
    assert (job.state, job.source["issue_date"], job.mapped["issue_date"]) == ("queued", "2100-01-01", "2100-01-01")
    assert event.details["date"] == {"before": f"{locked.issue_date}", "after": "2100-01-01"}


def test_document_that_is_stopped_by_something_else_keeps_its_date(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    problem = {"code": "FB-402", "subject": "NZD", "words": {"currency": "NZD"}}
    sent(tenant, assessed(tenant), state="attention", problems=[problem], problem_code="FB-402")
    with tenant_scope(tenant):
        before = Invoice.objects.get()

    page = operator.text("invoice", before.public_id)
    operator.post("invoice_redate", before.public_id)

    assert "Date it in open books" not in page
    assert "Its date is not what stops it." in operator.text("invoice", before.public_id)
    with tenant_scope(tenant):
        assert (Invoice.objects.get().issue_date, SyncJob.objects.get().state) == (before.issue_date, "attention")
