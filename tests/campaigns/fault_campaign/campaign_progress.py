"""How far the campaign is, as its database says, and asked for as often as that takes."""

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, InterfaceError, connections
from django.db.models import Count

from freightbridge.background_work.models import WorkItem
from freightbridge.tenancy.scope import tenant_scope
from integrations.job_states import OPEN_STATES
from integrations.models import SendBatch, SyncJob
from invoices.work_names import RENDER_PDF
from tests.campaigns.fault_campaign.campaign_companies import CampaignCompany
from tests.campaigns.fault_campaign.campaign_servers import BackupFailedError

INSIST_SECONDS, TRY_SECONDS = 60.0, 0.5


def states(one: CampaignCompany, **of: Any) -> Counter[str]:
    """How many jobs are in each state; `of`: the same as a filter takes."""
    with tenant_scope(one.tenant):
        rows = SyncJob.objects.filter(**of).order_by().values_list("state").annotate(count=Count("id"))
        return Counter(dict(rows))


def unprepared(one: CampaignCompany) -> bool:
    with tenant_scope(one.tenant):
        return SendBatch.objects.filter(prepared_at=None).exists()


def unfinished(one: CampaignCompany) -> int:
    with tenant_scope(one.tenant):
        waiting = (
            SyncJob.objects.filter(state__in=OPEN_STATES),
            SendBatch.objects.filter(prepared_at=None),
            WorkItem.objects.filter(kind=RENDER_PDF, gave_up_at=None),
        )
        return sum(rows.count() for rows in waiting)


def insist(act: Callable[[], Any]) -> Any:
    """As a person does who is told that it did not work just now: once more, and once more."""
    deadline = time.monotonic() + INSIST_SECONDS
    while True:
        try:
            return act()
        except (DatabaseError, InterfaceError, BackupFailedError):
            connections["default"].close()
            if time.monotonic() > deadline:
                raise
            time.sleep(TRY_SECONDS)
