"""One organisation under Xero's real limits for three minutes, with processes and a sandbox as in production.

The floor is what Xero allows: sixty calls a minute, which are 57.7 documents at 1.04 calls each (fifty documents go
in a call to create and one to approve, each PDF in its own).
"""

import time
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import requests

from tests.benchmarks.figures import Figure, tell
from tests.benchmarks.scratch_program import is_inside, run_inside, tell_inside

DOCUMENTS, MINUTES = 240, 3
CEILING, CALLS_A_DOCUMENT = 60.0, 1.04
DOCUMENTS_WANTED, CALLS_WANTED = 55.0, 57.0
ACCOUNTING = "/api.xro/2.0/"
TOO_MANY = 429


def measure() -> Iterator[Figure]:
    workers = {"delivery": (("interactive", "bulk", "poll"), 2), "render": (("render",), 2)}
    counted = run_inside("tests.benchmarks.bench_quota", limits="real", workers=workers)
    yield figure("documents that got their PDF", "a minute", counted["attached"] / MINUTES, DOCUMENTS_WANTED,
                 CEILING / CALLS_A_DOCUMENT)  # fmt: skip
    yield figure("calls that Xero took", "a minute", counted["taken"] / MINUTES, CALLS_WANTED, CEILING)
    share = 100 * (1 - counted["refused"] / (counted["taken"] + counted["refused"]))
    yield figure("calls that no limit refused", "%", share, 100.0, 100.0)


def figure(name: str, unit: str, value: float, target: float, floor: float) -> Figure:
    return Figure(name=name, unit=unit, figure=value, floor=floor, target=target, is_more_better=True)


def send_a_month() -> dict[str, int]:
    """A month of shipments is sent; three minutes are counted from the first draft on."""
    from django.conf import settings  # noqa: PLC0415 Django first

    from freightbridge.clock import read_clock  # noqa: PLC0415
    from freightbridge.tenancy.scope import tenant_scope  # noqa: PLC0415
    from invoices.demo.demo_companies import HARBOUR  # noqa: PLC0415
    from invoices.demo.demo_trade import HARBOUR_TRADE  # noqa: PLC0415
    from invoices.demo.forwarder_export import forwarder_export  # noqa: PLC0415
    from invoices.demo.found_company import found_company  # noqa: PLC0415
    from invoices.demo.main_job import MainJob  # noqa: PLC0415
    from invoices.demo.sandbox_admin import SandboxAdmin  # noqa: PLC0415
    from invoices.models import Shipment  # noqa: PLC0415
    from invoices.workflows.send_to_accounting import send_to_accounting  # noqa: PLC0415

    url, tenant = settings.XERO_API_BASE_URL, found_company(HARBOUR)
    job = MainJob(tenant=tenant, company=HARBOUR, sandbox=SandboxAdmin(url), seconds=600)
    export = forwarder_export(HARBOUR_TRADE, DOCUMENTS, seed=7, month=date(2026, 2, 1))
    job.upload(export.content, file_name="export.csv")
    job.connect(attaches_pdf=True)
    with tenant_scope(tenant):
        by, now = HARBOUR.email("operator"), read_clock()
        send_to_accounting(Shipment.objects.all(), form_token=uuid.uuid4(), by=by, now=now)
    began = wait_for_first_draft(url)
    time.sleep(MINUTES * 60 + 1)
    return counts(journal(url), began=began)


def wait_for_first_draft(url: str) -> datetime:
    while True:
        drafts = [call for call in journal(url) if call["method"] == "PUT" and call["path"].startswith(CREATES)]
        if drafts:
            return datetime.fromisoformat(drafts[0]["at"])
        time.sleep(0.5)


CREATES = f"{ACCOUNTING}Invoices"


def counts(calls: list[dict[str, Any]], *, began: datetime) -> dict[str, int]:
    ends = began + timedelta(minutes=MINUTES)
    within = [call for call in calls if began <= datetime.fromisoformat(call["at"]) < ends]
    statuses = Counter(call["status"] == TOO_MANY for call in within)
    attached = sum(call["status"] == requests.codes.ok and "/Attachments/" in call["path"] for call in within)
    return {"attached": attached, "taken": statuses[False], "refused": statuses[True]}


def journal(url: str) -> list[dict[str, Any]]:
    query = {"limit": 100_000, "path": ACCOUNTING}
    entries: list[dict[str, Any]] = requests.get(f"{url}/_sandbox/journal", params=query, timeout=60).json()["entries"]
    return entries


if __name__ == "__main__":
    tell_inside(send_a_month) if is_inside() else tell(measure())
