import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import SendBatch, SyncJob
from integrations.web.batch_progress import progress_of
from tests.web.page_company import Visitor, assessed, company, sent

LIST_QUERIES, BATCH_QUERIES = 16, 20


def figures(page: str) -> dict[str, str]:
    pairs = re.findall(r'datagrid-title">([^<]+)</dt><dd class="datagrid-content">(.*?)</dd>', page)
    return {label: re.sub("<[^>]+>", "", value) for label, value in pairs}


@pytest.mark.parametrize("count", [1, 3])
def test_sends_take_the_same_number_of_queries_for_any_number_of_rows(
    tenant: Tenant, operator: Visitor, count: int
) -> None:
    company(tenant)
    for _ in range(count):
        sent(tenant, assessed(tenant))

    with CaptureQueriesContext(connection) as queries:
        page = operator.text("send_batches")

    assert re.findall(r">Send (\d+)</a>", page) == [str(number) for number in range(count, 0, -1)]
    assert len(queries) == LIST_QUERIES, "\n".join(query["sql"][:150] for query in queries)


@pytest.mark.parametrize("count", [1, 3])
def test_send_takes_the_same_number_of_queries_for_any_number_of_documents(
    tenant: Tenant, operator: Visitor, count: int
) -> None:
    company(tenant)
    sent(tenant, assessed(tenant, count))

    with CaptureQueriesContext(connection) as queries:
        page = operator.text("send_batch", 1)

    assert len(set(re.findall(r"INV-\d+", page))) == count
    assert len(queries) == BATCH_QUERIES, "\n".join(query["sql"][:150] for query in queries)


def test_finished_send_counts_what_became_of_each(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    stuck = assessed(tenant, number="SHP-STUCK", incoterm="")
    sent(tenant, [*assessed(tenant, 2), *stuck])

    page = operator.text("send_batch", 1)

    assert figures(page) == {"Selected": "3 shipments", "In Xero": "2", "Needs attention": "0", "Skipped": "1"}
    assert "Finished" in page
    assert "SHP-STUCK</a></td><td" in page
    assert "No Incoterm: a booking needs one." in page
    assert 'hx-trigger="every 2s"' not in page


def test_moving_send_watches_itself_and_says_how_far_it_is(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    sent(tenant, assessed(tenant, 4), state="sending")
    with tenant_scope(tenant):
        first = SyncJob.objects.order_by("id").first()
        SyncJob.objects.filter(pk=first.pk).update(state="done", xero_id=first.public_id)

    page = operator.text("send_batch", 1)

    assert "1 of 4" in page
    assert 'hx-trigger="every 2s"' in page
    assert "(1/4) Send 1" in page


def test_send_that_could_not_be_prepared_says_why(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    sent(tenant, assessed(tenant))
    with tenant_scope(tenant):
        SendBatch.objects.update(failure="There is no number series.")

    assert "The reason: There is no number series." in operator.text("send_batch", 1)


def test_progress_counts_the_way_behind_the_documents(tenant: Tenant) -> None:
    company(tenant)
    batch = sent(tenant, assessed(tenant, 2), state="sending")
    with tenant_scope(tenant):
        one, other = SyncJob.objects.order_by("id")
        SyncJob.objects.filter(pk=one.pk).update(state="done", xero_id=one.public_id)
        SyncJob.objects.filter(pk=other.pk).update(step="promote", xero_id=other.public_id)
        ((_, progress),) = progress_of([batch])

    assert (progress.settled, progress.total, progress.is_over) == (1, 2, False)
    assert progress.way == pytest.approx(0.9)


def test_shipment_numbers_lead_to_the_shipments_that_were_selected(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    (shipment,) = assessed(tenant, number="SHP-LINKED")
    sent(tenant, [shipment])
    with tenant_scope(tenant):
        job = SyncJob.objects.get()
        numbers = ["SHP-LINKED", "SHP-ELSEWHERE", "SHP-3", "SHP-4"]
        SyncJob.objects.update(source=job.source | {"shipment_numbers": numbers})

    (cell,) = re.findall(r'data-label="Shipment">(.*?)</td>', operator.text("send_batch", 1))

    assert re.findall(r'href="([^"]+)">SHP-LINKED</a>', cell) == [f"/o/acme-freight/shipments/{shipment.public_id}/"]
    assert cell.count("<a ") == 1
    assert cell.endswith("</a>, SHP-ELSEWHERE, SHP-3 + 1 more")
