"""
Holds everything that was sent against everything in Xero: every half hour what changed, once a day a whole week.

Each turn in the lane reads a few pages and then lets others go on; where it stopped stands in the work's cursor.
"""

from datetime import datetime

from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.current_times import current_times
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.quiet_connection import next_reading_at
from integrations.connection.read_from_xero import ReadPostponedError, XeroReader, reading_turn
from integrations.connection.reconcile_times import ReconcileTimes
from integrations.lanes.claim_lane import LaneLostError, held_scope
from integrations.mapping.source import DocumentKind
from integrations.models import LedgerComparison, XeroDocument
from integrations.outbox.find_in_xero import ORDERS
from integrations.reconciliation.compare_page import compare_page
from integrations.reconciliation.find_missing import find_missing, tell_unanswered
from integrations.xero_gateway.gateway import PATHS

LISTS = list(ORDERS)
PAGES_IN_A_TURN = 3
# A list has fewer pages than this.
PLACES = 1_000_000


def compare_ledgers(work: Work) -> Again | None:
    """Background work on a connection. Nothing to do while it is not connected."""
    try:
        with reading_turn(tenant_id=work.tenant_id, connection_id=work.subject_id) as reader:
            cursor = _compare_some(reader, work.cursor)
    except ReadPostponedError as error:
        return Again(at=error.retry_at, cursor=work.cursor) if error.retry_at else None
    except LaneLostError:
        return Again(at=read_clock(), cursor=work.cursor)
    with tenant_scope(work.tenant_id):
        now, every = read_clock(), current_times(ReconcileTimes).every
        next_at = now if cursor else next_reading_at(work.subject_id, every=every, now=now)
    return Again(at=next_at, cursor=cursor)


def comparing_gave_up(work: Work, reason: str) -> None:
    """Nothing is lost: the next look in at Xero sets it going again, where the last good one ended."""
    del work, reason


def _compare_some(reader: XeroReader, cursor: int) -> int:
    """Returns where to go on; 0: all is compared."""
    comparison = _begin(reader) if cursor == 0 else _standing(reader)
    for _ in range(PAGES_IN_A_TURN):
        place, page = divmod(cursor, PLACES)
        lists = _lists(reader)
        if place >= len(lists):
            _finish(reader, comparison)
            return 0
        has_more = _compare_page(reader, lists[place], page + 1, comparison)
        cursor = cursor + 1 if has_more else (place + 1) * PLACES
    return cursor


def _begin(reader: XeroReader) -> LedgerComparison:
    times = current_times(ReconcileTimes)
    with held_scope(reader.held) as now:
        comparison, _ = LedgerComparison.objects.get_or_create(connection_id=reader.held.connection_id)
        week_at = comparison.week_compared_at
        comparison.began_at = now
        comparison.is_of_week = week_at is None or now - week_at >= times.week_every
        comparison.changed_since = _changed_since(comparison, now=now)
        comparison.save()
    return comparison


def _changed_since(comparison: LedgerComparison, *, now: datetime) -> datetime | None:
    """None: from the first document on."""
    times = current_times(ReconcileTimes)
    if comparison.compared_until is None:
        return None
    since = comparison.compared_until - times.overlap
    return min(since, now - times.week) if comparison.is_of_week else since


def _standing(reader: XeroReader) -> LedgerComparison:
    with held_scope(reader.held):
        return LedgerComparison.objects.get(connection=reader.held.connection_id)


def _lists(reader: XeroReader) -> list[str]:
    """Only those in which something of ours can stand."""
    with held_scope(reader.held):
        kinds = XeroDocument.objects.filter(connection=reader.held.connection_id).values_list("kind", flat=True)
        paths = {PATHS[DocumentKind(kind)] for kind in kinds.order_by().distinct()}
    return [path for path in LISTS if path in paths]


def _compare_page(reader: XeroReader, path: str, page: int, comparison: LedgerComparison) -> bool:
    """True: there may be more behind it."""
    query = {"createdByMyApp": "true"} if path == "Invoices" else {}
    since = comparison.changed_since
    elements, has_more = reader.read_page(path, page, modified_since=since, order=ORDERS[path], **query)
    with held_scope(reader.held) as now:
        compare_page(reader.held.connection_id, path, elements, now=now)
    return has_more


def _finish(reader: XeroReader, comparison: LedgerComparison) -> None:
    if comparison.is_of_week:
        find_missing(reader, comparison)
    with held_scope(reader.held) as now:
        tell_unanswered(reader.held.connection_id, now=now)
        comparison.compared_until = comparison.began_at
        if comparison.is_of_week:
            comparison.week_compared_at = comparison.began_at
        comparison.save(update_fields=["compared_until", "week_compared_at"])
