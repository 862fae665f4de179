"""How many documents came into Xero, were stopped and were paid, day by day."""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate

from integrations.job_states import LogResult
from integrations.models import AccountingLogEntry, XeroDocument

KINDS = ("sent", "failed", "paid")


def daily_counts(days: Sequence[date], *, zone: ZoneInfo) -> dict[str, list[int]]:
    """By KINDS, for each of `days`, which follow one another. Three queries. In the tenant's scope."""
    begin = datetime.combine(days[0], time(), tzinfo=zone)
    documents = XeroDocument.objects.order_by()
    sent = documents.filter(sent_at__gte=begin, xero_id__isnull=False).values_list(TruncDate("sent_at", tzinfo=zone))
    paid = documents.filter(fully_paid_date__gte=days[0]).values_list("fully_paid_date")
    failures = AccountingLogEntry.objects.filter(at__gte=begin, result=LogResult.FAILED, document__isnull=False)
    failed = failures.order_by().values_list(TruncDate("at", tzinfo=zone))
    counts = {
        "sent": dict(sent.annotate(count=Count("id"))),
        "failed": dict(failed.annotate(count=Count("document", distinct=True))),
        "paid": dict(paid.annotate(count=Count("id"))),
    }
    return {kind: [counts[kind].get(day, 0) for day in days] for kind in KINDS}
