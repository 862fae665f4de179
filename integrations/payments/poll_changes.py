"""Asks Xero what changed since the last time: one call a page, whatever is open; details only where money moved."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from freightbridge.background_work.enqueue_work import enqueue_work, has_work
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.tenants_clock import tell_moment
from integrations.accounting_log.write_entry import counted, quiet_entry
from integrations.connection.log_failed_reading import log_failed_reading
from integrations.connection.quiet_connection import next_reading_at
from integrations.connection.read_from_xero import ReadPostponedError, XeroReader, reading_turn
from integrations.job_states import Direction
from integrations.lanes.claim_lane import LaneLostError, held_scope
from integrations.models import ConnectionSettings, XeroConnection
from integrations.payments.fetch_settlements import fetch_invoices
from integrations.payments.record_changes import is_news, known_documents, record_changes
from integrations.payments.settlement import Settlement, settlement_of_credit_note, settlement_of_invoice
from integrations.payments.sweep_unsettled import SWEEP_UNSETTLED

# Xero counts in whole seconds, and its clock is not ours.
OVERLAP = timedelta(minutes=2)


def check_payments(work: Work) -> Again | None:
    """Background work on a connection. Nothing to do while it is not connected."""
    try:
        with reading_turn(tenant_id=work.tenant_id, connection_id=work.subject_id) as reader:
            return Again(at=_poll(reader))
    except ReadPostponedError as error:
        what = "Payments were not checked"
        log_failed_reading(error, work, event="check failed", direction=Direction.POLL, what=what)
        return Again(at=error.retry_at) if error.retry_at else None
    except LaneLostError:
        return Again(at=read_clock())


def checking_gave_up(work: Work, reason: str) -> None:
    """Nothing is lost: the next check, by button or after reconnecting, begins where the last good one ended."""
    del work, reason


def _poll(reader: XeroReader) -> datetime:
    """When to ask again."""
    with held_scope(reader.held) as started_at:
        connection = XeroConnection.objects.select_related("tenant").get(pk=reader.held.connection_id)
    since = connection.payments_checked_at or connection.connected_at
    moment = since - OVERLAP if since else None
    told = tell_moment(moment, connection.tenant) if moment else None
    invoices = reader.read_pages("Invoices", modified_since=moment, summaryOnly="true")
    changed = [settlement_of_invoice(element) for element in invoices]
    invoice_count = len(changed)
    notes = reader.read_pages("CreditNotes", modified_since=moment)
    changed += [settlement_of_credit_note(element) for element in notes]
    detailed = {one.xero_id: one for one in _details(reader, changed)} if changed else {}
    with held_scope(reader.held) as now:
        settled = [detailed.get(one.xero_id, one) for one in changed]
        text = _asked(told, invoice_count, len(changed) - invoice_count)
        quiet = quiet_entry(connection.pk, direction=Direction.POLL, text=text, calls=reader.calls, now=now)
        record_changes(connection.pk, settled, now=now, otherwise=quiet)
        XeroConnection.objects.filter(pk=connection.pk).update(payments_checked_at=started_at)
        if not has_work(SWEEP_UNSETTLED, connection.pk):
            enqueue_work(SWEEP_UNSETTLED, [connection.pk], now=now)
        minutes = ConnectionSettings.objects.get(connection=connection.pk).check_payments_minutes
        return next_reading_at(connection.pk, every=timedelta(minutes=minutes), now=now)


def _asked(since: str | None, invoices: int, notes: int) -> str:
    """As the log says it where nothing was new."""
    asked = f"Asked what changed since {since}" if since else "Asked for everything"
    return f"{asked}: {counted(invoices, 'invoice')} and {counted(notes, 'credit note')} came, nothing new."


def _details(reader: XeroReader, changed: list[Settlement]) -> Iterator[Settlement]:
    """A summary leaves the single payments out; they are read for documents of ours whose money moved."""
    with held_scope(reader.held):
        known = known_documents(reader.held.connection_id, changed)
    wanted = [
        one.xero_id
        for one in changed
        if one.payments is None and one.xero_id in known and one.amount_settled and is_news(known[one.xero_id], one)
    ]
    yield from fetch_invoices(reader, wanted)
