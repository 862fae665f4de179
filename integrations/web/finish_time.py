"""How long documents still take: by Xero's limits, and by how fast they went so far."""

from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from integrations.job_states import OPEN_STATES, Step
from integrations.lanes.fair_shares import Share
from integrations.lanes.finish_estimate import Backlog
from integrations.lanes.lane_meter import lane_meter
from integrations.models import OrganisationLane, SendBatch, SyncJob
from integrations.models.sync_job import Priority

# A guess from less would jump about.
LEAST_FOR_A_GUESS = 0.1
BEFORE_DRAFT = [Step.CONTACT, Step.CREATE]


def backlog_of(jobs: QuerySet[SyncJob]) -> Backlog:
    """Of those that are open. One query."""
    is_before_pdf = Q(wants_pdf=True, step__in=[*BEFORE_DRAFT, Step.ATTACH])
    counts = jobs.filter(state__in=OPEN_STATES).aggregate(
        to_create=Count("id", filter=Q(step__in=BEFORE_DRAFT)),
        to_attach=Count("id", filter=is_before_pdf),
        to_promote=Count("id", filter=~Q(target_status="DRAFT")),
    )
    return Backlog(**counts)


def time_left(batch: SendBatch, *, way: float, now: datetime) -> str:
    """
    Why the batch waits, or how long it takes; empty where nothing is known. `way`: how much of all the way it has
    come, from 0 to 1. Whatever was sent before it goes before it.
    """
    last = batch.jobs.order_by("id").last()
    if last is None:
        return ""
    lane = OrganisationLane.objects.get(connection=last.connection_id)
    ahead = SyncJob.objects.filter(connection=last.connection_id, id__lte=last.pk)
    share = Share.BULK if last.priority == Priority.BULK else Share.INTERACTIVE
    meter = lane_meter(lane, backlog_of(ahead), share=share, now=now)
    waits_until = meter.paused_until or (meter.bulk_until if share == Share.BULK else None)
    if waits_until is not None:
        return f"waiting {duration_text(waits_until - now)}: {meter.reason}"
    by_limits = meter.backlog_at - now
    by_progress = (now - batch.started_at) / way * (1 - way) if way >= LEAST_FOR_A_GUESS else timedelta()
    longest = max(by_limits, by_progress)
    return f"about {duration_text(longest)} left" if longest else ""


def duration_text(duration: timedelta) -> str:
    seconds = max(1, round(duration.total_seconds()))
    if seconds < 90:  # noqa: PLR2004 a minute and a half
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"  # noqa: PLR2004 two hours
