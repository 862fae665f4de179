"""What is in a batch is drafted, approved and queued, or skipped with its reason (F42)."""

import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import BatchMember, ReferenceRecord, SendBatch, SyncJob, XeroConnection
from integrations.models.sync_job import Priority
from invoices.models import Invoice, InvoiceLine, Shipment, ShipmentCharge
from invoices.workflows import choose_members
from invoices.workflows import prepare_batch as module
from invoices.workflows.prepare_batch import prepare_batch, prepare_chunk, preparing_gave_up
from invoices.workflows.send_to_accounting import send_to_accounting
from tests.conftest import NOW
from tests.freight_factories import ChargeFactory, CustomerFactory, ShipmentFactory, ready_shipment
from tests.offline_company import offline_company

pytestmark = pytest.mark.django_db


def click() -> SendBatch:
    return send_to_accounting(Shipment.objects.all(), form_token=uuid.uuid4(), by="mia@example.com", now=NOW)


def prepare(tenant: Tenant, batch: SendBatch, *, now: Any = NOW) -> bool:
    return prepare_chunk(batch, tenant=tenant, now=now)


def outcomes() -> list[tuple[str, str]]:
    return list(BatchMember.objects.order_by("shipment_id").values_list("outcome", "reason"))


def test_shipments_become_approved_invoices_in_the_outbox(in_tenant: Tenant) -> None:
    offline_company()
    shipments = [ready_shipment() for _ in range(3)]
    batch = click()

    went_on = prepare(in_tenant, batch)

    invoices = list(Invoice.objects.order_by("id").values_list("number", "status", "total"))
    jobs = list(SyncJob.objects.order_by("id").values_list("state", "document__number", "batch"))
    assert went_on
    assert outcomes() == [("handed over", "")] * 3
    assert invoices == [(f"INV-0000{number}", "approved", Decimal("1375.00")) for number in (1, 2, 3)]
    assert jobs == [("queued", f"INV-0000{number}", batch.pk) for number in (1, 2, 3)]
    assert list(InvoiceLine.objects.order_by("invoice").values_list("shipment", flat=True)) == [
        one.pk for one in shipments
    ]


def test_last_chunk_ends_the_preparing(in_tenant: Tenant) -> None:
    offline_company()
    ready_shipment()
    batch = click()

    assert prepare(in_tenant, batch)
    assert not prepare(in_tenant, batch)
    assert SendBatch.objects.get().prepared_at == NOW


def test_plans_of_before_the_tables_grew_are_forgotten(in_tenant: Tenant) -> None:
    """A first month fills empty tables, and a check that reads all rows to find one would take n² steps."""
    offline_company()
    ready_shipment()
    batch = click()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute("CREATE TEMPORARY TABLE grown (number integer) ON COMMIT DROP")
        cursor.execute("PREPARE look_up AS SELECT number FROM grown")
        cursor.execute("EXPLAIN EXECUTE look_up")
        empty = cursor.fetchone()
        cursor.execute("INSERT INTO grown SELECT generate_series(1, 20000)")

        prepare(in_tenant, batch)

        cursor.execute("EXPLAIN EXECUTE look_up")
        assert cursor.fetchone() != empty
        cursor.execute("DEALLOCATE look_up")


def test_pdfs_are_asked_for_where_they_are_attached(in_tenant: Tenant) -> None:
    offline_company()
    ready_shipment()

    prepare(in_tenant, click())

    assert list(WorkItem.objects.filter(kind="render pdf").values_list("subject_id", "queue")) == [
        (Invoice.objects.get().pk, "render")
    ]


def test_pdfs_are_not_asked_for_where_they_are_not(in_tenant: Tenant) -> None:
    offline_company(attach_pdf=False)
    ready_shipment()

    prepare(in_tenant, click())

    assert not WorkItem.objects.filter(kind="render pdf").exists()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"do_not_send_reason": "Billed by hand"}, "Marked as do not send: Billed by hand"),
        ({"incoterm": ""}, "No Incoterm: a booking needs one."),
        ({"bill_to": None, "currency": ""}, "No customer: the party that is billed has no code. No currency."),
        (
            {"currency": "CHF", "exchange_rate": "0.58"},
            "The organisation in Xero does not use CHF. Add the currency there, then refresh.",
        ),
    ],
)
def test_shipment_that_cannot_go_is_skipped_with_its_reason_and_holds_up_no_other(
    in_tenant: Tenant, changes: dict[str, Any], reason: str
) -> None:
    offline_company()
    ready_shipment(**changes)
    ready_shipment()

    prepare(in_tenant, click())

    assert outcomes() == [("skipped", reason), ("handed over", "")]
    assert Invoice.objects.count() == 1


def test_shipment_without_charges_is_skipped(in_tenant: Tenant) -> None:
    offline_company()
    ShipmentFactory()

    prepare(in_tenant, click())

    assert outcomes() == [("skipped", "Nothing to invoice: every charge is billed already, or there is none.")]


def test_locked_period_and_missing_account_are_told_together(in_tenant: Tenant) -> None:
    offline_company()
    XeroConnection.objects.update(period_lock_date=date(2026, 12, 31))
    ReferenceRecord.objects.filter(kind="account").update(is_active=False)
    ready_shipment()

    prepare(in_tenant, click())

    ((_, reason),) = outcomes()
    assert "locked up to 2026-12-31" in reason
    assert "The ledger account 200" in reason


def test_batch_sent_twice_bills_once(in_tenant: Tenant) -> None:
    offline_company()
    ready_shipment()
    first, second = click(), click()

    prepare(in_tenant, first)
    prepare(in_tenant, second)

    assert list(BatchMember.objects.order_by("batch").values_list("outcome", flat=True)) == ["handed over", "skipped"]
    assert Invoice.objects.count() == 1


def test_customers_rule_puts_shipments_onto_one_invoice(in_tenant: Tenant) -> None:
    offline_company()
    monthly = CustomerFactory(grouping="monthly")
    for _ in range(3):
        ready_shipment(bill_to=monthly)

    prepare(in_tenant, click())

    job = SyncJob.objects.get()
    assert (Invoice.objects.count(), InvoiceLine.objects.count(), len(job.source["shipment_numbers"])) == (1, 3, 3)


def test_issue_date_is_the_day_it_is_for_the_organisation(in_tenant: Tenant) -> None:
    offline_company()
    ready_shipment()
    late_in_utc = NOW.replace(hour=14)

    prepare(in_tenant, click(), now=late_in_utc)

    assert Invoice.objects.get().issue_date == date(2026, 3, 3)


@pytest.mark.parametrize(("count", "priority"), [(5, Priority.INTERACTIVE), (6, Priority.BULK)])
def test_few_shipments_go_before_everybodys_bulk(in_tenant: Tenant, count: int, priority: int) -> None:
    offline_company()
    for _ in range(count):
        ready_shipment()

    prepare(in_tenant, click())

    assert set(SyncJob.objects.values_list("priority", flat=True)) == {priority}


def test_shipments_have_nothing_to_invoice_afterwards(in_tenant: Tenant) -> None:
    offline_company()
    shipment = ready_shipment(readiness="ready")

    prepare(in_tenant, click())

    shipment.refresh_from_db()
    assert (shipment.readiness, shipment.accounting_state) == ("nothing", "queued")


def test_bulk_is_traced_by_its_batch_and_not_by_every_invoice(in_tenant: Tenant) -> None:
    offline_company()
    ready_shipment()

    prepare(in_tenant, click())

    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["send to accounting"]


def test_shipment_that_was_deleted_meanwhile_is_skipped(in_tenant: Tenant) -> None:
    offline_company()
    batch = click()
    gone = ready_shipment()
    BatchMember.objects.create(batch=batch, shipment=gone)
    ShipmentCharge.objects.all().delete()
    gone.delete()

    prepare(in_tenant, batch)

    assert BatchMember.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_long_batch_is_prepared_chunk_by_chunk(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose_members, "CHUNK", 2)
    with tenant_scope(tenant):
        offline_company()
        for _ in range(5):
            ready_shipment()
        batch = send_to_accounting(Shipment.objects.all(), form_token=uuid.uuid4(), by="mia", now=read_clock())

    again = prepare_batch(Work(tenant_id=tenant.pk, subject_id=batch.pk))

    with tenant_scope(tenant):
        numbers = list(Invoice.objects.order_by("id").values_list("number", flat=True))
        assert SendBatch.objects.get().prepared_at is not None
    assert again is None
    assert numbers == [f"INV-0000{number}" for number in range(1, 6)]


@pytest.mark.django_db(transaction=True)
def test_work_that_takes_long_goes_on_where_it_stopped(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose_members, "CHUNK", 1)
    monkeypatch.setattr(module, "STRETCH_SECONDS", 0.0)
    with tenant_scope(tenant):
        offline_company()
        for _ in range(2):
            ready_shipment()
        batch = send_to_accounting(Shipment.objects.all(), form_token=uuid.uuid4(), by="mia", now=read_clock())
    work = Work(tenant_id=tenant.pk, subject_id=batch.pk)

    stopped = prepare_batch(work)
    monkeypatch.setattr(module, "STRETCH_SECONDS", 20.0)
    ended = prepare_batch(work)

    assert stopped is not None
    assert stopped.at <= read_clock() + timedelta(seconds=1)
    assert ended is None
    with tenant_scope(tenant):
        assert Invoice.objects.count() == 2


def test_batch_that_could_not_be_prepared_says_so(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        offline_company()
        batch = click()

    preparing_gave_up(Work(tenant_id=tenant.pk, subject_id=batch.pk), "The number series is missing.")

    with tenant_scope(tenant):
        stored = SendBatch.objects.get()
    assert (stored.failure, stored.prepared_at is not None) == ("The number series is missing.", True)


def test_charges_added_after_sending_go_onto_an_invoice_of_their_own(in_tenant: Tenant) -> None:
    offline_company()
    shipment = ready_shipment()
    prepare(in_tenant, click())
    ChargeFactory(shipment=shipment, unit_price=Decimal("5.00"))

    prepare(in_tenant, click())

    assert list(Invoice.objects.order_by("id").values_list("total", flat=True)) == [Decimal("1375.00"), Decimal("5.50")]
