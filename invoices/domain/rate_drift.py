"""Exchange rates that are far from the one last used: a slip of the keyboard, seen before it is sent (N13)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from invoices.models import Invoice, Shipment
from invoices.models.invoice import InvoiceStatus

# Currencies move by a few per cent in a month; what moves more is looked at by a person.
MOST_PERCENT = Decimal(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateDrift:
    """`count` shipments whose rate is far from `earlier`, that of the invoice `number`."""

    currency: str
    earlier: Decimal
    number: str
    count: int

    @property
    def text(self) -> str:
        many = "1 shipment has" if self.count == 1 else f"{self.count} shipments have"
        return (
            f"{many} a {self.currency} rate more than {MOST_PERCENT} % away from {self.earlier.normalize():f}, "
            f"the one of {self.number}."
        )


def rate_drifts(shipments: QuerySet[Shipment]) -> list[RateDrift]:
    """Of those that are about to be sent; two queries for each foreign currency. In the tenant's scope."""
    rated = shipments.exclude(currency="").filter(exchange_rate__isnull=False)
    currencies = rated.order_by().values_list("currency", flat=True).distinct()
    return [drift for currency in sorted(currencies) for drift in _drifts(rated, currency)]


def _drifts(rated: QuerySet[Shipment], currency: str) -> Iterable[RateDrift]:
    used = Invoice.objects.filter(currency=currency, status=InvoiceStatus.APPROVED).order_by("-issue_date", "-id")
    last = used.values_list("number", "exchange_rate").first()
    if last is None:
        return
    number, earlier = last
    margin = earlier * MOST_PERCENT / 100
    near = {"exchange_rate__gte": earlier - margin, "exchange_rate__lte": earlier + margin}
    count = rated.filter(currency=currency).exclude(**near).count()
    if count:
        yield RateDrift(currency=currency, earlier=earlier, number=number, count=count)
