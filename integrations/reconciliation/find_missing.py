"""What should have stood in Xero's lists and did not, and what Xero has not said anything clear about for long."""

from datetime import datetime

from freightbridge.current_times import current_times
from integrations.connection.read_from_xero import XeroReader
from integrations.connection.reconcile_times import ReconcileTimes
from integrations.job_states import BreakKind, DocumentState
from integrations.lanes.claim_lane import held_scope
from integrations.mapping.source import DocumentKind
from integrations.models import LedgerComparison, XeroDocument
from integrations.outbox.find_in_xero import found_by_id
from integrations.reconciliation.compare_page import compare_page
from integrations.reconciliation.load_sent import unseen_since
from integrations.reconciliation.record_breaks import Finding, open_breaks, record_breaks
from integrations.xero_gateway.gateway import PATHS

# Asked for by their ids, the credit notes and quotes one by one; more than a few would be odd. The rest comes tomorrow.
MOST_ASKED = 100


def find_missing(reader: XeroReader, comparison: LedgerComparison) -> None:
    """Asks for each by its id: only that proves that it is not there. Raises ReadPostponedError, LaneLostError."""
    times, connection_id = current_times(ReconcileTimes), reader.held.connection_id
    began_at = comparison.began_at or comparison.changed_since
    if began_at is None:
        return
    with held_scope(reader.held):
        sent_from = began_at - times.week
        unseen = unseen_since(connection_id, sent_from=sent_from, began_at=began_at - times.settled_for)
        asked = list(unseen.order_by("compared_at", "pk")[:MOST_ASKED])
    found = found_by_id(reader, asked)
    with held_scope(reader.held) as now:
        for path in sorted({PATHS[DocumentKind(one.kind)] for one in asked}):
            members = [one for one in asked if PATHS[DocumentKind(one.kind)] == path]
            compare_page(connection_id, path, [element for one in members for element in found[one.pk]], now=now)
        missing = [one for one in asked if not found[one.pk]]
        known = open_breaks(connection_id).filter(kind=BreakKind.MISSING, document__in=[one.pk for one in missing])
        record_breaks(connection_id, [_finding(one, BreakKind.MISSING) for one in missing], looked_at=known, now=now)


def tell_unanswered(connection_id: int, *, now: datetime) -> None:
    """In `held_scope`. A person should know of an outcome that has not been clear for long."""
    since = now - current_times(ReconcileTimes).unknown_for
    unanswered = XeroDocument.objects.filter(
        connection=connection_id, state=DocumentState.UNKNOWN, unknown_since__lt=since
    )
    findings = [_finding(one, BreakKind.NO_ANSWER) for one in unanswered]
    known = open_breaks(connection_id).filter(kind=BreakKind.NO_ANSWER)
    record_breaks(connection_id, findings, looked_at=known, now=now)


def _finding(document: XeroDocument, kind: BreakKind) -> Finding:
    return Finding(
        kind=kind,
        document_id=document.pk,
        xero_id=str(document.xero_id or ""),
        document_kind=document.kind,
        number=document.number,
        currency=document.currency,
    )
