"""Gives numbers: at approval, from the series of the billing entity, one after the other; Xero never numbers for us."""

from django.db.models import F

from freightbridge.transactions import require_transaction
from invoices.models import NumberSeries
from invoices.models.invoice import InvoiceKind


class NoNumberSeriesError(Exception):
    """The billing entity has no series for this kind of invoice."""


def take_numbers(count: int, *, billing_entity_id: int, kind: InvoiceKind) -> list[str]:
    """
    The next ones of the series. Its row stays locked until the caller's transaction ends, so there are
    neither gaps nor doubles. Raises NoNumberSeriesError, TransactionError.
    """
    require_transaction()
    mine = NumberSeries.objects.filter(billing_entity=billing_entity_id, kind=kind)
    if not mine.update(next_number=F("next_number") + count):
        raise NoNumberSeriesError(f"There is no number series for a {InvoiceKind(kind).label.lower()}.")
    series = mine.get()
    first = series.next_number - count
    return [f"{series.prefix}{str(first + offset).zfill(series.digits)}" for offset in range(count)]
