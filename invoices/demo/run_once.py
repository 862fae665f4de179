"""The main job without a browser, from nothing to paid, and whether all of it is right."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import tenant_scope
from integrations.sandbox_replay.sandbox_admin import SandboxAdmin
from invoices.demo.demo_companies import GLOBAL_AID, HARBOUR, DemoCompany
from invoices.demo.demo_trade import HARBOUR_TRADE
from invoices.demo.first_shipments import first_shipments
from invoices.demo.forwarder_export import PlantedFault, forwarder_export
from invoices.demo.found_company import found_company
from invoices.demo.judge_run import Facts, RunResult, judge
from invoices.demo.main_job import MainJob

SHIPMENTS = 200
ACCOUNTING = "/api.xro/2.0/"
SEED = 20260302
MONTH = date(2026, 2, 1)
# What a step may take at least, and for each shipment.
SECONDS, SECONDS_EACH = 120.0, 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OnceOptions:
    """`file` None: an export is generated. `shipments` None: all of the file."""

    file: bytes | None
    file_name: str
    shipments: int | None
    wants_pdfs: bool


def run_once(options: OnceOptions, *, say: Callable[[str], None]) -> RunResult:
    """
    Beside running workers, in a database without tenants. `say` is told of each step.

    Raises what a step raises: MainJobError, UnreadableFileError, WorkersTooSlowError.
    """
    began = time.monotonic()
    company, content, planted = _freight(options)
    count = options.shipments or content.count(b"\n") or content.count(b"\r")
    job = MainJob(
        tenant=found_company(company),
        company=company,
        sandbox=SandboxAdmin(settings.XERO_API_BASE_URL),
        seconds=SECONDS + SECONDS_EACH * count,
    )
    say("Uploading …")
    job.upload(content, file_name=options.file_name)
    say("Connecting …")
    connection = job.connect(attaches_pdf=options.wants_pdfs)
    say("Sending …")
    calls_before = _delivery_calls(job.sandbox)
    batch = job.send()
    calls = _delivery_calls(job.sandbox) - calls_before
    say("Paying half of it in Xero, and reading that back …")
    paid = job.pay_half(connection, day=read_clock().date())
    job.read_payments(connection)
    with tenant_scope(job.tenant):
        return judge(
            Facts(
                batch=batch,
                documents_in_xero=job.sandbox.documents(str(connection.organisation_id)),
                planted=planted,
                paid_ids=frozenset(paid),
                wants_pdfs=options.wants_pdfs,
                xero_calls=sum(one["count"] for one in job.sandbox.calls()),
                delivery_calls=calls,
                seconds=round(time.monotonic() - began, 1),
            )
        )


def _freight(options: OnceOptions) -> tuple[DemoCompany, bytes, tuple[PlantedFault, ...] | None]:
    """A file is sent as it is, in dollars; what is generated has taxes, currencies and planted faults."""
    if options.file is not None:
        content = first_shipments(options.file, options.shipments) if options.shipments else options.file
        return GLOBAL_AID, content, None
    export = forwarder_export(HARBOUR_TRADE, options.shipments or SHIPMENTS, seed=SEED, month=MONTH)
    return HARBOUR, export.content, export.planted


def _delivery_calls(sandbox: SandboxAdmin) -> int:
    """Of the steps contact, create, attach and promote; reading payments back is not part of the delivery."""
    return sum(
        one["count"]
        for one in sandbox.calls()
        if (one["method"] in {"PUT", "POST"} and one["path"].startswith(ACCOUNTING)) or "/Contacts" in one["path"]
    )
