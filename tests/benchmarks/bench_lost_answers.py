"""What lost answers cost: requests on the wire for each that is needed, while one answer of every ten is lost.

The same number of documents goes twice from the outbox to a sandbox, by the delivery's own code and over HTTP: once
undisturbed, which tells how many calls they need, and once while Xero does what it is asked and then says nothing.
Waiting times are a sixtieth of the real ones, as in the fault campaign, so that a call and a minute stand to each
other as in production. The floor is what repeats alone would cost: of ten calls nine are answered, so each needs 1/0.9.
"""

import random
import time
from collections.abc import Iterator
from typing import Any

from tests.benchmarks.figures import Figure, tell
from tests.benchmarks.scratch_program import is_inside, run_inside, tell_inside

CUSTOMERS, SHIPMENTS_EACH = 10, 30
OF_EVERY, FASTER = 10, "60"
ALLOWED = 1.22
# Of rules that lose an answer: as many calls are befallen as no round makes.
LOSSES = 200
ROUND_SECONDS = 300
ACCOUNTING = "/api.xro/2.0/"
SEED = 7


def measure() -> Iterator[Figure]:
    counted = run_inside("tests.benchmarks.bench_lost_answers", limits="off", settings={"DELIVERY_TIME_SCALE": FASTER})
    floor = OF_EVERY / (OF_EVERY - 1)
    yield Figure(
        name=f"requests for each call of {counted['documents']} documents, {counted['lost']} answers lost",
        unit="requests", figure=counted["requests"] / counted["calls"], floor=floor, target=ALLOWED,
    )  # fmt: skip
    # Beside one document for each.
    yield Figure(
        name="documents that stand in Xero, for each sent", unit="documents",
        figure=counted["in_xero"] / (2 * counted["documents"]), floor=1.0, target=1.0,
    )  # fmt: skip


def send_twice() -> dict[str, int]:
    from django.conf import settings  # noqa: PLC0415 Django first

    from tests.conftest import make_tenant  # noqa: PLC0415
    from tests.sending import Calls, company  # noqa: PLC0415
    from tests.xero_sandbox.company_client import Http  # noqa: PLC0415
    from tests.xero_sandbox.sandbox_process import SandboxProcess  # noqa: PLC0415

    xero, tenant = SandboxProcess(Http(settings.XERO_API_BASE_URL)), make_tenant("acme")
    company(tenant, xero, attach_pdf=True)
    calls = Calls(xero)
    send_month(tenant)
    needed = len(calls.entries())
    calls.forget()
    lose_answers(xero)
    send_month(tenant)
    made = calls.entries()
    xero.admin("faults", {"rules": []})
    return {
        "documents": CUSTOMERS * SHIPMENTS_EACH,
        "calls": needed,
        "requests": len(made),
        "lost": sum("lost_answer" in entry["faults"] for entry in made),
        "in_xero": standing(tenant, xero),
    }


def lose_answers(xero: Any) -> None:
    """One of each ten in turn, drawn, so that none of the steps is always spared."""
    draw = random.Random(SEED)  # noqa: S311 no secret
    rules = [
        {"fault": "lost_answer", "path": ACCOUNTING, "skip": OF_EVERY * ten + draw.randrange(OF_EVERY), "times": 1}
        for ten in range(LOSSES)
    ]
    xero.admin("faults", {"rules": rules})


def standing(tenant: Any, xero: Any) -> int:
    """How many documents of ours, drafts and deleted ones too; it fails where one is not as we sent it."""
    from freightbridge.tenancy.scope import tenant_scope  # noqa: PLC0415 Django first
    from invoices.demo.compare_books import compare_books  # noqa: PLC0415
    from tests.sending import ours_in_xero  # noqa: PLC0415

    with tenant_scope(tenant):
        compared = compare_books(xero.admin("documents", organisation="AU")["documents"], wants_pdfs=False)
    assert not compared.mismatches, f"{len(compared.mismatches)} differ, such as {compared.mismatches[0]}"
    all_sent = 2 * CUSTOMERS * SHIPMENTS_EACH
    assert (compared.documents, compared.attached) == (all_sent, all_sent), f"{compared} of {all_sent}"
    files = ours_in_xero(xero, "attachments")
    assert all(len(several) == 1 for several in files), "a PDF stands there twice, or not at all"
    return len(files)


def send_month(tenant: Any) -> None:
    """New shipments of new customers, with files in the place of PDFs, until each is in Xero."""
    from freightbridge.tenancy.scope import tenant_scope  # noqa: PLC0415 Django first
    from integrations.job_states import OPEN_STATES  # noqa: PLC0415
    from integrations.models import SyncJob, XeroConnection  # noqa: PLC0415
    from tests.sending import click, deliver, shipments, store_pdfs  # noqa: PLC0415

    for _ in range(CUSTOMERS):
        shipments(tenant, *["1250.00"] * SHIPMENTS_EACH)
    with tenant_scope(tenant):
        # As if some hours lay between: what is known of the contacts is old.
        XeroConnection.objects.update(contacts_read_at=None)
    click(tenant)
    deadline = time.monotonic() + ROUND_SECONDS
    while True:
        deliver()
        store_pdfs(tenant)
        with tenant_scope(tenant):
            if not SyncJob.objects.filter(state__in=OPEN_STATES).exists():
                return
        assert time.monotonic() < deadline, "not everything was sent"
        time.sleep(0.02)


if __name__ == "__main__":
    tell_inside(send_twice) if is_inside() else tell(measure())
