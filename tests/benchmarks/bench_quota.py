"""
Xero's real limits, used up: by one organisation in three minutes of the real clock, with processes as in production,
and by twenty in three virtual minutes, with nothing to wait for but their quota.

The floor is what Xero allows: sixty calls a minute, which are 57.7 documents at 1.04 calls each (fifty documents go
in a call to create and one to approve, each PDF in its own). What is read once, after connecting, is read before.
"""

import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Any

from tests.benchmarks import virtual_quota
from tests.benchmarks.figures import Figure, Uncounted, tell
from tests.benchmarks.journal_counts import counts_by_organisation, first_draft_at
from tests.benchmarks.scratch_program import is_inside, run_inside, tell_inside

DOCUMENTS, MINUTES = 190, 3
CEILING, CALLS_A_DOCUMENT = 60.0, 1.04
DOCUMENTS_ALLOWED = CEILING / CALLS_A_DOCUMENT
REACHED, APART = 0.95, 1.1
WORKERS = {"delivery": (("interactive", "bulk", "poll"), 2), "render": (("render",), 2)}


def measure() -> Iterator[Figure | Uncounted]:
    """Both at once: the one organisation waits for its minutes most of the time."""
    with ThreadPoolExecutor() as both:
        real = both.submit(run_inside, __spec__.name, limits="real", workers=WORKERS)
        virtual = both.submit(run_inside, virtual_quota.__name__, limits="real", clock="virtual")
    yield Uncounted(what="minutes of the real clock", seconds=60 * MINUTES)
    yield from figures_of("one organisation", list(real.result().values()))
    counts = list(virtual.result().values())
    yield from figures_of(f"{len(counts)} organisations, virtual minutes", counts)
    attached = [one["attached"] for one in counts]
    yield Figure(name="the fastest of them beside the slowest", unit="documents", figure=max(attached),
                 floor=min(attached), target=APART * min(attached))  # fmt: skip


def figures_of(whose: str, counts: list[dict[str, Any]]) -> Iterator[Figure]:
    each = len(counts) * MINUTES
    attached, taken, refused = (sum(one[name] for one in counts) for name in ("attached", "taken", "refused"))
    yield figure(f"documents that got their PDF, {whose}", "a minute", attached / each, DOCUMENTS_ALLOWED)
    yield figure(f"calls that Xero took, {whose}", "a minute", taken / each, CEILING)
    yield Figure(name=f"calls that no limit refused, {whose}", unit="%", figure=100 * taken / (taken + refused),
                 floor=100.0, target=100.0, is_more_better=True)  # fmt: skip


def figure(name: str, unit: str, value: float, allowed: float) -> Figure:
    return Figure(name=name, unit=unit, figure=value, floor=allowed, target=REACHED * allowed, is_more_better=True)


def send_a_month() -> dict[str, Any]:
    """A month of shipments is sent; three minutes are counted from the first draft on."""
    from django.conf import settings  # noqa: PLC0415 Django first

    from freightbridge.clock import read_clock  # noqa: PLC0415
    from freightbridge.tenancy.scope import tenant_scope  # noqa: PLC0415
    from integrations.sandbox_replay.sandbox_admin import SandboxAdmin  # noqa: PLC0415
    from invoices.demo.demo_companies import HARBOUR  # noqa: PLC0415
    from invoices.demo.demo_trade import HARBOUR_TRADE  # noqa: PLC0415
    from invoices.demo.forwarder_export import forwarder_export  # noqa: PLC0415
    from invoices.demo.found_company import found_company  # noqa: PLC0415
    from invoices.demo.main_job import MainJob  # noqa: PLC0415
    from invoices.demo.wait_for_workers import wait_until  # noqa: PLC0415
    from invoices.models import Shipment  # noqa: PLC0415
    from invoices.workflows.send_to_accounting import send_to_accounting  # noqa: PLC0415
    from tests.benchmarks.first_readings import are_first_readings_done  # noqa: PLC0415

    url, tenant = settings.XERO_API_BASE_URL, found_company(HARBOUR)
    job = MainJob(tenant=tenant, company=HARBOUR, sandbox=SandboxAdmin(url), seconds=600)
    export = forwarder_export(HARBOUR_TRADE, DOCUMENTS, seed=7, month=date(2026, 2, 1))
    job.upload(export.content, file_name="export.csv")
    job.connect(attaches_pdf=True)
    with tenant_scope(tenant):
        wait_until(are_first_readings_done, what="What is read after connecting", seconds=job.seconds)
        by, now = HARBOUR.email("operator"), read_clock()
        send_to_accounting(Shipment.objects.all(), form_token=uuid.uuid4(), by=by, now=now)
    began = wait_for_first_draft(url)
    time.sleep(MINUTES * 60 + 1)
    return counts_by_organisation(url, began=began, minutes=MINUTES)


def wait_for_first_draft(url: str) -> datetime:
    while (began := first_draft_at(url)) is None:
        time.sleep(0.5)
    return began


if __name__ == "__main__":
    tell_inside(send_a_month) if is_inside() else tell(measure())
