"""A company whose Xero tells of changes, over real HTTP, to a web server of ours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Queue
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import WebhookEvent
from integrations.webhooks import route_events
from tests.sending import company, send_all, shipments
from tests.webhooks.waiting import wait_until
from tests.webhooks.xero_messages import ADDRESS, KEY
from tests.xero_company import run_queue
from tests.xero_sandbox.sandbox_process import SandboxProcess


@dataclass
class Told:
    """`tenant` has two invoices over 110.00 in the Xero of `xero`, which tells `url` of changes."""

    tenant: Tenant
    xero: SandboxProcess
    url: str

    def subscription(self) -> Any:
        return self.xero.admin("webhooks")["subscriptions"][0]

    def deliveries(self) -> list[dict[str, Any]]:
        """Every message so far, with how we answered."""
        log: list[dict[str, Any]] = self.xero.admin("webhooks")["log"]
        return log

    def hear(self) -> None:
        """Waits until everything is delivered, then does what it asks for, as a worker would."""
        wait_until(lambda: self.subscription()["pending"] == 0)
        run_queue(Queue.INTERACTIVE, Queue.BULK, Queue.POLL)


@pytest.fixture
def told(
    tenant: Tenant, xero: SandboxProcess, live_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Told]:
    """Nothing waits for what may come with it."""
    monkeypatch.setattr(route_events, "DEBOUNCE", timedelta(0))
    settings.XERO_WEBHOOK_KEYS = [KEY]
    company(tenant, xero)
    shipments(tenant, "100.00", "100.00")
    send_all(tenant)
    with tenant_scope(tenant):
        # Only webhooks may tell what changes.
        WorkItem.objects.all().delete()
    made = Told(tenant, xero, f"{live_server.url}{ADDRESS}")
    xero.switch(payment_sends_invoice_event=True)
    xero.admin("webhooks", {"url": made.url, "key": KEY})
    wait_until(lambda: made.subscription()["status"] != "PENDING")
    assert made.subscription()["status"] == "OK"
    yield made
    xero.admin("webhooks", {})
    WebhookEvent.objects.all().delete()
