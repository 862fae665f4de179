"""Whoever is connected hears of what needs attention, morning for morning."""

from datetime import datetime

from freightbridge.background_work.enqueue_work import enqueue_work, has_work
from freightbridge.notices.next_morning import next_morning
from freightbridge.tenancy.models import Tenant
from integrations.connection.connection_work import DAILY_DIGEST


def keep_digest_coming(tenant: Tenant, *, now: datetime) -> None:
    """Asked for once; it puts itself off from day to day. In the tenant's scope."""
    if not has_work(DAILY_DIGEST, tenant.pk):
        enqueue_work(DAILY_DIGEST, [tenant.pk], now=now, at=next_morning(now, tenant.zone))
