"""A person changes a number series: by hand, or to where Xero has no number yet. Xero is asked anew (F57)."""

from collections.abc import Iterable
from datetime import datetime

from freightbridge.audit.change import Change, details_of
from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from integrations.connection.connection_work import ASSESS_SHIPMENTS
from invoices.models import NumberSeries
from invoices.workflows.check_numbers import ask_for_check
from invoices.workflows.judge_series import checks_by_series, connections_of_entity, judge_series

FIELDS = ["prefix", "next_number", "digits"]


class SeriesRefusedError(Exception):
    """It is not changed; the message says why."""


def lock_series(series: NumberSeries) -> NumberSeries:
    """Nobody takes a number from it until the transaction ends."""
    rows = NumberSeries.objects.select_for_update(of=("self",)).select_related("billing_entity")
    locked: NumberSeries = rows.get(pk=series.pk)
    return locked


def save_series(series: NumberSeries, *, changes: Iterable[Change], by: str, now: datetime) -> None:
    """`series` locked. In the tenant's scope."""
    series.save(update_fields=FIELDS)
    record_event(action="number series changed", subject=series, by=by, now=now, **details_of(changes))
    for connection in connections_of_entity(series.billing_entity):
        ask_for_check(connection, by="", now=now)
        enqueue_work(ASSESS_SHIPMENTS, [connection.pk], now=now)


def begin_behind(series: NumberSeries, wanted: str, *, by: str, now: datetime) -> NumberSeries:
    """`wanted`: the number that the person saw offered. In the tenant's scope. Raises SeriesRefusedError."""
    locked = lock_series(series)
    checks = checks_by_series(connections_of_entity(locked.billing_entity))[locked.pk]
    begin = judge_series(locked, checks).begin
    if begin is None or begin.text(locked.prefix) != wanted:
        raise SeriesRefusedError("It was changed, or Xero was read again, since you opened the page: look again.")
    before = str(locked)
    locked.next_number, locked.digits = begin.number, begin.figures
    save_series(locked, changes=[Change("Next number", before, str(locked))], by=by, now=now)
    return locked
