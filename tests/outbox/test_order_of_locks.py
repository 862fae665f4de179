"""A lane's holder and a person, or the PDF's worker, meet at one document: neither waits for the other for ever."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from freightbridge.background_work.work_kinds import Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.lanes.claim_lane import claim_due_lane, held_scope
from integrations.models import OrganisationLane, XeroDocument
from invoices.models import Invoice, Shipment
from invoices.workflows.give_up_invoice import give_up_invoice
from invoices.workflows.mark_do_not_send import mark_do_not_send
from invoices.workflows.render_pdf import render_pdf
from tests.web.page_company import assessed, company, sent

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def give_up(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        give_up_invoice(Invoice.objects.get(), reason="wrong", tenant=tenant, by="a person", now=read_clock())


def mark(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        mark_do_not_send(Shipment.objects.all(), reason="billed elsewhere", by="a person", now=read_clock())


def render(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        invoice = Invoice.objects.get()
    render_pdf(Work(tenant_id=tenant.pk, subject_id=invoice.pk))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [give_up, mark, render])
def test_whoever_changes_jobs_waits_for_the_lane_before_anything_else(
    tenant: Tenant, act: Callable[[Tenant], None]
) -> None:
    company(tenant)
    sent(tenant, assessed(tenant), state="queued")
    with tenant_scope(tenant):
        OrganisationLane.objects.update(next_at=read_clock() - timedelta(seconds=1))
    held = claim_due_lane()
    assert held is not None
    other = threading.Thread(target=_in_thread, args=(act, tenant))

    with held_scope(held):
        other.start()
        _wait_until_it_waits()
        # The database changes the invoice and the shipment with it, and would end one of the two as deadlocked.
        XeroDocument.objects.update(state="sending")
    other.join()

    with tenant_scope(tenant):
        assert Invoice.objects.get().list_state == XeroDocument.objects.get().state


def _in_thread(act: Callable[[Tenant], None], tenant: Tenant) -> None:
    try:
        act(tenant)
    finally:
        connection.close()


def _wait_until_it_waits() -> None:
    deadline = read_clock() + timedelta(seconds=60)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        assert read_clock() < deadline
