import pytest

from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.models import WorkItem
from freightbridge.tenancy.models import Tenant
from integrations.models import ReferenceRecord, SyncJob
from integrations.models.sync_job import Priority
from invoices.domain.billable_shipments import load_billable
from invoices.domain.drafting import draft_invoices
from invoices.domain.grouping import group_shipments
from invoices.domain.lifecycle import LifecycleError
from invoices.models import Invoice, Shipment
from invoices.workflows.approve_invoices import approve_invoices
from invoices.workflows.sending_context import SendingContext, sending_context
from tests.conftest import NOW
from tests.freight_factories import ready_shipment
from tests.offline_company import offline_company

pytestmark = pytest.mark.django_db


@pytest.fixture
def context(in_tenant: Tenant) -> SendingContext:
    offline_company()
    found = sending_context(in_tenant)
    found.load_rules([])
    return found


def drafts(count: int) -> list[Invoice]:
    for _ in range(count):
        ready_shipment()
    ids = list(Shipment.objects.order_by("id").values_list("id", flat=True))
    billable = load_billable(ids, customer_key="bill to")
    return draft_invoices(group_shipments(one.to_bill for one in billable if one.to_bill), today=NOW.date(), now=NOW)


def approve(invoices: list[Invoice], context: SendingContext) -> list[SyncJob]:
    return approve_invoices(invoices, sender=context.sender(by="mia", priority=Priority.INTERACTIVE), now=NOW)


def test_approved_invoice_is_queued_rendered_and_traced(context: SendingContext) -> None:
    (job,) = approve(drafts(1), context)

    invoice = Invoice.objects.get()
    event = AuditEvent.objects.get()
    assert (invoice.status, invoice.number, job.invoice_id, job.priority) == ("approved", "INV-00001", invoice.pk, 0)
    assert (event.action, event.subject_name, event.actor) == ("invoice approved", "INV-00001", "mia")
    assert WorkItem.objects.get().kind == "render pdf"


def test_jobs_stand_in_the_order_of_the_invoices(context: SendingContext) -> None:
    jobs = approve(drafts(3), context)

    assert [job.document.number for job in jobs] == ["INV-00001", "INV-00002", "INV-00003"]


def test_mapping_problem_does_not_stop_the_approval(context: SendingContext) -> None:
    ReferenceRecord.objects.filter(kind="account").delete()
    context.load_rules([])

    (job,) = approve(drafts(1), context)

    assert (Invoice.objects.get().status, job.state, job.problem_code) == ("approved", "attention", "FB-302")


def test_invoice_is_approved_and_sent_once(context: SendingContext) -> None:
    invoices = drafts(1)
    approve(invoices, context)

    with pytest.raises(LifecycleError):
        approve(invoices, context)
    assert (SyncJob.objects.count(), AuditEvent.objects.count()) == (1, 1)
