"""A month in the life of a demo company: something in every tab of its list, and a batch still under way."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings

from freightbridge.access.models import User
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.job_states import DocumentState, MoneyState
from integrations.models import XeroConnection, XeroDocument
from integrations.sandbox_replay.sandbox_admin import SandboxAdmin
from invoices.demo.demo_companies import COMPANIES, GLOBAL_AID, HARBOUR, DemoCompany
from invoices.demo.demo_shipments import demo_export
from invoices.demo.demo_trade import HARBOUR_TRADE
from invoices.demo.forwarder_export import forwarder_export
from invoices.demo.found_company import found_company
from invoices.demo.main_job import MainJob
from invoices.models import Shipment
from invoices.models.shipment import Readiness
from invoices.workflows.mark_do_not_send import mark_do_not_send

SEED = 20260302
SHIPMENTS = 160
SENT, REFUSED, HELD = 60, 12, 3
SECONDS = 300.0
# An account that a charge of many shipments goes to; archived in Xero behind our back, as people do.
ARCHIVED_ACCOUNT = "206"


def seed_all(*, say: Callable[[str], None]) -> None:
    """Beside running workers and the sandbox, in a database without tenants."""
    sandbox = SandboxAdmin(settings.XERO_API_BASE_URL)
    sandbox.limit_calls("off")
    for company in COMPANIES:
        say(f"{company.name} …")
        _seed(MainJob(tenant=found_company(company), company=company, sandbox=sandbox, seconds=SECONDS))
    sandbox.limit_calls("real")


def _seed(job: MainJob) -> None:
    job.upload(_export(job.company), file_name="last-month.csv")
    connection = job.connect(attaches_pdf=True)
    job.send(_ready(job.tenant, SENT))
    _pay_some(job, connection)
    if job.company == HARBOUR:
        job.sandbox.act("archive_account", str(connection.organisation_id), account=ARCHIVED_ACCOUNT)
        job.send(_ready(job.tenant, REFUSED))
    _hold_some(job)


def _export(company: DemoCompany) -> bytes:
    """Of last month, each in the shape of its own system."""
    month = (read_clock().date().replace(day=1) - timedelta(days=1)).replace(day=1)
    if company == GLOBAL_AID:
        return demo_export(SHIPMENTS, seed=SEED, month=month)
    return forwarder_export(HARBOUR_TRADE, SHIPMENTS, seed=SEED, month=month).content


def _ready(tenant: Tenant, count: int) -> list[int]:
    with tenant_scope(tenant):
        ready = Shipment.objects.filter(accounting_state=Readiness.READY).order_by("list_date", "id")
        return list(ready.values_list("id", flat=True)[:count])


def _pay_some(job: MainJob, connection: XeroConnection) -> None:
    """A third is paid, and of every seventh a half."""
    organisation_id, today = str(connection.organisation_id), read_clock().date()
    with tenant_scope(job.tenant):
        unpaid = XeroDocument.objects.filter(state=DocumentState.IN_XERO, money_state=MoneyState.UNPAID)
        documents = list(unpaid.order_by("number"))
    for position, document in enumerate(documents):
        amount = document.total if position % 3 == 0 else document.total / 2
        if position % 3 == 0 or position % 7 == 0:
            job.sandbox.pay(organisation_id, str(document.xero_id), amount=f"{amount:.2f}", day=today)
    job.read_payments(connection)


def _hold_some(job: MainJob) -> None:
    operator = User.objects.get(email=job.company.email("operator"))
    with tenant_scope(job.tenant):
        last = Shipment.objects.filter(accounting_state=Readiness.READY).order_by("-id").values_list("id", flat=True)
        held = Shipment.objects.filter(pk__in=list(last[:HELD]))
        mark_do_not_send(held, reason="Billed by the agent overseas", by=operator.email, now=read_clock())
