"""A small company among many: it sends one shipment at a time, and looks how soon Xero has the document."""

import time
import uuid
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.db import connection

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.job_states import OPEN_STATES
from integrations.models import SyncAttempt, SyncJob
from integrations.sandbox_replay.sandbox_admin import SandboxAdmin
from invoices.demo.demo_companies import HARBOUR
from invoices.demo.found_company import found_company
from invoices.demo.main_job import MainJob
from invoices.demo.wait_for_workers import wait_until
from invoices.models import Shipment
from invoices.workflows.send_to_accounting import send_to_accounting
from tests.freight_factories import CustomerFactory
from tests.web.page_company import assessed

LOOK_SECONDS = 0.005
BACKENDS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@dataclass(slots=True)
class SmallCompany:
    """`waiting`: the shipments that it has not sent yet."""

    tenant: Tenant = field(init=False)
    waiting: list[int] = field(default_factory=list)

    def open(self, name: str, *, shipments: int) -> None:
        """Beside running workers. `name`: no other company that shares its books in the sandbox has its numbers."""
        company = replace(HARBOUR, slug=name.lower(), number_prefix=f"{name}-")
        self.tenant = found_company(company)
        sandbox = SandboxAdmin(settings.XERO_API_BASE_URL)
        MainJob(tenant=self.tenant, company=company, sandbox=sandbox, seconds=120).connect(attaches_pdf=False)
        with tenant_scope(self.tenant):
            customer = CustomerFactory(code=name)
        self.waiting = [one.pk for one in assessed(self.tenant, shipments, bill_to=customer)]

    def click(self, *, seconds: float) -> float:
        """Milliseconds until Xero has answered the call that creates its document; it returns when all is done."""
        shipment = self.waiting.pop()
        before = self._created()
        began = time.perf_counter()
        with tenant_scope(self.tenant):
            chosen = Shipment.objects.filter(pk=shipment)
            send_to_accounting(chosen, form_token=uuid.uuid4(), by=HARBOUR.email("operator"), now=read_clock())
        while self._created() == before:
            if time.perf_counter() - began > seconds:
                raise TimeoutError(f"Nothing was sent within {seconds} seconds.")
            time.sleep(LOOK_SECONDS)
        took = time.perf_counter() - began
        wait_until(self._is_done, what="Sending", seconds=seconds)
        return 1000 * took

    def _created(self) -> int:
        with tenant_scope(self.tenant):
            return SyncAttempt.objects.filter(step="create", http_status=200).count()

    def _is_done(self) -> bool:
        with tenant_scope(self.tenant):
            return not SyncJob.objects.filter(state__in=OPEN_STATES).exists()


def backends() -> list[int]:
    """The processes of PostgreSQL that work for this database."""
    with connection.cursor() as cursor:
        cursor.execute(BACKENDS)
        return [pid for (pid,) in cursor.fetchall()]
