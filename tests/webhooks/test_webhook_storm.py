"""A storm: thousands of events, a fifth of them replayed, all shuffled, some forged. Each has its effect once."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import requests

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Queue
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import AccountingLogEntry, WebhookEvent, XeroConnection, XeroDocument
from integrations.webhooks import route_events
from tests.journeys.running_system import web, worker
from tests.sending import Calls, company
from tests.webhooks.xero_messages import ADDRESS, KEY, event, message, signed
from tests.xero_company import run_queue
from tests.xero_sandbox.company_client import Company, line, sales_invoice
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everything_polled")]
REPLAYED, FORGED = 0.2, 0.05
# Delivery too: it says that nothing waits to be sent, for which polling would leave room.
QUEUES = (Queue.INTERACTIVE, Queue.BULK, Queue.POLL)
IN_A_CALL, MOST_IN_A_MESSAGE, SENDERS = 50, 8, 4
SMALL = pytest.param(200, id="small")
FULL = pytest.param(10_000, id="full", marks=[pytest.mark.campaign, pytest.mark.timeout(1800)])


@dataclass(frozen=True)
class Delivery:
    body: bytes
    is_forged: bool


@dataclass(frozen=True)
class Heard:
    status: int
    length: int
    seconds: float
    is_forged: bool


@pytest.mark.parametrize("size", [SMALL, FULL])
def test_each_effect_once_and_forgeries_refused(
    tenant: Tenant, xero: SandboxProcess, monkeypatch: pytest.MonkeyPatch, size: int, capsys: Any
) -> None:
    monkeypatch.setenv("XERO_WEBHOOK_KEY", KEY)
    monkeypatch.setattr(route_events, "DEBOUNCE", timedelta(0))
    company(tenant, xero)
    with tenant_scope(tenant):
        # Only webhooks may tell what is paid.
        WorkItem.objects.all().delete()
    ids = paid_invoices(tenant, xero, size)
    rng = random.Random(12)  # noqa: S311 a repeatable storm
    told, forged = ids[int(size * FORGED) :], ids[: int(size * FORGED)]
    storm = deliveries(told, forged, organisation=xero.organisation_id("AU"), rng=rng)
    calls = Calls(xero)

    with ExitStack() as system:
        url = system.enter_context(web(xero_url=xero.url))
        if size > 1000:
            system.enter_context(worker(xero_url=xero.url, public_url=url))
        # As Xero begins, and so that no event waits for the first start of the pages.
        send(f"{url}{ADDRESS}", [Delivery(message(), is_forged=False)])
        half = len(storm) // 2
        heard = send(f"{url}{ADDRESS}", storm[:half])
        run_queue(*QUEUES)
        heard += send(f"{url}{ADDRESS}", storm[half:])
        settle()

    assert Counter((one.status, one.length) for one in heard if one.is_forged).keys() == {(401, 0)}
    assert Counter((one.status, one.length) for one in heard if not one.is_forged).keys() == {(200, 0)}
    assert WebhookEvent.objects.count() == len(told)
    with tenant_scope(tenant):
        states = dict(XeroDocument.objects.values_list("xero_id", "money_state"))
        facts = Counter(AccountingLogEntry.objects.filter(event="payment").values_list("document__xero_id", flat=True))
    assert states == {**dict.fromkeys(told, "paid"), **dict.fromkeys(forged, "unpaid")}
    assert facts == Counter(told)
    seconds = sorted(one.seconds for one in heard)
    if size > 1000:
        assert (at_part(seconds, 0.99) < 0.5, seconds[-1] < 5) == (True, True)
    with capsys.disabled():
        print(figures(size, seconds, len(calls.entries(path="Invoices"))))  # noqa: T201 a campaign's report


def paid_invoices(tenant: Tenant, xero: SandboxProcess, count: int) -> list[UUID]:
    """Known here as unpaid, paid in Xero since, which no poll has seen."""
    app = xero.connect("AU")
    ids = [UUID(key) for some in bundles(range(count), IN_A_CALL) for key in _make(app, len(some))]
    for some in bundles(ids, IN_A_CALL):
        payments = [
            {"Invoice": {"InvoiceID": str(one)}, "Account": {"Code": "090"}, "Date": "2026-11-21", "Amount": "10.00"}
            for one in some
        ]
        assert app.put("Payments", {"Payments": payments}).status == 200
    with tenant_scope(tenant):
        connection = XeroConnection.objects.get()
        XeroDocument.objects.bulk_create(
            XeroDocument(
                connection=connection, kind="sales invoice", identity=f"{number:08d}", state="in xero", xero_id=one,
                xero_status="AUTHORISED", money_state="unpaid", currency="AUD", total=Decimal("10.00"),
            )
            for number, one in enumerate(ids)
        )  # fmt: skip
    return ids


def _make(app: Company, count: int) -> list[str]:
    lines = [line(UnitAmount=10, TaxType="EXEMPTOUTPUT")]
    invoices = [sales_invoice(Status="AUTHORISED", LineItems=lines) for _ in range(count)]
    reply = app.put("Invoices", {"Invoices": invoices})
    assert reply.status == 200, reply.text
    return [one["InvoiceID"] for one in reply.json["Invoices"]]


def deliveries(told: list[UUID], forged: list[UUID], *, organisation: str, rng: random.Random) -> list[Delivery]:
    """Events of forged messages stand in no other: only a broken check could give them an effect."""
    good = told + rng.sample(told, int(len(told) * REPLAYED))
    bad = list(forged)
    made = [
        Delivery(message(*(event(resourceId=str(one), tenantId=organisation) for one in some)), is_forged)
        for ids, is_forged in ((good, False), (bad, True))
        for some in mixed_bundles(ids, rng)
    ]
    rng.shuffle(made)
    return made


def mixed_bundles(ids: list[UUID], rng: random.Random) -> Iterator[list[UUID]]:
    rng.shuffle(ids)
    while ids:
        size = rng.randint(1, MOST_IN_A_MESSAGE)
        yield ids[:size]
        del ids[:size]


def bundles(members: Any, size: int) -> Iterator[Any]:
    for start in range(0, len(members), size):
        yield members[start : start + size]


def send(url: str, storm: list[Delivery]) -> list[Heard]:
    """Four at once."""
    with ThreadPoolExecutor(SENDERS) as senders, requests.Session() as session:
        return list(senders.map(lambda delivery: post(session, url, delivery), storm))


def post(session: requests.Session, url: str, delivery: Delivery) -> Heard:
    headers = {
        "x-xero-signature": signed(delivery.body, f"not {KEY}" if delivery.is_forged else KEY),
        "Content-Type": "application/json; charset=utf-8",
    }
    started = time.perf_counter()
    reply = session.post(url, delivery.body, headers=headers, timeout=30)
    return Heard(reply.status_code, len(reply.content), time.perf_counter() - started, delivery.is_forged)


def settle() -> None:
    """Until everything that was kept is looked into, here or by the worker."""
    give_up_at = time.monotonic() + 600
    while WebhookEvent.objects.filter(settled_at=None).exists():
        assert time.monotonic() < give_up_at
        run_queue(*QUEUES)
        time.sleep(0.1)


def figures(size: int, seconds: list[float], calls: int) -> str:
    median, late = at_part(seconds, 0.5) * 1000, at_part(seconds, 0.99) * 1000
    return (
        f"\n{size} events in {len(seconds)} messages: acknowledged in {median:.0f} ms at the median, {late:.0f} ms at "
        f"the 99th percentile, {seconds[-1] * 1000:.0f} ms at most; {calls} calls to Xero"
    )


def at_part(ordered: list[float], part: float) -> float:
    return ordered[int(len(ordered) * part)]
