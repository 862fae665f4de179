"""What the bridge itself costs: 200 invoices of 15 lines with stored PDFs from the outbox into the ledger, all of it.

Ours is the delivery's own code until nothing is left to do: lanes, intents, four batches, 200 files, the approval,
answers compared, the log, all committed. The floor sends the very same requests to the same server by urllib3 over
one kept connection, and reads the answers. The server is the barest that can answer, so it hides nothing of ours; it
counts in both. Between the two stands what no bridge with the SDK can do without (`sdk_and_commits`): only what is
above that is left to us; and what the statements of ours take by themselves. All waiting times are the real ones; with
limits that never bind nothing of a send this size waits. The floor is asked of one server after another: how fast two
processes answer each other is a matter of chance, which lasts as long as both do.
"""

import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import urllib3

from tests.benchmarks.analyze import analyze
from tests.benchmarks.canned_xero import __name__ as canned_xero
from tests.benchmarks.figures import Figure, tell
from tests.benchmarks.own_server import port_of
from tests.benchmarks.scratch_program import is_inside, run_inside, tell_inside
from tests.benchmarks.sdk_and_commits import seconds_of_sdk_and_commits
from tests.benchmarks.statement_times import statement_seconds
from tests.benchmarks.undisturbed import undisturbed

INVOICES, LINES, FILE_SIZE = 200, 15, 30_000
# The first is not counted.
ROUNDS, BARE_SERVERS, BARE_TURNS = 4, 4, 3
ALLOWED = 4.5


def measure() -> Iterator[Figure]:
    took = run_inside("tests.benchmarks.bench_bridge", limits="off")
    yield Figure(
        name=f"{INVOICES} invoices of {LINES} lines with PDFs, {took['requests']} requests", unit="s",
        figure=undisturbed(took["ours"]), floor=undisturbed(took["bare"]), target=ALLOWED * undisturbed(took["bare"]),
    )  # fmt: skip
    yield Figure(
        name="of it waiting for PostgreSQL", unit="s",
        figure=undisturbed(took["waited"]), floor=undisturbed(took["bare"]), target=ALLOWED * undisturbed(took["bare"]),
    )  # fmt: skip
    yield Figure(
        name="SDK and commits alone", unit="s", figure=undisturbed(took["needed"]), floor=undisturbed(took["bare"]),
        target=ALLOWED * undisturbed(took["bare"]),
    )  # fmt: skip


def play() -> dict[str, Any]:
    from django.conf import settings  # noqa: PLC0415 Django first
    from django.test import override_settings  # noqa: PLC0415

    from tests.conftest import make_tenant  # noqa: PLC0415
    from tests.sending import company  # noqa: PLC0415
    from tests.xero_sandbox.company_client import Http  # noqa: PLC0415
    from tests.xero_sandbox.sandbox_process import SandboxProcess  # noqa: PLC0415

    tenant = make_tenant("acme")
    company(tenant, SandboxProcess(Http(settings.XERO_API_BASE_URL)), attach_pdf=True)
    customer = known_customer(tenant)
    ours, waited, bare, needed, requests = [], [], [], [], []
    for number in range(ROUNDS):
        prepare(tenant, customer)
        analyze()
        with (
            port_of(canned_xero) as port,
            override_settings(XERO_API_BASE_URL=f"http://127.0.0.1:{port}"),
            statement_seconds() as statements,
        ):
            took = seconds_to_deliver(tenant)
        requests, documents = requests_made(tenant), documents_sent(tenant)
        if number > 0:
            ours.append(took)
            waited.append(sum(statements))
            for _ in range(BARE_SERVERS):
                with port_of(canned_xero) as port:
                    turns = range(BARE_TURNS)
                    bare += [seconds_to_repeat(port, requests) for _ in turns]
                    needed += [seconds_of_sdk_and_commits(port, requests, documents) for _ in turns]
    return {"ours": ours, "waited": waited, "bare": bare, "needed": needed, "requests": len(requests)}


def known_customer(tenant: Any) -> Any:
    from freightbridge.tenancy.scope import tenant_scope  # noqa: PLC0415 Django first
    from integrations.models import ContactLink, XeroConnection  # noqa: PLC0415
    from tests.conftest import NOW  # noqa: PLC0415
    from tests.freight_factories import ChargeCodeFactory, CustomerFactory  # noqa: PLC0415

    with tenant_scope(tenant):
        customer, connection = CustomerFactory(), XeroConnection.objects.get()
        ChargeCodeFactory()
        ContactLink.objects.create(
            connection=connection, customer_code=customer.code, contact_id=connection.organisation_id,
            contact_name=customer.name, matched_by="created", matched_at=NOW,
        )  # fmt: skip
        return customer


def prepare(tenant: Any, customer: Any) -> None:
    """Approved and queued, each with its PDF."""
    from freightbridge.background_work.work_kinds import Work  # noqa: PLC0415 Django first
    from freightbridge.stored_files.store_file import store_file  # noqa: PLC0415
    from freightbridge.tenancy.scope import tenant_scope  # noqa: PLC0415
    from integrations.models import SendBatch, SyncJob  # noqa: PLC0415
    from integrations.outbox.provide_pdf import provide_pdf  # noqa: PLC0415
    from invoices.models import Invoice, Shipment, ShipmentCharge  # noqa: PLC0415
    from invoices.workflows.prepare_batch import prepare_batch  # noqa: PLC0415
    from tests.freight_factories import NOW, ChargeCodeFactory, ChargeFactory, ShipmentFactory  # noqa: PLC0415
    from tests.sending import click  # noqa: PLC0415

    with tenant_scope(tenant):
        Shipment.objects.bulk_create(ShipmentFactory.build_batch(INVOICES, bill_to=customer))
        code = ChargeCodeFactory()
        ShipmentCharge.objects.bulk_create(
            ChargeFactory.build(shipment=shipment, charge_code=code, unit_price=f"{100 + line}.50")
            for shipment in Shipment.objects.filter(charges=None)
            for line in range(LINES)
        )
    click(tenant)
    with tenant_scope(tenant):
        batch = SendBatch.objects.latest("pk")
    while prepare_batch(Work(tenant_id=tenant.pk, subject_id=batch.pk)):
        pass
    with tenant_scope(tenant):
        for invoice in Invoice.objects.filter(pdf=None):
            content = invoice.number.encode().ljust(FILE_SIZE)
            invoice.pdf = store_file(content, content_type="application/pdf", now=NOW)
            invoice.save(update_fields=["pdf"])
            provide_pdf(invoice_id=invoice.pk, stored_file_id=invoice.pdf.pk, now=NOW)
        assert SyncJob.objects.filter(state="queued").count() == INVOICES


def seconds_to_deliver(tenant: Any) -> float:
    """As a worker does it."""
    from freightbridge.tenancy.scope import tenant_scope  # noqa: PLC0415 Django first
    from integrations.job_states import JobState  # noqa: PLC0415
    from integrations.models import SyncJob  # noqa: PLC0415
    from integrations.outbox.deliver import deliver_due  # noqa: PLC0415

    began = time.perf_counter()
    while deliver_due(time.monotonic() + 60):
        pass
    took = time.perf_counter() - began
    with tenant_scope(tenant):
        left = SyncJob.objects.exclude(state=JobState.DONE).values_list("state", "step", "problems")
        assert not left, left[:3]
    return took


def requests_made(tenant: Any) -> list[tuple[str, str, dict[str, str], bytes]]:
    """Of the last round: method, path, headers and the very bytes."""
    from freightbridge.tenancy.scope import tenant_scope  # noqa: PLC0415 Django first
    from integrations.models import SyncAttempt  # noqa: PLC0415

    with tenant_scope(tenant):
        newest = SyncAttempt.objects.filter(members__job__batch__pk=_last_batch()).distinct().order_by("pk")
        return [
            (one.method, one.path, _headers(one), bytes(one.body) or bytes(one.members.get().job.pdf.content))
            for one in newest
        ]


def documents_sent(tenant: Any) -> list[Any]:
    """Of the last round, mapped, in the order of the calls that created them."""
    from freightbridge.tenancy.scope import tenant_scope  # noqa: PLC0415 Django first
    from integrations.models import AttemptMember  # noqa: PLC0415
    from integrations.outbox.steps.create_step import mapped_of  # noqa: PLC0415

    with tenant_scope(tenant):
        created = AttemptMember.objects.filter(attempt__step="create", job__batch__pk=_last_batch())
        return [mapped_of(one.job) for one in created.select_related("job").order_by("attempt", "position")]


def _last_batch() -> int:
    from integrations.models import SendBatch  # noqa: PLC0415 Django first

    return int(SendBatch.objects.latest("pk").pk)


def _headers(attempt: Any) -> dict[str, str]:
    content_type = "application/json" if attempt.body else "application/pdf"
    return {
        "Accept": "application/json", "Authorization": f"Bearer {'x' * 1000}", "User-Agent": "FreightBridge",
        "Content-Type": content_type, "Idempotency-Key": attempt.idempotency_key, "xero-tenant-id": "x" * 36,
    }  # fmt: skip


def seconds_to_repeat(port: int, requests: list[tuple[str, str, dict[str, str], bytes]]) -> float:
    with urllib3.PoolManager(maxsize=1) as pool:
        began = time.perf_counter()
        for method, path, headers, body in requests:
            answer = pool.request(method, f"http://127.0.0.1:{port}{path}", headers=headers, body=body)
            assert answer.status == HTTPStatus.OK, answer.data[:200]
        return time.perf_counter() - began


if __name__ == "__main__":
    tell_inside(play) if is_inside() else tell(measure())
