"""
Where nothing of ours is open in Xero no payment can come: such an organisation is asked once a day only, so that
thousands of connected companies cost what the active ones among them do. Webhooks are heeded at once all the same.
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from freightbridge.background_work.enqueue_work import bring_forward
from integrations.connection.connection_work import CHECK_PAYMENTS, COMPARE_LEDGERS
from integrations.job_states import OPEN_STATES, DocumentState, MoneyState
from integrations.mapping.source import DocumentKind
from integrations.models import ConnectionSettings, SyncJob, XeroDocument

QUIET_EVERY = timedelta(days=1)
UNSETTLED = [MoneyState.NONE, MoneyState.UNPAID, MoneyState.PART_PAID]


def next_reading_at(connection_id: int, *, every: timedelta, now: datetime) -> datetime:
    """`every`: while something is open. In the tenant's scope."""
    has_jobs = SyncJob.objects.filter(connection=connection_id, state__in=OPEN_STATES).exists()
    is_quiet = not has_jobs and not unsettled(connection_id).exists()
    return now + (max(every, QUIET_EVERY) if is_quiet else every)


def end_quiet(connection_id: int, *, now: datetime) -> None:
    """Something was sent: what was put off for a day is done as often as the rules say. In the tenant's scope."""
    minutes = ConnectionSettings.objects.get(connection=connection_id).check_payments_minutes
    bring_forward([CHECK_PAYMENTS, COMPARE_LEDGERS], connection_id, at=now + timedelta(minutes=minutes), now=now)


def unsettled(connection_id: int) -> QuerySet[XeroDocument]:
    """Drafts too: a person may delete or approve them there. No quotes, which nobody pays."""
    in_xero = XeroDocument.objects.filter(connection=connection_id, xero_id__isnull=False)
    return (
        in_xero.filter(money_state__in=UNSETTLED).exclude(state=DocumentState.VOIDED).exclude(kind=DocumentKind.QUOTE)
    )
