"""What tests of the delivery do and look at, on both sides of the wire."""

import uuid
from datetime import timedelta
from typing import Any

from django.db.models import F

from freightbridge.background_work.work_kinds import Queue
from freightbridge.clock import read_clock
from freightbridge.stored_files.store_file import store_file
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import AccountingLogEntry, AppBudget, Heartbeat, OrganisationLane, SyncJob, XeroDocument
from integrations.models.sync_job import Priority
from integrations.outbox.beat_heart import read_tick
from integrations.outbox.provide_pdf import provide_pdf
from invoices.models import Invoice, Shipment
from invoices.workflows.send_to_accounting import send_to_accounting
from tests.freight_factories import BillingEntityFactory, ChargeFactory, CustomerFactory, ShipmentFactory
from tests.xero_company import PERSON, connect, run_queue, run_workers
from tests.xero_sandbox.sandbox_process import SandboxProcess

API = "/api.xro/2.0/"


def company(tenant: Tenant, xero: SandboxProcess, **settings: Any) -> None:
    """Connected, with a billing entity: whatever is ready can be sent."""
    connect(tenant, xero, **settings)
    with tenant_scope(tenant):
        BillingEntityFactory()


def shipments(tenant: Tenant, *prices: str, **fields: Any) -> None:
    """A ready shipment for each price, all of one customer unless `fields` say otherwise."""
    with tenant_scope(tenant):
        customer = fields.pop("bill_to", None) or CustomerFactory()
        for price in prices:
            ChargeFactory(shipment=ShipmentFactory(bill_to=customer, **fields), unit_price=price)


def click(tenant: Tenant) -> None:
    """Everything that stands is selected and sent, as a click does it; no worker has seen it yet."""
    with tenant_scope(tenant):
        send_to_accounting(Shipment.objects.all(), form_token=uuid.uuid4(), by=PERSON, now=read_clock())


def send_all(tenant: Tenant) -> None:
    click(tenant)
    run_workers()


def wait_over(tenant: Tenant) -> None:
    """
    As if all waiting times had passed: of jobs, of pauses, of used up limits, of the fill time of a promotion, of
    lanes that come back.
    """
    with tenant_scope(tenant):
        now = read_clock()
        waiting = SyncJob.objects.filter(finished_at=None)
        waiting.update(next_at=now)
        click_at = now if waiting.filter(priority=Priority.INTERACTIVE).exists() else None
        OrganisationLane.objects.update(
            paused_until=None, next_at=now, click_at=click_at, lease_until=None, minute_left=60, day_left=F("day_limit")
        )
    AppBudget.objects.update(next_resume_at=None)


def quiet_over(tenant: Tenant, *, ticks: int = 24) -> None:
    """As if the quiet time had passed by the clock, and so many beats by the heart."""
    with tenant_scope(tenant):
        Heartbeat.objects.update_or_create(pk=1, defaults={"tick": read_tick() + ticks})
        SyncJob.objects.filter(state="unknown").update(first_sent_at=read_clock() - timedelta(seconds=500))


def go_on(tenant: Tenant) -> None:
    """Delivery only: no PDF is rendered."""
    wait_over(tenant)
    deliver()


def jobs(tenant: Tenant, *fields: str) -> list[Any]:
    """By the order in which they were queued; one field gives its values, several give tuples."""
    with tenant_scope(tenant):
        return list(SyncJob.objects.order_by("id").values_list(*fields, flat=len(fields) == 1))


def documents(tenant: Tenant, *fields: str) -> list[Any]:
    with tenant_scope(tenant):
        return list(XeroDocument.objects.order_by("id").values_list(*fields, flat=len(fields) == 1))


def log_of(tenant: Tenant, **of: Any) -> list[tuple[str, str]]:
    """Events and texts, oldest first; without the checks that found nothing new."""
    with tenant_scope(tenant):
        found = AccountingLogEntry.objects.filter(**{"has_news": True, **of})
        return list(found.order_by("id").values_list("event", "text"))


def ours_in_xero(xero: SandboxProcess, *fields: str) -> list[Any]:
    """Documents that an app made, by their numbers; one field gives its values, several give tuples."""
    found = xero.admin("documents", organisation="AU")["documents"]
    ours = sorted((one for one in found if one["created_by"] == "sandbox-client"), key=lambda one: one["number"])
    return [one[fields[0]] if len(fields) == 1 else tuple(one[name] for name in fields) for one in ours]


class Calls:
    """The calls to the accounting API since it was made, or since `forget`."""

    def __init__(self, xero: SandboxProcess) -> None:
        self._xero = xero
        self.forget()

    def forget(self) -> None:
        entries = self._xero.admin("journal", limit=1_000_000)["entries"]
        self._since = entries[-1]["number"] if entries else 0

    def entries(self, method: str = "", path: str = "") -> list[dict[str, Any]]:
        query = {"since": self._since, "path": API + path} | ({"method": method} if method else {})
        found: list[dict[str, Any]] = self._xero.admin("journal", limit=1_000_000, **query)["entries"]
        return found

    def made(self, method: str = "", path: str = "") -> list[str]:
        """Such as `PUT Invoices`, with ids left out."""
        return [f"{one['method']} {_shape(one['path'])}" for one in self.entries(method, path)]


def _shape(path: str) -> str:
    parts = path.removeprefix(API).split("/")
    return "/".join("…" if len(part) == 36 or part.endswith(".pdf") else part for part in parts)


def store_pdfs(tenant: Tenant) -> None:
    """Every invoice gets a PDF that is none: rendering is tested elsewhere."""
    with tenant_scope(tenant):
        for invoice in Invoice.objects.filter(pdf=None).order_by("id"):
            now = read_clock()
            invoice.pdf = store_file(f"%PDF {invoice.number}".encode(), content_type="application/pdf", now=now)
            invoice.save(update_fields=["pdf"])
            provide_pdf(invoice_id=invoice.pk, stored_file_id=invoice.pdf.pk, now=now)


def deliver() -> None:
    """What workers do but rendering PDFs."""
    run_queue(Queue.INTERACTIVE, Queue.BULK)
