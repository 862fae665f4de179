"""The only writer of `Invoice.status`: draft → approved → voided."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from freightbridge.transactions import require_transaction
from freightbridge.update_rows import update_rows
from invoices.domain.numbering import take_numbers
from invoices.models import Invoice, ShipmentCharge
from invoices.models.invoice import InvoiceKind, InvoiceStatus

ALLOWED = {
    InvoiceStatus.APPROVED: {InvoiceStatus.DRAFT},
    InvoiceStatus.VOIDED: {InvoiceStatus.DRAFT, InvoiceStatus.APPROVED},
}


class LifecycleError(Exception):
    """An invoice cannot go from its status to the one asked for."""


def approve(invoices: Sequence[Invoice], *, now: datetime) -> None:
    """
    All of them or none. Those without a number get the next of their series, in this order.

    Raises LifecycleError, NoNumberSeriesError.
    """
    _lock(invoices, to=InvoiceStatus.APPROVED)
    _give_numbers([invoice for invoice in invoices if not invoice.number])
    for invoice in invoices:
        invoice.status, invoice.approved_at = InvoiceStatus.APPROVED, now
    update_rows(invoices, ["status", "number", "approved_at"])


def void(invoice: Invoice, *, now: datetime) -> None:
    """Its charges are free to be billed, or offered, again. Raises LifecycleError."""
    _lock([invoice], to=InvoiceStatus.VOIDED)
    invoice.status, invoice.voided_at = InvoiceStatus.VOIDED, now
    invoice.save(update_fields=["status", "voided_at"])
    ShipmentCharge.objects.filter(invoice=invoice).update(invoice=None)
    ShipmentCharge.objects.filter(quote=invoice).update(quote=None)


def _lock(invoices: Sequence[Invoice], *, to: InvoiceStatus) -> None:
    """Of two people who act at once, the second one is told what the first one did."""
    require_transaction()
    rows = Invoice.objects.select_for_update().filter(pk__in=[invoice.pk for invoice in invoices])
    statuses = dict(rows.values_list("pk", "status"))
    for invoice in invoices:
        status = statuses[invoice.pk]
        if status not in ALLOWED[to]:
            raise LifecycleError(f"{invoice} is {status}, and cannot become {to}.")


def _give_numbers(invoices: Sequence[Invoice]) -> None:
    by_series: dict[tuple[int, str], list[Invoice]] = defaultdict(list)
    for invoice in invoices:
        by_series[invoice.billing_entity_id, invoice.kind].append(invoice)
    for (entity_id, kind), members in by_series.items():
        numbers = take_numbers(len(members), billing_entity_id=entity_id, kind=InvoiceKind(kind))
        for invoice, number in zip(members, numbers, strict=True):
            invoice.number = number
