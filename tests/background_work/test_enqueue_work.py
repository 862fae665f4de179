from datetime import timedelta
from typing import Any

import pytest

from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.models import WorkItem
from freightbridge.clock import read_clock
from freightbridge.observability.correlation import correlated
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import TenantScopeError, tenant_scope
from freightbridge.transactions import TransactionError
from tests.conftest import NOW
from tests.rolled_back import roll_back

KIND = "check payments"


@pytest.mark.django_db
def test_work_is_left_for_its_queue(in_tenant: Tenant) -> None:
    with correlated("FB-TEST-1234"):
        enqueue_work(KIND, [1, 2], now=NOW)

    found = WorkItem.objects.order_by("subject_id").values_list("subject_id", "queue", "next_at", "correlation_id")
    assert list(found) == [(1, "poll", NOW, "FB-TEST-1234"), (2, "poll", NOW, "FB-TEST-1234")]


@pytest.mark.django_db
def test_work_that_waits_is_brought_up_to_date_and_not_doubled(in_tenant: Tenant) -> None:
    enqueue_work(KIND, [1], now=NOW)
    first = WorkItem.objects.get()
    WorkItem.objects.update(fence=4, started_count=3, cursor=9, gave_up_at=NOW, lease_until=NOW)

    enqueue_work(KIND, [1], now=NOW)

    second = WorkItem.objects.get()
    assert (second.started_count, second.cursor, second.gave_up_at) == (0, 0, None)
    assert (second.fence, second.lease_until) == (4, NOW)
    assert second.asked_id != first.asked_id


@pytest.mark.django_db
def test_same_subject_of_two_kinds_and_two_companies_is_not_the_same_work(tenant: Tenant, other_tenant: Tenant) -> None:
    for one in (tenant, other_tenant):
        with tenant_scope(one):
            enqueue_work(KIND, [1], now=NOW)
            enqueue_work("assess shipments", [1], now=NOW)

    with tenant_scope(tenant):
        assert WorkItem.objects.count() == 2


@pytest.mark.django_db
def test_nothing_to_do_is_nothing_left(in_tenant: Tenant) -> None:
    enqueue_work(KIND, [], now=NOW)

    assert WorkItem.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_work_is_left_in_the_callers_transaction_or_not_at_all(tenant: Tenant) -> None:
    roll_back(tenant, lambda: enqueue_work(KIND, [1], now=read_clock()))

    with tenant_scope(tenant):
        assert WorkItem.objects.count() == 0
    with pytest.raises(TransactionError):
        enqueue_work(KIND, [1], now=read_clock())


@pytest.mark.django_db
def test_work_belongs_to_a_company(tenant: Tenant) -> None:
    with pytest.raises(TenantScopeError):
        enqueue_work(KIND, [1], now=NOW)


@pytest.mark.django_db
def test_work_for_later_wakes_nobody_and_the_last_word_on_its_moment_counts(
    in_tenant: Tenant, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as nudges:
        enqueue_work(KIND, [1], now=NOW, at=NOW + timedelta(days=7))
        enqueue_work(KIND, [1], now=NOW, at=NOW + timedelta(seconds=5))
    with django_capture_on_commit_callbacks() as nudges_of_due_work:
        enqueue_work(KIND, [1], now=NOW, at=NOW)

    assert (len(nudges), len(nudges_of_due_work)) == (0, 1)
    assert WorkItem.objects.get().next_at == NOW
