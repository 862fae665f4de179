"""A document enters the outbox in the transaction that approves it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from freightbridge.clock import read_clock
from freightbridge.observability.correlation import correlated
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.transactions import TransactionError
from integrations.mapping.source import ExportableDocument, from_json
from integrations.models import AccountingLogEntry, OrganisationLane, SyncJob, XeroConnection, XeroDocument
from integrations.models.sync_job import Priority
from integrations.outbox.enqueue_job import Export, enqueue_creates
from integrations.outbox.sender import Sender
from invoices.models import BillingEntity, Invoice
from tests.conftest import NOW
from tests.freight_factories import BillingEntityFactory, CustomerFactory
from tests.mapping.mapping_cases import rules_of, source_of

pytestmark = pytest.mark.django_db


def sender(**rules: object) -> Sender:
    connection = XeroConnection(
        organisation_id="a02a6b2f-8fac-5c67-9e32-28a2e710f5a6", name="Harbour", connected_at=NOW, base_currency="AUD"
    )
    connection.identity_key = "secret"
    connection.save()
    OrganisationLane.objects.create(connection=connection, minute_started_at=NOW, day_started_at=NOW)
    return Sender(
        connection=connection, rules=rules_of(rules), link_base="https://freight.example", by="mia@example.com",
        priority=Priority.BULK,
    )  # fmt: skip


def export(number: str = "INV-00042", **source: object) -> Export:
    invoice = Invoice.objects.create(
        kind="sales invoice", billing_entity=BillingEntity.objects.first() or BillingEntityFactory(),
        customer=CustomerFactory(), issue_date=NOW.date(), currency="AUD", exchange_rate=1,
        net_total=1250, tax_total=125, total=1375, created_at=NOW,
    )  # fmt: skip
    return Export(source=source_of({"number": number, "source_id": number, **source}), invoice_id=invoice.pk)


def test_document_is_queued_with_everything_that_its_delivery_needs(in_tenant: Tenant) -> None:
    sending = sender()

    with correlated("FB-TEST-1234"):
        (job,) = enqueue_creates([export()], sender=sending, now=NOW)

    stored = SyncJob.objects.select_related("document").get()
    assert stored.pk == job.pk
    assert (stored.state, stored.step, stored.operation, stored.generation) == ("queued", "contact", "create", 1)
    assert (stored.next_at, stored.created_at, stored.finished_at) == (NOW, NOW, None)
    assert (stored.target_status, stored.wants_pdf, stored.correlation_id) == ("AUTHORISED", True, "FB-TEST-1234")
    assert from_json(ExportableDocument, stored.source) == source_of({"source_id": "INV-00042"})
    assert stored.mapped is not None
    assert stored.mapped["url"] == f"https://freight.example/d/{stored.document.identity}"
    assert (stored.document.state, stored.document.number, stored.document.total) == (
        "queued",
        "INV-00042",
        Decimal("1375.00"),
    )


def test_document_that_cannot_be_mapped_is_born_needing_attention(in_tenant: Tenant) -> None:
    (job,) = enqueue_creates([export(party={"code": "ALOK", "name": "Alok"}, currency="CHF")], sender=sender(), now=NOW)

    entry = AccountingLogEntry.objects.get()
    assert (job.state, job.problem_code, job.finished_at, job.mapped) == ("attention", "FB-201", NOW, None)
    assert [one["code"] for one in job.problems] == ["FB-201", "FB-402"]
    assert (job.document.state, job.document.problem_code) == ("attention", "FB-201")
    assert entry.details["alias"] == "Customer.Name(ALOK) : not found in XERO(Customer.Name)."


def test_lane_is_woken_for_it(in_tenant: Tenant) -> None:
    sending = sender()
    OrganisationLane.objects.update(next_at=NOW + timedelta(hours=1), wake_count=3)

    enqueue_creates([export()], sender=sending, now=NOW)

    lane = OrganisationLane.objects.get()
    assert (lane.next_at, lane.wake_count) == (NOW, 4)


def test_same_document_is_not_handed_over_twice(in_tenant: Tenant) -> None:
    sending, document = sender(), export()
    enqueue_creates([document], sender=sending, now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        enqueue_creates([document], sender=sending, now=NOW)
    with pytest.raises(IntegrityError, match="xero_document_identity_once"), transaction.atomic():
        enqueue_creates([replace(document, invoice_id=export("OTHER").invoice_id)], sender=sending, now=NOW)
    assert XeroDocument.objects.count() == 1


def test_many_documents_keep_their_order(in_tenant: Tenant) -> None:
    exports = [export(f"INV-{number}") for number in range(5)]

    jobs = enqueue_creates(exports, sender=sender(), now=NOW)

    assert [job.document.number for job in jobs] == [one.source.number for one in exports]


@pytest.mark.django_db(transaction=True)
def test_queueing_needs_the_callers_transaction(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        sending = sender()

    with pytest.raises(TransactionError):
        enqueue_creates([], sender=sending, now=read_clock())
