"""R10: workers whose Redis is not there find all work by themselves, within seconds of its being due."""

import time
from typing import Any

import pytest

from freightbridge.local_servers.places import free_port
from freightbridge.tenancy.models import Tenant
from tests.journeys.running_system import worker
from tests.sending import click, company, documents, jobs, ours_in_xero, shipments
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf, pytest.mark.timeout(300)]
BOOT_SECONDS, ALLOWED_SECONDS = 60, 30


def test_all_work_goes_on_without_redis(tenant: Tenant, xero: SandboxProcess, settings: Any) -> None:
    """Preparing, rendering, delivering: three queues, and each hands on to the next without a nudge."""
    company(tenant, xero, attach_pdf=True)
    shipments(tenant, "10.00")
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"

    with worker(xero_url=xero.url, public_url="http://localhost:8000"):
        click(tenant)
        _wait_for(tenant, 1, BOOT_SECONDS + ALLOWED_SECONDS)
        shipments(tenant, "20.00", "30.00")
        click(tenant)
        _wait_for(tenant, 3, ALLOWED_SECONDS)

    assert jobs(tenant, "state") == ["done"] * 3
    assert ours_in_xero(xero, "status") == ["AUTHORISED"] * 3


def _wait_for(tenant: Tenant, count: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while documents(tenant, "state").count("in xero") < count:
        assert time.monotonic() < deadline, documents(tenant, "state")
        time.sleep(0.2)
