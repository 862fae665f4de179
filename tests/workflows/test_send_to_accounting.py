import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.models import WorkItem
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.active_connection import NotConnectedError
from integrations.models import BatchMember, SendBatch
from invoices.models import Shipment
from invoices.workflows.send_to_accounting import send_to_accounting
from tests.conftest import NOW
from tests.freight_factories import ready_shipment
from tests.offline_company import offline_company

TOKEN = uuid.UUID(int=9)


def click(token: uuid.UUID = TOKEN) -> SendBatch:
    return send_to_accounting(Shipment.objects.all(), form_token=token, by="mia@example.com", now=NOW)


@pytest.mark.django_db
def test_click_leaves_a_batch_work_for_a_worker_and_a_trace(in_tenant: Tenant) -> None:
    offline_company()
    ready_shipment()

    batch = click()

    work, event = WorkItem.objects.get(kind="prepare batch"), AuditEvent.objects.get()
    assert (batch.number, batch.started_by, batch.prepared_at) == (1, "mia@example.com", None)
    assert (work.kind, work.subject_id, work.queue) == ("prepare batch", batch.pk, "interactive")
    assert (event.action, event.subject_id, event.actor) == ("send to accounting", batch.public_id, "mia@example.com")


@pytest.mark.django_db
def test_second_click_leaves_nothing_new(in_tenant: Tenant) -> None:
    offline_company()
    ready_shipment()
    first = click()

    second = click()

    assert second == first
    assert (BatchMember.objects.count(), AuditEvent.objects.count(), WorkItem.objects.count()) == (1, 1, 2)


@pytest.mark.django_db
def test_company_that_is_not_connected_is_told_before_anything_happens(in_tenant: Tenant) -> None:
    ready_shipment_without_company = Shipment.objects.none()

    with pytest.raises(NotConnectedError):
        send_to_accounting(ready_shipment_without_company, form_token=TOKEN, by="mia", now=NOW)
    assert SendBatch.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_twenty_posts_of_one_form_are_one_batch(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        offline_company()
        ready_shipment()

    def post(_number: int) -> int:
        try:
            with tenant_scope(tenant):
                batch = send_to_accounting(Shipment.objects.all(), form_token=TOKEN, by="mia", now=read_clock())
                return batch.number
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        numbers = set(pool.map(post, range(20)))

    with tenant_scope(tenant):
        counts = (SendBatch.objects.count(), BatchMember.objects.count(), AuditEvent.objects.count())
    assert (numbers, counts) == ({1}, (1, 1, 1))
