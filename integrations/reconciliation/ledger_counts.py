"""Everything sent beside everything in Xero, in counts and sums."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from integrations.job_states import BreakKind, DocumentState
from integrations.mapping.source import DocumentKind
from integrations.models import LedgerBreak, XeroDocument

# What stands in Xero beside what we sent.
TOO_MUCH = [BreakKind.STRAY_DRAFT, BreakKind.DUPLICATE, BreakKind.ORPHAN]
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCount:
    """
    Documents of one kind and currency. `found_count`, `found_total`: what Xero was seen to hold of it, second ones and
    orphans included; `unseen_count`: sent, and not compared yet, which counts as found as it was sent.
    """

    kind: DocumentKind
    currency: str
    sent_count: int
    sent_total: Decimal
    found_count: int
    found_total: Decimal
    unseen_count: int

    @property
    def difference(self) -> Decimal:
        return self.found_total - self.sent_total

    @property
    def agrees(self) -> bool:
        return self.found_count == self.sent_count and not self.difference


def ledger_counts(connection_id: int) -> list[LedgerCount]:
    """In the tenant's scope; in the order of the kinds, then of the currencies. Two queries."""
    extra = _too_much(connection_id)
    sent = XeroDocument.objects.filter(connection=connection_id, state=DocumentState.IN_XERO).order_by()
    groups = sent.values("kind", "currency").annotate(
        sent_count=Count("pk"),
        sent_total=Sum("total"),
        seen_total=Sum("total_in_xero"),
        unseen_total=Sum("total", filter=Q(total_in_xero=None)),
        unseen_count=Count("pk", filter=Q(total_in_xero=None)),
        missing_count=Count("pk", filter=_is_missing()),
        missing_total=Sum(Coalesce("total_in_xero", "total"), filter=_is_missing()),
    )
    rows: dict[tuple[str, str], Any] = {(row["kind"], row["currency"]): row for row in groups}
    counts = [_count(key, dict(rows.get(key, {})), extra.get(key, (0, ZERO))) for key in rows.keys() | extra.keys()]
    order = list(DocumentKind)
    return sorted(counts, key=lambda one: (order.index(one.kind), one.currency))


def _is_missing() -> Q:
    return Q(pk__in=LedgerBreak.objects.filter(kind=BreakKind.MISSING, closed_at=None).values("document"))


def _too_much(connection_id: int) -> dict[tuple[str, str], tuple[int, Decimal]]:
    found: dict[tuple[str, str], tuple[int, Decimal]] = defaultdict(lambda: (0, ZERO))
    breaks = LedgerBreak.objects.filter(connection=connection_id, closed_at=None, kind__in=TOO_MUCH).order_by()
    for row in breaks.values("document_kind", "currency").annotate(count=Count("pk"), total=Sum("total")):
        found[row["document_kind"], row["currency"]] = (row["count"], row["total"] or ZERO)
    return found


def _count(key: tuple[str, str], row: dict[str, Any], extra: tuple[int, Decimal]) -> LedgerCount:
    def amount(name: str) -> Decimal:
        return Decimal(row.get(name) or 0)

    def count(name: str) -> int:
        return int(row.get(name) or 0)

    return LedgerCount(
        kind=DocumentKind(key[0]),
        currency=key[1],
        sent_count=count("sent_count"),
        sent_total=amount("sent_total"),
        found_count=count("sent_count") - count("missing_count") + extra[0],
        found_total=amount("seen_total") + amount("unseen_total") - amount("missing_total") + extra[1],
        unseen_count=count("unseen_count"),
    )
