"""Consents live sixty days after their last use; ours are used each week, and finished whatever dies in between."""

from datetime import timedelta
from typing import Any

import pytest

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Queue
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.refresh_grant import take_lease
from integrations.models import XeroConnection, XeroGrant
from tests.xero_company import connect, run_queue
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everything_polled")]
KIND = "keep grant alive"


def grant_of(tenant: Tenant) -> XeroGrant:
    with tenant_scope(tenant):
        return XeroGrant.objects.get()


def a_week_passes(tenant: Tenant, **changes: Any) -> XeroGrant:
    """Nobody has used it since."""
    with tenant_scope(tenant):
        now = read_clock()
        XeroGrant.objects.update(expires_at=now - timedelta(days=6), refreshed_at=now - timedelta(days=6), **changes)
        WorkItem.objects.filter(kind=KIND).update(next_at=now)
    return grant_of(tenant)


def is_due(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        WorkItem.objects.filter(kind=KIND).update(next_at=read_clock())


def next_time(tenant: Tenant) -> timedelta | None:
    with tenant_scope(tenant):
        found = WorkItem.objects.filter(kind=KIND, gave_up_at=None).first()
        return found.next_at - read_clock() if found else None


def test_grant_that_nobody_used_is_refreshed_and_put_down_for_the_next_week(
    tenant: Tenant, xero: SandboxProcess
) -> None:
    connect(tenant, xero)
    before = a_week_passes(tenant)

    run_queue(Queue.POLL)

    assert grant_of(tenant).refresh_token != before.refresh_token
    assert timedelta(days=5) < (next_time(tenant) or timedelta(0)) <= timedelta(days=7)


def test_grant_that_is_good_is_left_alone(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    before = grant_of(tenant)
    with tenant_scope(tenant):
        WorkItem.objects.filter(kind=KIND).update(next_at=read_clock())

    run_queue(Queue.POLL)

    assert grant_of(tenant).version == before.version
    assert timedelta(days=5) < (next_time(tenant) or timedelta(0)) <= timedelta(days=7)


def test_lost_answer_is_tried_again_with_nobody_asking(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    before = a_week_passes(tenant)
    xero.fault("lost_answer", path="/connect/token", times=2)
    waits = []

    for _ in range(3):
        run_queue(Queue.POLL)
        waits.append(next_time(tenant) or timedelta(0))
        with tenant_scope(tenant):
            XeroGrant.objects.update(refresh_lease_until=None)
            WorkItem.objects.filter(kind=KIND).update(next_at=read_clock())

    assert [round(wait.total_seconds()) for wait in waits[:2]] == [5, 15]
    assert waits[2] > timedelta(days=5)
    assert grant_of(tenant).version == before.version + 1


def test_refresh_whose_worker_died_is_finished_by_another(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    with tenant_scope(tenant):
        grant, now = XeroGrant.objects.get(), read_clock()
        XeroGrant.objects.update(expires_at=now)
        take_lease(grant, now=now - timedelta(seconds=30))

    run_queue(Queue.POLL)

    assert grant_of(tenant).version == grant.version + 1


def test_lost_grant_is_not_kept_alive(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    a_week_passes(tenant)
    xero.act("revoke_grant")

    for _ in range(2):
        run_queue(Queue.POLL)
        is_due(tenant)

    assert next_time(tenant) is None
    with tenant_scope(tenant):
        assert XeroConnection.objects.get().status == "needs reconnect"


def test_grant_that_was_given_back_is_forgotten(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    a_week_passes(tenant)
    with tenant_scope(tenant):
        XeroConnection.objects.update(grant=None)
        XeroGrant.objects.all().delete()

    run_queue(Queue.POLL)

    assert next_time(tenant) is None


def test_fault_of_ours_does_not_end_a_consent(tenant: Tenant, xero: SandboxProcess) -> None:
    """Work that failed too often is given up, but not this."""
    connect(tenant, xero)
    before = a_week_passes(tenant)
    with tenant_scope(tenant):
        WorkItem.objects.filter(kind=KIND).update(started_count=5)

    run_queue(Queue.POLL)
    wait = next_time(tenant)
    is_due(tenant)
    run_queue(Queue.POLL)

    assert timedelta(minutes=4) < (wait or timedelta(0)) <= timedelta(minutes=5)
    assert grant_of(tenant).version == before.version + 1
