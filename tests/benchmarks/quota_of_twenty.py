"""Twenty organisations that send all day, in virtual minutes: a process of its own, in a scratch database."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import requests
from django.conf import settings

from freightbridge.access.models import User
from freightbridge.background_work.run_due_work import run_due
from freightbridge.background_work.work_kinds import Queue
from freightbridge.clock import read_clock
from freightbridge.stored_files.store_file import store_file
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import SyncJob
from integrations.outbox.provide_pdf import provide_pdf
from integrations.sandbox_replay.sandbox_admin import SandboxAdmin
from invoices.demo.demo_companies import HARBOUR, DemoCompany
from invoices.demo.demo_trade import HARBOUR_TRADE
from invoices.demo.forwarder_export import forwarder_export
from invoices.demo.found_company import connect_company, found_company
from invoices.models import Shipment, Upload
from invoices.models.upload import UploadState
from invoices.workflows.check_upload import start_check
from invoices.workflows.import_upload import start_import
from invoices.workflows.receive_upload import receive_upload
from invoices.workflows.send_to_accounting import send_to_accounting
from tests.benchmarks.first_readings import are_first_readings_done
from tests.benchmarks.journal_counts import first_draft_at
from tests.benchmarks.virtual_minutes import VirtualMinutes, virtual_minutes

SECONDS = 600.0
STEP = timedelta(seconds=1)
PDF = b"%PDF-1.7\n" + b"A page.\n" * 40


def send_from_all(*, organisations: int, documents: int, minutes: int) -> datetime:
    """Returns when the first draft went, the moment from which the minutes are counted."""
    sandbox = SandboxAdmin(settings.XERO_API_BASE_URL)
    export = forwarder_export(HARBOUR_TRADE, documents, seed=7, month=date(2026, 2, 1))
    with virtual_minutes(sandbox.url) as time:
        for number, books in enumerate(open_books(sandbox, count=organisations)):
            ready_to_send(_company(number, books), export.content, sandbox)
        _read_what_comes_first(time)
        now = time.clock.now
        for tenant in Tenant.objects.order_by("pk"):
            with tenant_scope(tenant):
                send_to_accounting(Shipment.objects.all(), form_token=uuid.uuid4(), by="an operator", now=now)
            do_what_is_due()
            with_stored_pdfs(tenant)
        while (began := first_draft_at(sandbox.url)) is None:
            time.deliver_until(time.clock.now + STEP)
        time.deliver_until(began + timedelta(minutes=minutes))
    return began


def open_books(sandbox: SandboxAdmin, *, count: int) -> list[str]:
    """Ids of so many organisations."""
    body = {"like": HARBOUR.organisation, "count": count}
    answer = requests.post(f"{sandbox.url}/_sandbox/organisations/copies", json=body, timeout=SECONDS)
    answer.raise_for_status()
    return [one["id"] for one in answer.json()["organisations"]]


def _company(number: int, books: str) -> DemoCompany:
    name = f"Forwarder {number:02}"
    return replace(HARBOUR, slug=f"forwarder-{number}", name=name, organisation=books, number_prefix=f"F{number:02}-")


def ready_to_send(company: DemoCompany, export: bytes, sandbox: SandboxAdmin) -> None:
    """With its freight uploaded, and its books connected."""
    tenant, operator = found_company(company), User.objects.get(email=company.email("operator"))
    _step(tenant, lambda: _received(export, by=operator))
    _step(tenant, lambda: start_import(Upload.objects.get(), by=operator, now=read_clock()))
    connect_company(tenant, company, sandbox)
    do_what_is_due()


def _read_what_comes_first(time: VirtualMinutes) -> None:
    """Readings that find the lane busy, or others before them, come again a little later."""
    for tenant in Tenant.objects.order_by("pk"):
        while not _is_read(tenant):
            time.move_to(time.clock.now + STEP)
            do_what_is_due()


def _is_read(tenant: Tenant) -> bool:
    with tenant_scope(tenant):
        return are_first_readings_done()


def _received(export: bytes, *, by: User) -> None:
    upload = receive_upload(export, file_name="export.csv", by=by, now=read_clock())
    if upload.state == UploadState.MATCHING:
        start_check(upload, rules=upload.rules, by=by, now=read_clock())


def _step(tenant: Tenant, step: Callable[[], object]) -> None:
    with tenant_scope(tenant):
        step()
    do_what_is_due()


def do_what_is_due() -> None:
    """All that workers would do now; what is rendered apart."""
    while sum(run_due(queue, seconds=SECONDS) for queue in (Queue.INTERACTIVE, Queue.BULK, Queue.POLL)):
        pass


def with_stored_pdfs(tenant: Tenant) -> None:
    """As if all were rendered: to do that is not what is measured."""
    with tenant_scope(tenant):
        now = read_clock()
        file = store_file(PDF, content_type="application/pdf", now=now)
        for invoice in SyncJob.objects.filter(wants_pdf=True, pdf=None).values_list("invoice", flat=True):
            provide_pdf(invoice_id=invoice, stored_file_id=file.pk, now=now)
