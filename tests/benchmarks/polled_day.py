"""A day of two clocks, ours and the sandbox's, in which everything that is due about payments is done."""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.run_due_work import next_due_at
from freightbridge.background_work.work_kinds import Queue
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.connection_work import CHECK_PAYMENTS, KEEP_GRANT_ALIVE, REFRESH_REFERENCE_DATA
from integrations.job_states import DocumentState, MoneyState
from integrations.models import XeroDocument
from integrations.payments.sweep_unsettled import SWEEP_UNSETTLED
from tests.conftest import make_tenant
from tests.virtual_database_clock import VirtualClock, virtual_database_clock
from tests.xero_company import connect, run_queue
from tests.xero_fixtures import HOSTS
from tests.xero_sandbox.company_client import Company, Http
from tests.xero_sandbox.sandbox_process import SandboxProcess, start_process, stop_process

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# Of what is open, so much is paid in a day.
PAID_SHARE = 15
BATCH = 50
# What a day is counted of. The comparison of the ledgers is not: it asks for what was sent, not for payments.
ASKED = [CHECK_PAYMENTS, SWEEP_UNSETTLED, REFRESH_REFERENCE_DATA, KEEP_GRANT_ALIVE]
API = "/api.xro/2.0/"
LINE = {"Description": "Freight", "Quantity": 1, "UnitAmount": 100, "AccountCode": "200", "TaxType": "OUTPUT"}


@dataclass(slots=True)
class Books:
    tenant: Tenant
    organisation: str
    xero_ids: list[str]
    paid: int = 0


def polled_day(sizes: Sequence[int]) -> list[dict[str, int]]:
    """For each size, the calls of a day by what they ask."""
    with _sandbox() as sandbox:
        organisations = sandbox.admin("organisations/copies", {"like": "AU", "count": len(sizes)})["organisations"]
        with virtual_database_clock(sandbox.now()) as clock:
            books = [_open_books(sandbox, one["id"], size) for one, size in zip(organisations, sizes, strict=True)]
            _move(sandbox, clock, clock.now + HOUR)
            for one in books:
                _connect(sandbox, one)
            sandbox.admin("limits", {"limits": "real"})
            since = sandbox.admin("journal", limit=1_000_000)["entries"][-1]["number"]
            _live(sandbox, clock, books)
        return [_counts(sandbox, one, since) for one in books]


def _live(sandbox: SandboxProcess, clock: VirtualClock, books: list[Books]) -> None:
    """From one moment at which something is due to the next."""
    began = clock.now
    while clock.now <= began + DAY:
        for one in books:
            _pay(sandbox, one, part=(clock.now - began) / DAY)
        run_queue(Queue.POLL)
        due_at = next_due_at(Queue.POLL)
        assert due_at is not None
        _move(sandbox, clock, max(due_at, clock.now + timedelta(milliseconds=1)))


def _pay(sandbox: SandboxProcess, books: Books, *, part: float) -> None:
    """What people in Xero enter, evenly through the day."""
    wanted = int(len(books.xero_ids) / PAID_SHARE * part)
    while books.paid < wanted:
        sandbox.act("pay", books.organisation, document=books.xero_ids[books.paid])
        books.paid += 1


def _counts(sandbox: SandboxProcess, books: Books, since: int) -> dict[str, int]:
    query = {"limit": 1_000_000, "organisation": books.organisation, "since": since, "path": API}
    paid = set(books.xero_ids[: books.paid])
    return dict(Counter(_asks(one, paid) for one in sandbox.admin("journal", **query)["entries"]))


def _asks(entry: dict[str, Any], paid: set[str]) -> str:
    """The daily look takes those that nobody has paid."""
    path, query = entry["path"].removeprefix(API), entry["query"]
    if path == "Invoices" and "ids" in query:
        return "details" if paid.issuperset(query["ids"].split(",")) else "sweep"
    if path == "Invoices" and "if-modified-since" in entry["headers"]:
        return "invoices"
    return "credit notes" if path == "CreditNotes" else "others"


def _move(sandbox: SandboxProcess, clock: VirtualClock, moment: datetime) -> None:
    clock.set(moment)
    sandbox.admin("clock", {"set": moment.isoformat()})


def _connect(sandbox: SandboxProcess, books: Books) -> None:
    connection = connect(books.tenant, sandbox, books.organisation)
    with tenant_scope(books.tenant):
        XeroDocument.objects.bulk_create(
            XeroDocument(
                connection=connection, kind="sales invoice", identity=uuid.uuid4().hex[:26], xero_id=xero_id,
                state=DocumentState.IN_XERO, number=f"P-{number}", xero_status="AUTHORISED", currency="AUD",
                total=Decimal(110), amount_due=Decimal(110), amount_paid=Decimal(0), amount_credited=Decimal(0),
                money_state=MoneyState.UNPAID,
            )
            for number, xero_id in enumerate(books.xero_ids)
        )  # fmt: skip
        WorkItem.objects.exclude(kind__in=ASKED).delete()


def _open_books(sandbox: SandboxProcess, organisation: str, size: int) -> Books:
    tokens = sandbox.admin("grants", {"organisations": [organisation]})
    company = Company(http=sandbox.http, organisation_id=organisation, tokens=tokens)
    xero_ids: list[str] = []
    for first in range(0, size, BATCH):
        invoices = [_invoice(number) for number in range(first, min(first + BATCH, size))]
        xero_ids += [one["InvoiceID"] for one in company.put("Invoices", {"Invoices": invoices}).json["Invoices"]]
    return Books(make_tenant(f"open-{size}"), organisation, xero_ids)


def _invoice(number: int) -> dict[str, Any]:
    return {
        "Type": "ACCREC", "InvoiceNumber": f"P-{number}", "Contact": {"Name": "Coral Coast Imports"},
        "Date": "2026-11-20", "DueDate": "2026-12-20", "Status": "AUTHORISED", "LineItems": [LINE],
    }  # fmt: skip


@contextmanager
def _sandbox() -> Iterator[SandboxProcess]:
    process, url = start_process("--clock", "virtual", "--limits", "off")
    for host in HOSTS:
        setattr(settings, f"XERO_{host}_BASE_URL", url)
    try:
        yield SandboxProcess(Http(url))
    finally:
        stop_process(process)
