"""After a restore: nothing that the backup forgot is sent a second time."""

import pytest
from django.db import connections, transaction

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import RestoreEpoch, SyncJob
from integrations.outbox.mark_restored import mark_restored
from tests.sending import Calls, company, go_on, jobs, ours_in_xero, quiet_over, send_all, shipments
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
FORGET_JOB = """
    UPDATE integrations_syncjob SET state = 'queued', step = 'contact', xero_id = NULL, contact_id = NULL,
        finished_at = NULL, first_sent_at = NULL, first_sent_tick = NULL, next_at = created_at
"""
FORGET_DOCUMENT = """
    UPDATE integrations_xerodocument SET state = 'queued', xero_id = NULL, xero_status = '', sent_at = NULL,
        money_state = ''
"""


def restore_backup(tenant: Tenant) -> None:
    """The rows as they stood when the documents were queued; whoever restores is bound by no trigger."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant.pk)])
        for table, statement in [("syncjob", FORGET_JOB), ("xerodocument", FORGET_DOCUMENT)]:
            cursor.execute(f"ALTER TABLE integrations_{table} DISABLE TRIGGER USER")
            cursor.execute(statement)
            cursor.execute(f"ALTER TABLE integrations_{table} ENABLE TRIGGER USER")


def test_what_the_backup_forgot_is_found_in_xero_and_not_sent_again(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00", "20.00")
    send_all(tenant)
    restore_backup(tenant)
    calls = Calls(xero)

    marked = mark_restored()
    asked = jobs(tenant, "state")
    go_on(tenant)

    assert (marked, asked) == ({tenant.name: 2}, ["unknown"] * 2)
    assert calls.made("PUT") == []
    assert jobs(tenant, "state") == ["done"] * 2
    assert ours_in_xero(xero, "status") == ["AUTHORISED"] * 2


def test_what_somebody_voided_after_the_backup_is_for_a_person(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    shipments(tenant, "10.00")
    send_all(tenant)
    restore_backup(tenant)
    xero.act("void", document="INV-00001")

    mark_restored()
    quiet_over(tenant)
    go_on(tenant)

    assert jobs(tenant, "state", "problem_code") == [("attention", "FB-507")]


def test_new_documents_ask_first_for_a_week(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    mark_restored()
    shipments(tenant, "10.00")
    calls = Calls(xero)

    send_all(tenant)
    waiting = jobs(tenant, "state")
    quiet_over(tenant)
    go_on(tenant)

    assert waiting == ["unknown"]
    assert calls.made(path="Invoices")[0] == "GET Invoices"
    assert jobs(tenant, "state") == ["done"]
    with tenant_scope(tenant):
        assert SyncJob.objects.get().generation == 2


def test_restore_is_written_down_once(tenant: Tenant) -> None:
    mark_restored()

    assert RestoreEpoch.objects.count() == 1
    assert tenant.pk is not None
