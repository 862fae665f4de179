"""
Where nothing of ours is open in Xero, and nothing was sent lately that somebody there may still take back, hardly any
news can come: such an organisation is asked once a day only, so that thousands of connected companies cost what the
active ones among them do. Webhooks are heeded at once all the same.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, QuerySet

from freightbridge.background_work.enqueue_work import bring_forward
from freightbridge.current_times import current_times
from integrations.connection.connection_work import CHECK_PAYMENTS, COMPARE_LEDGERS
from integrations.connection.reconcile_times import ReconcileTimes
from integrations.job_states import OPEN_STATES, DocumentState, MoneyState
from integrations.mapping.source import DocumentKind
from integrations.models import ConnectionSettings, SyncJob, XeroConnection, XeroDocument

QUIET_EVERY = timedelta(days=1)
# Payments are taken back, quotes accepted and documents voided soon, if at all.
LATELY = timedelta(days=7)
UNSETTLED = [MoneyState.NONE, MoneyState.UNPAID, MoneyState.PART_PAID]


def next_reading_at(connection_id: int, *, every: timedelta, now: datetime) -> datetime:
    """`every`: while there may be news. In the tenant's scope."""
    return now + (max(every, QUIET_EVERY) if _is_quiet(connection_id, now=now) else every)


def _is_quiet(connection_id: int, *, now: datetime) -> bool:
    jobs = SyncJob.objects.filter(connection=connection_id, state__in=OPEN_STATES)
    lately = XeroDocument.objects.filter(connection=connection_id, sent_at__gt=now - LATELY)
    may_have_news = Exists(jobs) | Exists(unsettled(connection_id)) | Exists(lately)
    return not XeroConnection.objects.filter(may_have_news, pk=connection_id).exists()


def end_quiet(connection_id: int, *, now: datetime) -> None:
    """Something was sent: what was put off for a day is done as often as else. In the tenant's scope."""
    minutes = ConnectionSettings.objects.get(connection=connection_id).check_payments_minutes
    bring_forward([CHECK_PAYMENTS], connection_id, at=now + timedelta(minutes=minutes), now=now)
    bring_forward([COMPARE_LEDGERS], connection_id, at=now + current_times(ReconcileTimes).every, now=now)


def unsettled(connection_id: int) -> QuerySet[XeroDocument]:
    """Drafts too: a person may delete or approve them there. No quotes, which nobody pays."""
    in_xero = XeroDocument.objects.filter(connection=connection_id, xero_id__isnull=False)
    return (
        in_xero.filter(money_state__in=UNSETTLED).exclude(state=DocumentState.VOIDED).exclude(kind=DocumentKind.QUOTE)
    )
