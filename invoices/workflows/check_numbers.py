"""Our number series against Xero (F57): what is held there is read, so that no series gives a number a second time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import tenant_scope
from integrations.accounting_log.write_entry import connection_entry, write_entries
from integrations.connection.connection_work import ASSESS_SHIPMENTS, CHECK_NUMBERS
from integrations.connection.read_from_xero import ReadPostponedError, XeroReader, reading_turn
from integrations.job_states import LogResult
from integrations.lanes.claim_lane import LaneLostError
from integrations.models import NumberCheck, XeroConnection
from invoices.domain.held_numbers import highest, runs_of, to_json
from invoices.models.invoice import InvoiceKind
from invoices.workflows.judge_series import series_of, taken_series

NOT_CONNECTED = "The organisation is not connected."


@dataclass(frozen=True, slots=True)
class Numbered:
    """Where documents of a kind are listed, how their number is called there, and what tells the kind."""

    resource: str
    field: str
    kind: str

    def query(self, prefix: str) -> dict[str, str]:
        """
        `where` with StartsWith on what is not null: developer.xero.com/documentation/api/accounting/
        requests-and-responses ("Filters"). Quotes take none (documentation/api/accounting/quotes), so all are read;
        summaryOnly is of invoices alone.
        """
        if not self.kind:
            return {}
        where = f'Type=="{self.kind}" AND {self.field}!=null AND {self.field}.StartsWith("{prefix}")'
        summary = {"summaryOnly": "true"} if self.resource == "Invoices" else {}
        return {"where": where, "order": f"{self.resource[:-1]}ID", **summary}


NUMBERED = {
    InvoiceKind.SALES_INVOICE: Numbered("Invoices", "InvoiceNumber", "ACCREC"),
    InvoiceKind.SALES_CREDIT_NOTE: Numbered("CreditNotes", "CreditNoteNumber", "ACCRECCREDIT"),
    InvoiceKind.BILL_CREDIT_NOTE: Numbered("CreditNotes", "CreditNoteNumber", "ACCPAYCREDIT"),
    InvoiceKind.QUOTE: Numbered("Quotes", "QuoteNumber", ""),
}


def ask_for_check(connection: XeroConnection, *, by: str, now: datetime) -> None:
    """In the tenant's scope, of every series that it takes numbers from."""
    if _begin(connection, by=by, now=now):
        enqueue_work(CHECK_NUMBERS, [connection.pk], now=now)
        if by:
            record_event(action="number check asked for", subject=connection, by=by, now=now)


def _begin(connection: XeroConnection, *, by: str, now: datetime) -> bool:
    """False: there are no series. What was known stays until it is read anew."""
    all_series = series_of(connection)
    NumberCheck.objects.filter(connection=connection).exclude(series__in=all_series).delete()
    for series in all_series:
        asked = {"asked_by": by, "asked_at": now, "is_under_way": True, "seen_count": 0, "failure": ""}
        check, _ = NumberCheck.objects.get_or_create(
            connection=connection, series=series, defaults={"prefix": series.prefix, **asked}
        )
        if check.prefix != series.prefix:
            asked |= {"prefix": series.prefix, "known_at": None, "prefixed_count": 0, "held": []}
        NumberCheck.objects.filter(pk=check.pk).update(**asked)
    return bool(all_series)


def check_numbers(work: Work) -> Again | None:
    """Background work on a connection: after connecting, after a change, and when somebody asks."""
    with tenant_scope(work.tenant_id):
        connection = XeroConnection.objects.get(pk=work.subject_id)
        if not connection.is_usable:
            _end(connection, failure=NOT_CONNECTED)
            return None
        if not _under_way(connection):
            _begin(connection, by="", now=read_clock())
        waiting = _under_way(connection)
    if not waiting:
        return None
    try:
        with reading_turn(tenant_id=work.tenant_id, connection_id=work.subject_id) as reader:
            numbers = {check.pk: list(_numbers(reader, check, work)) for check in waiting}
    except ReadPostponedError as error:
        if error.retry_at is not None:
            return Again(at=error.retry_at)
        checking_numbers_gave_up(work, str(error))
        return None
    except LaneLostError:
        return Again(at=read_clock())
    with tenant_scope(work.tenant_id):
        _write(connection, waiting, numbers, now=read_clock())
    return None


def checking_numbers_gave_up(work: Work, reason: str) -> None:
    with tenant_scope(work.tenant_id):
        _end(XeroConnection.objects.get(pk=work.subject_id), failure=reason)


def _under_way(connection: XeroConnection) -> list[NumberCheck]:
    waiting = NumberCheck.objects.filter(connection=connection, is_under_way=True).select_related("series")
    return list(waiting.order_by("id"))


def _end(connection: XeroConnection, *, failure: str) -> None:
    waiting = NumberCheck.objects.filter(connection=connection, is_under_way=True)
    waiting.update(is_under_way=False, failure=failure[:300])


def _numbers(reader: XeroReader, check: NumberCheck, work: Work) -> Iterator[str]:
    """Page by page; how many were looked at is written for the page that people watch."""
    numbered = NUMBERED[InvoiceKind(check.series.kind)]
    with tenant_scope(work.tenant_id):
        NumberCheck.objects.filter(pk=check.pk).update(seen_count=0)
    query: dict[str, str | int] = {**numbered.query(check.prefix)}
    page, has_more = 1, True
    while has_more:
        elements, has_more = reader.read_page(numbered.resource, page, modified_since=None, **query)
        with tenant_scope(work.tenant_id):
            NumberCheck.objects.filter(pk=check.pk).update(seen_count=F("seen_count") + len(elements))
        yield from (str(element.get(numbered.field) or "") for element in elements)
        page += 1


def _write(
    connection: XeroConnection, checks: list[NumberCheck], numbers: dict[int, list[str]], *, now: datetime
) -> None:
    """A series whose prefix was changed meanwhile has been asked about anew, and waits for that answer."""
    before, told = taken_series(connection), []
    for check in checks:
        runs = runs_of(numbers[check.pk], prefix=check.prefix)
        top = highest(runs)
        start = check.prefix.casefold()
        NumberCheck.objects.filter(pk=check.pk, prefix=check.prefix).update(
            is_under_way=False,
            known_at=now,
            failure="",
            prefixed_count=sum(number.casefold().startswith(start) for number in numbers[check.pk]),
            held=to_json(runs),
        )
        told.append(f"{check.prefix} up to {top.text(check.prefix)}" if top else f"none with {check.prefix}")
    text = f"Numbers read from Xero: {', '.join(told)}."
    actor = checks[0].asked_by
    entry = connection_entry(
        connection, result=LogResult.DONE, event="numbers checked", text=text, now=now, actor=actor
    )
    write_entries([entry])
    if taken_series(connection) != before:
        enqueue_work(ASSESS_SHIPMENTS, [connection.pk], now=now)
